using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>What Flux applies in one cluster: a Kustomization that it was started with, and all below.</summary>
internal sealed class FluxTree
{
    private readonly Dictionary<string, FluxNode> _byKey = new(StringComparer.Ordinal);
    private readonly List<FluxNode> _nodes = [];
    private readonly Lazy<ILookup<(string Kind, string Namespace, string Name), BuiltObject>> _objects;

    public FluxTree()
    {
        _objects = new(() => ScopeObjects.ToLookup(item => (ObjectText.Kind(item.Content), ObjectText.Namespace(item.Content), ObjectText.Name(item.Content))));
    }

    /// <summary>The Kustomizations, parents before children.</summary>
    public IReadOnlyList<FluxNode> Nodes => _nodes;

    /// <summary>Trees that may be of the same cluster, this one included.</summary>
    public IReadOnlyList<FluxTree> Scope { get; set; } = [];

    /// <summary>Something in the cluster makes objects of Flux while it runs.</summary>
    public bool HasGenerators => ScopeObjects.Any(item => ObjectText.Group(item.Content) == "fluxcd.controlplane.io" && ObjectText.Kind(item.Content) == "ResourceSet");

    /// <summary>There may be more in the cluster than what could be built: another repository, or what makes objects while it runs.</summary>
    public bool IsOpen => Scope.Any(tree => tree.Nodes.Any(node => node.IsForeign)) || HasGenerators;

    /// <summary>
    /// Not all of the cluster could be built: something failed, or what Flux was started with is not among the manifests, so that
    /// more files are applied than is known.
    /// </summary>
    public bool IsPartial => Nodes[0] is { Key: not "flux-system/flux-system" } root && !root.Files.Contains(root.File, StringComparer.Ordinal) || Scope.Any(tree => tree.Nodes.Any(node => node.Failure is not null || (!node.IsForeign && node.Folder is null)));

    /// <summary>All objects of the cluster, as far as they could be built.</summary>
    public IEnumerable<BuiltObject> ScopeObjects => Scope.SelectMany(tree => tree.Nodes).SelectMany(node => node.Objects);

    /// <summary>Adds a Kustomization; false when there is one of its name.</summary>
    public bool Add(FluxNode node)
    {
        if (!_byKey.TryAdd(node.Key, node))
        {
            return false;
        }

        _nodes.Add(node);
        return true;
    }

    /// <summary>The Kustomization of a name, as namespace/name, in the same cluster.</summary>
    public FluxNode? Find(string key) => Scope.Select(tree => tree._byKey.GetValueOrDefault(key)).FirstOrDefault(node => node is not null);

    /// <summary>The built objects of a name in the same cluster.</summary>
    public IEnumerable<BuiltObject> Find(string kind, string @namespace, string name) => _objects.Value[(kind, @namespace, name)];

    /// <summary>No Kustomization of one has the name of one of the other, so that both may be of one cluster.</summary>
    public bool MayBeOneWith(FluxTree other) => ReferenceEquals(this, other) || !_byKey.Keys.Any(other._byKey.ContainsKey);
}
