using System.Management.Automation;
using System.Text;

namespace HomelabOps.Console;

/// <summary>
/// The progress lines below the last line of output: one for each running activity, as pwsh's minimal view draws them.
/// </summary>
internal sealed class ProgressPane(TextWriter? target)
{
    // Records arrive by the thousand, eyes follow ten a second.
    private const int MinimumMilliseconds = 100;
    private const int MaximumRows = 5;
    private const int ActivityShare = 3;

    private readonly List<(long Source, ProgressRecord Record)> _running = [];
    private long _lastDrawn;
    private int _rowsOnScreen;
    private bool _changed;

    public void Update(long sourceId, ProgressRecord record)
    {
        if (target is null)
        {
            return;
        }

        int index = _running.FindIndex(entry => entry.Source == sourceId && entry.Record.ActivityId == record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (index >= 0)
            {
                _running.RemoveAt(index);
                Erase();
            }
        }
        else if (index >= 0)
        {
            _running[index] = (sourceId, record);
        }
        else
        {
            _running.Add((sourceId, record));

            // The first sight of an activity is shown at once: waiting without a sign is what progress is there against.
            _lastDrawn = 0;
        }

        _changed = true;
    }

    public void Draw()
    {
        bool nothingNew = _rowsOnScreen > 0 && (!_changed || Environment.TickCount64 - _lastDrawn < MinimumMilliseconds);
        if (target is null || _running.Count == 0 || nothingNew)
        {
            return;
        }

        StringBuilder text = new(EraseSequence());
        int width = Terminal.Width - 1;
        foreach ((_, ProgressRecord record) in _running.TakeLast(MaximumRows))
        {
            text.Append(Row(record, width)).Append('\n');
        }

        target.Write(text);
        _rowsOnScreen = Math.Min(_running.Count, MaximumRows);
        _lastDrawn = Environment.TickCount64;
        _changed = false;
    }

    public void Erase()
    {
        if (_rowsOnScreen > 0)
        {
            target?.Write(EraseSequence());
            _rowsOnScreen = 0;
        }
    }

    public void Clear() => _running.Clear();

    internal static string Row(ProgressRecord record, int width)
    {
        string activity = Cells.Fit(record.Activity, Math.Max(1, width / ActivityShare));
        int inner = width - Cells.Width(activity) - 3;
        if (inner < 4)
        {
            return Cells.Fit(record.Activity, width);
        }

        string status = record.StatusDescription;
        if (record.SecondsRemaining >= 0)
        {
            status += $" {TimeSpan.FromSeconds(record.SecondsRemaining):c}";
        }

        string content = Cells.Fit(status, inner);
        content += new string(' ', inner - Cells.Width(content));
        if (Terminal.ColourUnwanted)
        {
            string percent = record.PercentComplete >= 0 ? $"{record.PercentComplete,3}%" : string.Empty;
            return $"{activity} [{Cells.Fit(content, inner - percent.Length)}{percent}]";
        }

        int done = record.PercentComplete < 0 ? 0 : Math.Min(content.Length, content.Length * record.PercentComplete / 100);
        return $"{PSStyle.Instance.Progress.Style}{activity} [{PSStyle.Instance.Reverse}{content[..done]}{PSStyle.Instance.ReverseOff}{content[done..]}]{PSStyle.Instance.Reset}";
    }

    private string EraseSequence() => _rowsOnScreen == 0 ? string.Empty : $"\e[{_rowsOnScreen}A\r\e[J";
}
