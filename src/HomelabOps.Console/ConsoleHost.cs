using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace HomelabOps.Console;

/// <summary>The engine's view of this program.</summary>
internal sealed class ConsoleHost(ConsoleUserInterface userInterface, ConsoleOutput output) : PSHost
{
    public override string Name => "HomelabOps.Console";

    public override Version Version => ConsoleVersion.Console;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => userInterface;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <summary>The N of "exit N", until whoever runs pipelines has taken it.</summary>
    public int? RequestedExit { get; set; }

    /// <summary>Runs a prompt within a running pipeline; set where there is somebody to ask.</summary>
    public Action? NestedPrompt { get; set; }

    public bool NestedPromptEnded { get; set; }

    public override void SetShouldExit(int exitCode) => RequestedExit = exitCode;

    public override void EnterNestedPrompt()
    {
        if (NestedPrompt is null)
        {
            throw new PSNotSupportedException("A pipeline can be suspended only at the interactive prompt.");
        }

        NestedPrompt();
    }

    public override void ExitNestedPrompt() => NestedPromptEnded = true;

    public override void NotifyBeginApplication()
    {
        // The native program writes to the terminal without us.
        output.HideProgress();
        SystemConsole.Out.Flush();
    }

    public override void NotifyEndApplication()
    {
    }
}
