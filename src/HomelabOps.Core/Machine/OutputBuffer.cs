namespace HomelabOps.Core.Machine;

/// <summary>Keeps the first or the last part of a program's output and reads the rest away, so that the writer never blocks.</summary>
/// <param name="capacity">Bytes that are kept.</param>
/// <param name="keepLast">The last ones; else the first, and more than that ends the program.</param>
internal sealed class OutputBuffer(int capacity, bool keepLast)
{
    private readonly Lock _lock = new();
    private readonly List<byte> _bytes = [];

    /// <summary>There was more than is kept of the first.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What came so far.</summary>
    public byte[] ToArray()
    {
        lock (_lock)
        {
            return [.. _bytes];
        }
    }

    /// <summary>Reads until the end, or until there is too much; then the limit is cancelled.</summary>
    public async Task FillAsync(Stream stream, CancellationTokenSource limit)
    {
        byte[] chunk = new byte[8192];
        try
        {
            while (await stream.ReadAsync(chunk) is > 0 and var read)
            {
                lock (_lock)
                {
                    _bytes.AddRange(chunk.AsSpan(0, read));
                    if (_bytes.Count <= capacity)
                    {
                        continue;
                    }

                    if (keepLast)
                    {
                        _bytes.RemoveRange(0, _bytes.Count - capacity);
                        continue;
                    }

                    IsFull = true;
                }

                await limit.CancelAsync();
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone; what came is kept.
        }
    }
}
