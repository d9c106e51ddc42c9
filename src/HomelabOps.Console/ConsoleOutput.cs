using System.Management.Automation;
using System.Management.Automation.Internal;

namespace HomelabOps.Console;

/// <summary>
/// The one way to stdout and stderr. It takes the progress lines away before anything else is written and puts them back
/// afterwards, and it removes colour where a stream does not want it.
/// </summary>
internal sealed class ConsoleOutput
{
    private readonly Lock _lock = new();
    private readonly ProgressPane _progress;
    private bool _atLineStart = true;

    public ConsoleOutput()
    {
        // Progress is of use only where somebody watches; between lines in a file it would be rubbish.
        TextWriter? target = !Terminal.UnderstandsEscapes || !Terminal.OutputIsTerminal ? null
            : Terminal.ErrorIsTerminal ? SystemConsole.Error : SystemConsole.Out;
        _progress = new ProgressPane(target);
    }

    /// <summary>
    /// While set, all that is shown belongs to an error. The engine marks the errors in its own pipelines; of one that is
    /// put into a pipeline from outside it cannot be told.
    /// </summary>
    public bool ReportingError { get; set; }

    public void Write(string text)
    {
        if (!ReportingError)
        {
            WriteTo(SystemConsole.Out, Terminal.OutputIsTerminal, Plain(text, Terminal.ColourOnOutput));
        }
        else if (text.AsSpan().TrimEnd("\r\n") is { Length: > 0 } line)
        {
            WriteErrorLine(line.ToString());
        }
    }

    public void WriteLine(string text) => Write(text + Environment.NewLine);

    public void WriteErrorLine(string text)
    {
        string shown = Plain(text, Terminal.ColourOnError && PSStyle.Instance.OutputRendering != OutputRendering.PlainText);
        if (Terminal.ColourOnError && !shown.Contains('\e', StringComparison.Ordinal) && shown == text)
        {
            // The views colour an error only when stdout takes colour, and the engine's own lines are never coloured.
            shown = Colour(shown, PSStyle.Instance.Formatting.Error);
        }

        WriteTo(SystemConsole.Error, Terminal.ErrorIsTerminal, shown + Environment.NewLine);
    }

    /// <summary>A question goes to the screen, also when the output goes into a file.</summary>
    public void WritePrompt(string text)
    {
        if (Terminal.OutputIsTerminal)
        {
            Write(text);
        }
        else
        {
            WriteTo(SystemConsole.Error, Terminal.ErrorIsTerminal, Plain(text, Terminal.ColourOnError));
        }
    }

    /// <summary>Escape sequences of the line editor, which moves the cursor itself.</summary>
    public void WriteRaw(string text)
    {
        lock (_lock)
        {
            SystemConsole.Out.Write(text);
        }
    }

    /// <summary>The user ended a line by Enter, so the cursor is at the start of the next.</summary>
    public void NoteLineEnd() => _atLineStart = true;

    public void ShowProgress(long sourceId, ProgressRecord record)
    {
        lock (_lock)
        {
            _progress.Update(sourceId, record);
            if (_atLineStart)
            {
                _progress.Draw();
            }
        }
    }

    /// <summary>Forgets what the ended pipeline was about; a native program gets a clean screen.</summary>
    public void ClearProgress()
    {
        lock (_lock)
        {
            _progress.Erase();
            _progress.Clear();
        }
    }

    /// <summary>Takes the progress lines off the screen without forgetting them.</summary>
    public void HideProgress()
    {
        lock (_lock)
        {
            _progress.Erase();
        }
    }

    private static string Colour(string text, string style) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : style + line + PSStyle.Instance.Reset));

    private static string Plain(string text, bool colour) =>
        colour || !text.Contains('\e', StringComparison.Ordinal) ? text : new StringDecorated(text).ToString(OutputRendering.PlainText);

    private void WriteTo(TextWriter writer, bool isTerminal, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        lock (_lock)
        {
            _progress.Erase();
            writer.Write(text);
            if (isTerminal)
            {
                _atLineStart = text.EndsWith('\n');
            }

            if (_atLineStart)
            {
                _progress.Draw();
            }
        }
    }
}
