using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Comparing;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Tells what applying Kustomizations from the working copy would change.</summary>
[Cmdlet(VerbsData.Compare, "FluxKustomization", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Compare-FluxKustomization.md")]
[OutputType(typeof(FluxDifference))]
[RequiresAccess("list,get", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,create,patch", "*", "*")]
public sealed class CompareFluxKustomizationCommand : NamespacedCmdlet
{
    /// <summary>Names of Kustomizations: <c>name</c>, <c>namespace/name</c> or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>The working copy, or a folder in it.</summary>
    [Parameter]
    [Alias("Repository")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    private protected override void Process()
    {
        if (InputObject is null)
        {
            DrainClusters((client, stop) => FluxComparer.RunAsync(client, Name, Namespaces, Files(client), stop));
        }
        else
        {
            CollectNamed(reference => FluxKind.ApplierKey(reference) is not null || !FluxKind.All.Contains(reference.Kind), "Kustomizations and what they apply");
        }
    }

    // Several objects of one Kustomization mean one comparison.
    private protected override void End() => DrainCollected((client, names, stop) => FluxComparer.RunAsync(client, names, NamespacesOf(names), Files(client), stop));

    // The repository of the session is that of its own cluster, not of another one named by -Context.
    private DiskFiles Files(ClusterClient client)
    {
        var connection = Session.Default is { } session && ReferenceEquals(session.Client, client) ? session.Connection : null;
        return new(RepositoryFolder.Find(Path, FullPath(Path), connection, WorkingFolder));
    }
}
