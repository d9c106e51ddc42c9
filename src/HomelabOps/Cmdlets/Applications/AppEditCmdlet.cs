using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Cmdlets.GitOps;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Base of the cmdlets that change a value of an application in the repository.</summary>
public abstract class AppEditCmdlet : GitOpsChangeCmdlet
{
    private protected const string ByApp = "App";
    private protected const string ByRecord = "InputObject";

    /// <summary>Name of the application; with wildcards all that match.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ByApp)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ManifestAppCompleter))]
    [SupportsWildcards]
    public ResourcePattern App { get; set; } = null!;

    /// <summary>A pod, a workload, a Helm release, a value of Get-HomelabManifest, or the name of an application.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRecord)]
    public object? InputObject { get; set; }

    /// <summary>The Flux Kustomization that applies it, where several have one of this name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Kustomization { get; set; }

    /// <summary>Also where others change with it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The edit.</summary>
    private protected abstract AppEdit Edit(AppTarget target);

    private protected sealed override void Process()
    {
        var app = ParameterSetName == ByApp ? App : PipedApp.Read(InputObject);
        if (app is null)
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "applications"));
        }
        else if (app.IsWildcard)
        {
            Matching(app).ToList().ForEach(ChangeOne);
        }
        else
        {
            Change(app);
        }
    }

    /// <summary>The applications that a wildcard means, each named in full.</summary>
    private protected virtual IReadOnlyList<ResourcePattern> Matching(ResourcePattern wildcard)
    {
        var target = new AppTarget { App = wildcard, Kustomization = Kustomization };
        var (found, notices) = Await(stop => target.ListAsync(Committer(), stop));
        notices.ToList().ForEach(notice => Notices.Write(this, notice));
        return found;
    }

    /// <summary>Changes one application.</summary>
    private protected virtual void Change(ResourcePattern app)
    {
        // Of a piped value the Kustomization is known.
        var kustomization = Kustomization ?? (Piped.Unwrap(InputObject) is HomelabManifest { Kustomization: { } own } ? $"{own.Namespace}/{own.Name}" : null);
        var edit = Edit(new() { App = app, Kustomization = kustomization, Force = Force, Patterns = ChartValues.Of(FindRepository().Folder, WorkingFolder) });
        if (Change(Committer(), edit, app.Name) is { } done)
        {
            WriteObject(done);
        }
    }

    // What fails for one of several does not keep it from the others; what is wrong with the repository does.
    private void ChangeOne(ResourcePattern app)
    {
        try
        {
            Change(app);
        }
        catch (HomelabException error) when (!error.Terminates || Equals(error.Target, app.Name))
        {
            WriteFailure(error);
        }
    }
}
