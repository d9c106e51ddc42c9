using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Gives an application another number of pods, where the repository defines it.</summary>
[Cmdlet(VerbsCommon.Set, "HomelabAppReplica", DefaultParameterSetName = ByApp, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Set-HomelabAppReplica.md")]
[OutputType(typeof(GitOpsChange), typeof(HomelabApp))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get,create,patch", "*", "*")]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
public sealed class SetHomelabAppReplicaCommand : AppEditCmdlet
{
    /// <summary>How many pods.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    public int Replicas { get; set; }

    /// <summary>The controller of a Helm release, where it has several.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Controller { get; set; }

    /// <summary>In the cluster only, for as long as Flux lets it be.</summary>
    [Parameter]
    public SwitchParameter Temporary { get; set; }

    private protected override void Change(ResourcePattern app)
    {
        if (!Temporary)
        {
            base.Change(app);
            return;
        }

        var (client, options, found) = Find(app);
        foreach (var target in found)
        {
            AppScaler.Check(target, Replicas);
            var limit = Await(stop => AppScaler.LimitAsync(client, target, stop));
            if (ShouldProcess(Messages.AppScale(target, Replicas, limit), Messages.AppScaleQuestion(target, Replicas), Messages.Confirm))
            {
                WriteWarning(Messages.AppScale(target, Replicas, limit));
                Drain(stop => AppScaler.ScaleAsync(client, target, Replicas, options, Journal, stop));
            }
        }
    }

    // For a while it is what runs that counts, and not what Git says.
    private protected override IReadOnlyList<ResourcePattern> Matching(ResourcePattern wildcard) =>
        Temporary ? [.. Find(wildcard).Found.Select(app => new ResourcePattern(app.Reference))] : base.Matching(wildcard);

    private (ClusterClient Client, AppOptions Options, IReadOnlyList<HomelabApp> Found) Find(ResourcePattern app)
    {
        var client = ConnectedClient() ?? throw Core.Errors.NoConnection();
        var config = Config();
        var options = new AppOptions { Config = config, Repository = RepositoryFolder.Of(client, config), Timeout = TimeSpan.FromSeconds(TimeoutSeconds), NoWait = NoWait };
        var query = new AppQuery { Config = config, Repository = options.Repository };
        var found = Await(stop => AppTargets.FindAsync(client, [app], query, stop));
        foreach (var notice in found.Notices)
        {
            Notices.Write(this, notice);
        }

        return (client, options, found.Targets);
    }

    private protected override AppEdit Edit(AppTarget target) => new SetReplicasEdit(target, Replicas, Controller);
}
