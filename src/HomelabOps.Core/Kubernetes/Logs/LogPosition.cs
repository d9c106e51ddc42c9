using System.Globalization;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>
/// How far a container's log has been read, so that reading can go on there without losing or doubling a line. The API
/// knows only times, and those in whole seconds: a log is taken up at the second of the last line, and everything up to
/// that line is passed over.
/// </summary>
internal sealed class LogPosition
{
    private LogEntry? _last;
    private int _lastTimes;
    private DateTimeOffset _newest;

    /// <summary>Some line with a time has been read.</summary>
    public bool IsKnown => _last is not null;

    /// <summary><c>sinceTime</c> to go on from.</summary>
    public string SinceTime => _last!.Value.Time!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A filter for the lines of the log that is read again from here.</summary>
    public Resumption Resume() => new(this);

    /// <summary>Notes a line that has been given.</summary>
    public void Advance(LogEntry entry)
    {
        if (entry.Time is not { } time)
        {
            return;
        }

        _lastTimes = entry == _last ? _lastTimes + 1 : 1;
        _last = entry;

        // Output and error output are written by two threads of the runtime, so times may go back a little.
        _newest = time > _newest ? time : _newest;
    }

    /// <summary>Passes over what has been read before.</summary>
    internal sealed class Resumption
    {
        private readonly LogEntry? _last;
        private readonly DateTimeOffset _newest;
        private int _toSkip;

        internal Resumption(LogPosition position) =>
            (_last, _newest, _toSkip) = (position._last, position._newest, position._lastTimes);

        /// <summary>Whether the line is a new one.</summary>
        public bool IsNew(LogEntry entry)
        {
            if (_last is not { } last || _toSkip == 0)
            {
                return true;
            }

            if (entry == last)
            {
                _toSkip--;
                return false;
            }

            if (entry.Time > _newest)
            {
                // The known line is no longer there: the log was rotated, or the container started anew.
                _toSkip = 0;
                return true;
            }

            return false;
        }
    }
}
