using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Base of the cmdlets that change objects of Flux: one that is named in full, what is piped in, or what a wildcard matches.</summary>
public abstract class FluxChangeCmdlet : NamespacedCmdlet
{
    /// <summary>Names of objects: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c>, <c>Kind/namespace/name</c> or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Kinds, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FluxKindCompleter))]
    [SupportsWildcards]
    public string[] Kind { get; set; } = [];

    private protected override bool IsChange => true;

    private protected ChangeJournal Journal { get; } = ChangeJournal.ForUser();

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(_ => true, "objects");
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

            ChangeIn(FindClient(), Name, Namespaces);
            return;
        }

        foreach (var (client, names) in CollectedByCluster())
        {
            ChangeIn(client, names, NamespacesOf(names));
        }
    }

    /// <summary>Changes what was found in one cluster, asking for each object.</summary>
    private protected abstract void Change(ClusterClient client, FluxTargets found);

    private void ChangeIn(ClusterClient client, IReadOnlyList<ResourcePattern> names, IReadOnlyList<string> namespaces)
    {
        var found = Await(stop => FluxTargets.FindAsync(client, names, namespaces, Kind, stop));
        foreach (var failure in found.Failures)
        {
            WriteFailure(failure);
        }

        if (found.Targets.Count > 0)
        {
            Change(client, found);
        }
    }
}
