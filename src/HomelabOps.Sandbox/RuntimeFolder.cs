namespace HomelabOps.Sandbox;

/// <summary>Deletes folders of Git, whose object files are read-only.</summary>
internal static class RuntimeFolder
{
    /// <summary>Deletes a folder with all in it; what cannot be deleted now is left for the next start.</summary>
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
