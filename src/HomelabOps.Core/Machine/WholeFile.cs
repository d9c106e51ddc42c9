using System.Text;

namespace HomelabOps.Core.Machine;

/// <summary>Files that are written whole or not at all: whoever reads one sees the old content or the new.</summary>
internal static class WholeFile
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text, by way of a draft beside it whose name no reader of the folder takes for the file.</summary>
    /// <param name="path">The file. A link stays, and what it leads to is replaced.</param>
    /// <param name="text">What is written.</param>
    /// <param name="readers">Who may read it. Until it is whole only the owner may.</param>
    /// <param name="replace">What is there may be replaced.</param>
    /// <param name="encoding">How it is written, with its mark if it has one; null for UTF-8 without a mark.</param>
    /// <exception cref="IOException">It cannot be written, or is there and may not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, string text, FileReaders readers, bool replace = true, Encoding? encoding = null)
    {
        var target = replace && File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } linked ? linked.FullName : path;
        var draft = Draft(Directory.CreateDirectory(Path.GetDirectoryName(target)!).FullName);
        var used = encoding ?? Utf8;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Own;
        }

        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write([.. used.GetPreamble(), .. used.GetBytes(text)]);
                stream.Flush(flushToDisk: true);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, readers switch
                    {
                        FileReaders.Everyone => Readable,
                        FileReaders.AsBefore when File.Exists(target) => File.GetUnixFileMode(target),
                        _ => Own,
                    });
                }
            }

            File.Move(draft, target, replace);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Finds out whether <see cref="Write"/> would be let, without leaving anything.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Try(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("It is a folder.");
        }

        // The nearest folder that is there decides; those below it are made when there is something to write.
        var folder = Path.GetDirectoryName(path)!;
        while (!Directory.Exists(folder))
        {
            if (File.Exists(folder))
            {
                throw new IOException($"{folder} is a file.");
            }

            folder = Path.GetDirectoryName(folder) ?? throw new IOException("There is no such folder.");
        }

        using var probe = new FileStream(Draft(folder), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    private static string Draft(string folder) => Path.Combine(folder, $".homelabops.{Guid.NewGuid():N}");
}
