using System.Management.Automation;

namespace HomelabOps.Cmdlets.Connection;

/// <summary>Shows the topology that applies.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabConfig", HelpUri = HelpPages.Root + "Get-HomelabConfig.md")]
[OutputType(typeof(HomelabConfig))]
[RequiresAccess("", "", "")]
public sealed class GetHomelabConfigCommand : HomelabCmdlet
{
    /// <summary>The file, or the folder that homelab.yaml lies in.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    // The file that the session was connected with; a file that was made since then counts as well.
    private protected override void End() => WriteObject(LoadConfig(Path));
}
