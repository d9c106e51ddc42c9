namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>
/// What a program writes as it works, beside what is known of it beforehand. Lines have numbers that stay; the oldest are forgotten,
/// as a kubelet does with the files of a log. Safe for use by several threads.
/// </summary>
internal sealed class LogJournal
{
    private const int Most = 5000;
    private readonly Lock _lock = new();
    private readonly List<(DateTimeOffset Time, string Text)> _lines = [];
    private long _first;
    private bool _isTaken;

    /// <summary>The number of the oldest line that is left.</summary>
    public long First
    {
        get
        {
            lock (_lock)
            {
                return _first;
            }
        }
    }

    /// <summary>The number that the next line gets.</summary>
    public long End
    {
        get
        {
            lock (_lock)
            {
                return _first + _lines.Count;
            }
        }
    }

    /// <summary>
    /// Where the log of a container begins that starts now, and with which time. The first one has all lines: in the embedded homelab its
    /// program works before its pod is there.
    /// </summary>
    public (long Number, DateTimeOffset Time) Take(DateTimeOffset now)
    {
        lock (_lock)
        {
            var isFirst = !_isTaken;
            _isTaken = true;
            return isFirst && _lines.Count > 0 && _lines[0].Time < now ? (_first, _lines[0].Time) : (isFirst ? _first : EndAt(now), now);
        }
    }

    /// <summary>Adds a line; its time is not before that of the line above it.</summary>
    public void Add(DateTimeOffset time, string text)
    {
        lock (_lock)
        {
            if (_lines.Count == Most)
            {
                _lines.RemoveRange(0, Most / 5);
                _first += Most / 5;
            }

            _lines.Add((_lines.Count > 0 && _lines[^1].Time > time ? _lines[^1].Time : time, text));
        }
    }

    /// <summary>A line; the oldest one for one that is forgotten.</summary>
    public (DateTimeOffset Time, string Text) Line(long number)
    {
        lock (_lock)
        {
            return _lines[(int)Math.Clamp(number - _first, 0, _lines.Count - 1)];
        }
    }

    /// <summary>The number behind the last line of a time.</summary>
    public long EndAt(DateTimeOffset time)
    {
        lock (_lock)
        {
            var (low, high) = (0, _lines.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _lines[middle].Time <= time ? (middle + 1, high) : (low, middle);
            }

            return _first + low;
        }
    }
}
