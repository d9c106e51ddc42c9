namespace HomelabOps.Core.Storage;

/// <summary>What measures and lists folders from within a node, for any shell of the Bourne family.</summary>
internal static class StorageScripts
{
    /// <summary>The line that a report ends with.</summary>
    public const string End = "@end";

    /// <summary>The folder is not there.</summary>
    public const int NoFolder = 44;

    // Sizes are added up by the shell, as nothing else can be counted on; that is some seconds for a million files.
    private const string Measuring = """
        cd "/host$1" || { echo "@absent"; echo "@end"; exit 0; }
        echo "@disk $(stat -f -c '%b %a %S' .)"
        for folder in *; do
          if [ -d "$folder" ]; then
            find "$folder" -type f -exec stat -c '%Y %s' {} + 2>/dev/null | {
              count=0; bytes=0; newest=0
              while read -r time size; do
                count=$((count + 1)); bytes=$((bytes + size))
                if [ "$time" -gt $newest ]; then newest=$time; fi
              done
              echo "@folder $count $bytes $newest $folder"
            }
          fi
        done
        echo "@end"
        """;

    // Path, size, time and checksum with tabs between them, in the order of the bytes of the paths. What Syncthing keeps for itself is
    // left out. Only names with a line feed need a program of their own to be told on one line, when there is no checksum to be made.
    private const string Listing = """
        hash=$1; each=$2; cd "/host$3" || exit 44
        shift 3
        lf='
        '
        for folder in "$@"; do
          if [ ! -e "$folder" ]; then continue; fi
          if [ $hash = 0 ]; then
            find "$folder" -type f ! -path '*/.stversions/*' ! -path '*/.stfolder/*' ! -name '.syncthing.*.tmp' ! -path "*$lf*" -exec stat -c '%n	%s	%Y' {} +
            find "$folder" -type f ! -path '*/.stversions/*' ! -path '*/.stfolder/*' ! -name '.syncthing.*.tmp' -path "*$lf*" -exec sh -c "$each" 0 {} +
          else
            find "$folder" -type f ! -path '*/.stversions/*' ! -path '*/.stfolder/*' ! -name '.syncthing.*.tmp' -exec sh -c "$each" 1 {} +
          fi
        done | LC_ALL=C sort
        """;

    // A name with a line feed is escaped as sha256sum does it, with a backslash in front of the line.
    private const string ListingEach = """
        lf='
        '
        for file in "$@"; do
          sum=
          if [ "$0" = 1 ]; then sum=$(sha256sum < "$file"); sum="	${sum%% *}"; fi
          name=$file
          case "$file" in
            *"$lf"*) name=$(printf '%s/' "$file" | sed -e ':a' -e '$!{N' -e 'ba' -e '}' -e 's/\\/\\\\/g' -e 's/\n/\\n/g'); name="\\${name%/}" ;;
          esac
          printf '%s\t%s%s\n' "$name" "$(stat -c '%s	%Y' "$file")" "$sum"
        done
        """;

    /// <summary>Measures each folder of a folder.</summary>
    public static IReadOnlyList<string> Measure(string folder) => ["sh", "-c", Text(Measuring), "probe", folder];

    /// <summary>Lists the files of folders, at any depth, sorted by the bytes of <c>path + tab</c>.</summary>
    /// <param name="root">The folder that they are in.</param>
    /// <param name="folders">Their names; <c>.</c> for all.</param>
    /// <param name="hash">With checksums of the content, which reads all of it.</param>
    public static IReadOnlyList<string> List(string root, IReadOnlyList<string> folders, bool hash) => ["sh", "-c", Text(Listing), "probe", hash ? "1" : "0", Text(ListingEach), root, .. folders];

    private static string Text(string script) => script.Replace("\r", "", StringComparison.Ordinal);
}
