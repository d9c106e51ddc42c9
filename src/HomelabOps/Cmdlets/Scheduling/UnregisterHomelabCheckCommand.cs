using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Scheduling;

namespace HomelabOps.Cmdlets.Scheduling;

/// <summary>Takes checks off their schedule.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "HomelabCheck", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Unregister-HomelabCheck.md")]
[OutputType(typeof(HomelabScheduledCheck))]
[RequiresAccess("", "", "")]
public sealed class UnregisterHomelabCheckCommand : HomelabCmdlet
{
    /// <summary>Names of checks, with wildcards.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CheckCompleter))]
    [SupportsWildcards]
    [PSDefaultValue(Help = "homelab")]
    public string[] Name { get; set; } = ["homelab"];

    private protected override void End()
    {
        var store = CheckStore.ForUser();
        var registry = new CheckRegistry(store, CheckStore.Folder);
        foreach (var name in Name.SelectMany(pattern => ResourcePattern.HasWildcard(pattern) ? store.Names().Where(known => ResourcePattern.Matches(pattern, known)) : [pattern]).Distinct().ToList())
        {
            try
            {
                var known = Await(stop => registry.FindAsync(name, stop));
                if (ShouldProcess(Messages.CheckUnregister(known.Check), Messages.CheckUnregisterQuestion(known.Check), Messages.Confirm))
                {
                    WriteObject(Await(stop => registry.UnregisterAsync(known, stop)));
                }
            }
            catch (HomelabException error)
            {
                WriteFailure(error);
            }
        }
    }
}
