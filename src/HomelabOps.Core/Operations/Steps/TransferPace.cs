namespace HomelabOps.Core.Operations.Steps;

/// <summary>How fast something arrives, and how long the rest will take at that pace.</summary>
/// <param name="time">What the time is told by.</param>
internal sealed class TransferPace(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private (TimeSpan Time, long Left)? _most;
    private (TimeSpan Time, long Left) _now;

    /// <summary>What is still to come; null while nothing has arrived yet.</summary>
    public TimeSpan? Left => _most is { } most && most.Left > _now.Left && _now.Time > most.Time
        ? (_now.Time - most.Time) * ((double)_now.Left / (most.Left - _now.Left))
        : null;

    /// <summary>Takes note of how many bytes are left now.</summary>
    public void Add(long left)
    {
        _now = (time.GetElapsedTime(_start), left);

        // More than before: the other side has told of more.
        if (_most is null || left > _most.Value.Left)
        {
            _most = _now;
        }
    }
}
