using System.Globalization;

namespace HomelabOps.Core.Databases;

/// <summary>What finds databases from within a node, for any shell of the Bourne family.</summary>
internal static class DatabaseScripts
{
    /// <summary>What a rollback journal and a write-ahead log are called after the name of their database.</summary>
    private static readonly string[] Endings = ["-wal", "-journal"];

    // The name says which files are worth opening, and their beginning what they are. What Syncthing keeps for itself is left out.
    private const string Finding = """
        lf='
        '
        for folder in "$@"; do
          if [ -d "/host$folder" ]; then
            for ending in db db3 sqlite sqlite3; do
              find "/host$folder" -type f -name "*.$ending" ! -path '*/.stversions/*' ! -name '.syncthing.*.tmp' ! -path "*$lf*"
            done
          fi
        done | while IFS= read -r file; do
          if [ "$(head -c 15 < "$file")" = 'SQLite format 3' ]; then
            wal=-1; journal=-1
            if [ -e "$file-wal" ]; then wal=$(stat -c %s "$file-wal"); fi
            if [ -e "$file-journal" ]; then journal=$(stat -c %s "$file-journal"); fi
            echo "$(stat -c %s "$file") $wal $journal ${file#/host}"
          fi
        done
        """;

    /// <summary>Finds the databases below folders of the node.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> folders) => ["sh", "-c", Finding.Replace("\r", "", StringComparison.Ordinal), "probe", .. folders];

    /// <summary>Writes a file of the node out.</summary>
    public static IReadOnlyList<string> Read(string path) => ["cat", $"/host{path}"];

    /// <summary>The databases that <see cref="Find"/> has told of.</summary>
    public static IReadOnlyList<DatabaseFile> Parse(string output) =>
    [
        .. from line in output.Split('\n')
           let words = line.Split(' ', 4)
           where words.Length == 4
           let sizes = words.Take(3).Select(word => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size) ? size : -1).ToArray()
           where sizes[0] >= 0
           select new DatabaseFile(words[3], sizes.Where(size => size > 0).Sum(), [.. Endings.Where((_, index) => sizes[index + 1] >= 0)]),
    ];
}
