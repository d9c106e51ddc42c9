using System.Management.Automation;
using System.Management.Automation.Host;

namespace HomelabOps.Console;

/// <summary>Everything that the engine shows. The questions that it asks are in the other half of this class.</summary>
internal sealed partial class ConsoleUserInterface(ConsoleOutput output, ConsoleInput input, bool nonInteractive)
    : PSHostUserInterface, IHostUISupportsMultipleChoiceSelection
{
    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawUserInterface();

    /// <summary>The views ask here whether to emit colour.</summary>
    public override bool SupportsVirtualTerminal => Terminal.ColourOnOutput;

    public override void Write(string value) => output.Write(GetOutputString(value, SupportsVirtualTerminal));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Coloured(foregroundColor, backgroundColor, value));

    public override void WriteLine() => Write(Environment.NewLine);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteLine(Coloured(foregroundColor, backgroundColor, value));

    public override void WriteErrorLine(string value)
    {
        // The engine ends a view with an empty line, which among errors only separates them from their causes.
        if (!string.IsNullOrEmpty(value))
        {
            output.WriteErrorLine(value);
        }
    }

    public override void WriteDebugLine(string message) => WriteStyled(PSStyle.Instance.Formatting.Debug, $"DEBUG: {message}");

    public override void WriteVerboseLine(string message) => WriteStyled(PSStyle.Instance.Formatting.Verbose, $"VERBOSE: {message}");

    public override void WriteWarningLine(string message) => WriteStyled(PSStyle.Instance.Formatting.Warning, $"WARNING: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record) => output.ShowProgress(sourceId, record);

    private string Coloured(ConsoleColor foreground, ConsoleColor background, string text)
    {
        // A caller that wants one of the two fills in ours for the other, which must not paint over the terminal's own;
        // -1 is how .NET on Unix says that it does not know them.
        string start = (Enum.IsDefined(foreground) && foreground != RawUI.ForegroundColor ? PSStyle.MapForegroundColorToEscapeSequence(foreground) : string.Empty)
            + (Enum.IsDefined(background) && background != RawUI.BackgroundColor ? PSStyle.MapBackgroundColorToEscapeSequence(background) : string.Empty);
        return Terminal.ColourOnOutput && start.Length > 0 ? start + text + PSStyle.Instance.Reset : text;
    }

    private void WriteStyled(string style, string text) =>
        WriteLine(SupportsVirtualTerminal ? style + text + PSStyle.Instance.Reset : text);
}
