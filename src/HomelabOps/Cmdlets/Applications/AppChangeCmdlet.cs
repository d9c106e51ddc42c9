using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Base of the cmdlets that act on applications: one that is named in full, what is piped in, or what a wildcard matches.</summary>
public abstract class AppChangeCmdlet : NamespacedCmdlet
{
    /// <summary>Names of applications: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c>, <c>Kind/namespace/name</c> or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [Alias("App")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Seconds that each application may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private protected override bool IsChange => true;

    private protected ChangeJournal Journal { get; } = ChangeJournal.ForUser();

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(_ => true, "applications");
        }
    }

    private protected override void End()
    {
        if (ParameterSetName == ByName)
        {
            if (Name.Length == 0)
            {
                throw Core.Errors.NameRequired();
            }

            ActIn(FindClient(), Name, Namespaces);
            return;
        }

        foreach (var (client, names) in CollectedByCluster())
        {
            ActIn(client, names, NamespacesOf(names));
        }
    }

    /// <summary>Acts on the applications that were found in one cluster.</summary>
    private protected abstract void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options);

    /// <summary>Does something for each application; what fails for one does not keep it from the others.</summary>
    private protected void ForEach(IReadOnlyList<HomelabApp> apps, Action<HomelabApp> act)
    {
        foreach (var app in apps)
        {
            try
            {
                act(app);
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                WriteFailure(error);
            }
        }
    }

    /// <summary>Finds what is meant in one cluster, and acts on it.</summary>
    private protected void ActIn(ClusterClient client, IReadOnlyList<ResourcePattern> names, IReadOnlyList<string> namespaces)
    {
        var config = Config();
        var options = new AppOptions { Config = config, Repository = RepositoryFolder.Of(client, config), Timeout = TimeSpan.FromSeconds(TimeoutSeconds) };
        var query = new AppQuery { Objects = new ObjectQuery { Namespaces = namespaces }, Config = config, Repository = options.Repository };
        var found = Await(stop => AppTargets.FindAsync(client, names, query, stop));
        foreach (var notice in found.Notices)
        {
            Notices.Write(this, notice);
        }

        if (found.Targets.Count > 0)
        {
            Act(client, found.Targets, options);
        }
    }
}
