namespace HomelabOps.Sandbox;

/// <summary>A folder that only its owner can read, and that lives as long as this process at most; as with <see cref="RuntimeFile"/>, what dead processes left is swept.</summary>
internal sealed class RuntimeFolder : IDisposable
{
    /// <param name="parent">Where; null for the user's own.</param>
    public RuntimeFolder(string? parent = null)
    {
        Path = RuntimeFile.NewPath(parent, "");
        RuntimeFile.CreatePrivate(Path);
    }

    public string Path { get; }

    public void Dispose() => Delete(Path);

    /// <summary>Deletes a folder with all in it, also where Git has made files read-only; what cannot be deleted now is left for the next start.</summary>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            {
                if (OperatingSystem.IsWindows())
                {
                    File.SetAttributes(file, FileAttributes.Normal);
                }
            }

            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody has a file open.
        }
    }
}
