namespace HomelabOps.Core.Machine;

/// <summary>Keeps other processes of the user away, and other threads of this one. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is free and takes it; null where it stays taken.</summary>
    /// <param name="path">The file, in a folder that is made if need be. It stays.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static async Task<FileLock?> TakeAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var end = DateTime.UtcNow + patience; ;)
        {
            try
            {
                return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (DateTime.UtcNow > end)
                {
                    return null;
                }
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
