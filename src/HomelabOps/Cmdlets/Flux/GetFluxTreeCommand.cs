using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Tree;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Shows what Flux applies as a tree, each object with its health.</summary>
[Cmdlet(VerbsCommon.Get, "FluxTree", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-FluxTree.md")]
[OutputType(typeof(FluxTreeNode))]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("get,list", "", "secrets")]
[RequiresAccess("get,list", "*", "*")]
public sealed class GetFluxTreeCommand : NamespacedCmdlet
{
    /// <summary>Names of objects: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c>, <c>Kind/namespace/name</c> or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Only objects of Flux.</summary>
    [Parameter]
    public SwitchParameter Compact { get; set; }

    private protected override void Process()
    {
        if (InputObject is null)
        {
            DrainClusters((client, stop) => Read(client, new ObjectQuery { Names = Name, Namespaces = Namespaces }, stop));
        }
        else
        {
            // Sources and the like apply nothing; all other objects lead to what applies them.
            CollectNamed(reference => FluxKind.ApplierKey(reference) is not null || !FluxKind.All.Contains(reference.Kind), "trees of Flux");
        }
    }

    // Together, so that what lies in the tree of another is not shown twice.
    private protected override void End() => DrainCollected((client, patterns, stop) => Read(client, new ObjectQuery { Names = patterns, Namespaces = NamespacesOf(patterns) }, stop));

    private IAsyncEnumerable<Streamed<FluxTreeNode>> Read(ClusterClient client, ObjectQuery objects, CancellationToken stop) =>
        FluxTree.ReadAsync(client, new FluxTreeQuery { Objects = objects, Compact = Compact }, stop);
}
