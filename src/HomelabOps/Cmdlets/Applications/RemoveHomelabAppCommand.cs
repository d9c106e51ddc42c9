using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Cmdlets.GitOps;
using HomelabOps.Completion;
using HomelabOps.Core.Applications.Scaffolding;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Takes an application out of the repository.</summary>
[Cmdlet(VerbsCommon.Remove, "HomelabApp", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Remove-HomelabApp.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("get,create,patch", "*", "*")]
public sealed class RemoveHomelabAppCommand : GitOpsChangeCmdlet
{
    private const string ByName = "Name";
    private const string ByRecord = "InputObject";

    /// <summary>Its name, or namespace/name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [Alias("App")]
    [ArgumentCompleter(typeof(ManifestAppCompleter))]
    public ResourcePattern? Name { get; set; }

    /// <summary>An application, a workload or a pod of it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRecord)]
    public object? InputObject { get; set; }

    /// <summary>Its claims and volumes go too.</summary>
    [Parameter]
    public SwitchParameter IncludeVolume { get; set; }

    /// <summary>The folder of the applications.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppsFolder { get; set; }

    // Each is a commit of its own, so that each can be taken back.
    private protected override void Process()
    {
        if ((ParameterSetName == ByName ? Name : PipedApp.Read(InputObject)) is not { } app)
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "applications"));
            return;
        }

        if (Change(Committer(), new RemoveAppEdit(app, AppConventions.Of(Config(), AppsFolder), IncludeVolume), app.Name) is { } done)
        {
            WriteObject(done);
        }
    }
}
