using System.Globalization;

namespace HomelabOps.Core.Backups;

/// <summary>What is done on a node when data is put back, for any shell of the Bourne family. Paths are those of the node.</summary>
internal static class RestoreScripts
{
    /// <summary>The folder is not there.</summary>
    public const int NoFolder = 44;

    /// <summary>What is written when there was a folder that was moved aside.</summary>
    public const string Moved = "moved";

    // What a restore that was killed has left is removed by one of the next day: a younger one may be under way.
    private const string Staging = """
        cd "/host$1" || exit 44
        find . -maxdepth 1 -type d -name "$3*" -mtime +0 -exec rm -rf {} +
        mkdir "$2" && chmod 700 "$2" && stat -f -c '%a %S' .
        """;

    // Where the server knows nothing of ends, tar would wait for more for ever.
    private const string Extracting = """
        head -c "$1" | tar -xpzf - --numeric-owner -C "/host$2" "$3"
        """;

    private const string Copying = """
        tar -cf - -C "/host$1" "$2" | tar -xpf - --numeric-owner -C "/host$3"
        """;

    // Replaced in a moment, and if it cannot be, all is as it was. Without its marker Syncthing would take the folder for one that is lost.
    private const string Swapping = """
        cd "/host$1" || exit 44
        if [ -e "$4" ]; then echo "$4 is there already" >&2; exit 1; fi
        if [ -e "$2" ]; then
          if [ -e "$2/.stfolder" ] && [ ! -e "/host$3/.stfolder" ]; then cp -a "$2/.stfolder" "/host$3/.stfolder" || exit 1; fi
          mv "$2" "$4" && echo moved || exit 1
        fi
        mv "/host$3" "$2" && exit 0
        if [ -e "$4" ]; then mv "$4" "$2"; fi
        exit 1
        """;

    // Whatever has been done of it: as long as the other folder is where it was, nothing is in its place. It can be repeated.
    private const string SwappingBack = """
        cd "/host$1" || exit 44
        if [ ! -e "/host$3" ] && [ -e "$2" ]; then
          mkdir -p "/host${3%/*}" && mv "$2" "/host$3" || exit 1
        fi
        if [ -e "$4" ] && [ ! -e "$2" ]; then mv "$4" "$2"; fi
        """;

    // As the folder is that it will replace.
    private const string Emptying = """
        cd "/host$1" || exit 44
        mkdir "$2" || exit 1
        if [ -e "$3" ]; then chmod "$(stat -c %a "$3")" "$2" && chown "$(stat -c %u:%g "$3")" "$2"; fi
        """;

    private const string Removing = """
        cd "/host$1" && rm -rf "$2"
        """;

    /// <summary>Makes the folder that data is put into at first, and gives the free blocks of its disk and their size.</summary>
    /// <param name="parent">The folder that it is made in.</param>
    /// <param name="stage">Its name.</param>
    /// <param name="prefix">How such names of the application begin.</param>
    public static IReadOnlyList<string> Stage(string parent, string stage, string prefix) => Shell(Staging, parent, stage, prefix);

    /// <summary>Unpacks a part of the archive that is sent to it.</summary>
    /// <param name="length">Bytes of the archive.</param>
    /// <param name="stage">The folder that it goes to.</param>
    /// <param name="member">The part.</param>
    public static IReadOnlyList<string> Extract(long length, string stage, string member) => Shell(Extracting, length.ToString(CultureInfo.InvariantCulture), stage, member);

    /// <summary>Copies a folder with all that tar knows of files.</summary>
    /// <param name="parent">The folder that it is in.</param>
    /// <param name="member">The folder.</param>
    /// <param name="stage">The folder that gets the copy.</param>
    public static IReadOnlyList<string> Copy(string parent, string member, string stage) => Shell(Copying, parent, member, stage);

    /// <summary>Moves a folder aside, and another into its place.</summary>
    /// <param name="place">The folder.</param>
    /// <param name="source">Path of the other.</param>
    /// <param name="aside">The name that the folder gets.</param>
    public static IReadOnlyList<string> Swap(BackupPlace place, string source, string aside) => Shell(Swapping, place.Parent, place.Folder, source, aside);

    /// <summary>Takes that back, as far as it was done.</summary>
    /// <param name="place">The folder.</param>
    /// <param name="source">Path that the other had, and gets once more.</param>
    /// <param name="aside">The name that the old data has.</param>
    public static IReadOnlyList<string> SwapBack(BackupPlace place, string source, string aside) => Shell(SwappingBack, place.Parent, place.Folder, source, aside);

    /// <summary>Makes an empty folder with the owner and the mode of another.</summary>
    /// <param name="parent">The folder that both are in.</param>
    /// <param name="path">The new one, relative to that.</param>
    /// <param name="like">Name of the other.</param>
    public static IReadOnlyList<string> Empty(string parent, string path, string like) => Shell(Emptying, parent, path, like);

    /// <summary>Removes a folder.</summary>
    public static IReadOnlyList<string> Remove(string parent, string name) => Shell(Removing, parent, name);

    private static IReadOnlyList<string> Shell(string script, params ReadOnlySpan<string> arguments) => ["sh", "-c", script.Replace("\r", "", StringComparison.Ordinal), "probe", .. arguments];
}
