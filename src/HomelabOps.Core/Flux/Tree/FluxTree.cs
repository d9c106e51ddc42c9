using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Tree;

/// <summary>What Flux applies, as a tree: each object that keeps an inventory with the objects in it.</summary>
internal sealed class FluxTree
{
    private readonly ClusterClient _client;
    private readonly FluxTreeQuery _query;
    private readonly ObjectShelf _shelf;
    private readonly HelmObjects _helm;
    private readonly Dictionary<ObjectKey, IReadOnlyList<ObjectKey>> _children = [];

    // What is applied to another cluster cannot be looked at in this one.
    private readonly HashSet<ObjectKey> _elsewhere = [];

    private FluxTree(ClusterClient client, FluxTreeQuery query)
    {
        (_client, _query) = (client, query);
        _shelf = new(client, FluxTreeItem.IsMetadataEnough);
        _helm = new(client, _shelf);
    }

    /// <summary>
    /// Gives the nodes depth first. What lies within another tree that was asked for is shown there only. All objects are
    /// read before the first node is given, level by level, and those of a kind together.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which trees.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">FluxNotInstalled, and failures of the connection.</exception>
    public static async IAsyncEnumerable<Streamed<FluxTreeNode>> ReadAsync(ClusterClient client, FluxTreeQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tree = new FluxTree(client, query);
        var roots = new FluxTreeRoots(client, tree._shelf);
        var wanted = await roots.FindAsync(query.Objects, cancellationToken);
        await tree.ExpandAsync(wanted, cancellationToken);
        foreach (var failure in roots.Failures.Concat(tree.Failures()))
        {
            yield return new FailureNotice(failure);
        }

        var shown = new HashSet<ObjectKey>();
        foreach (var node in tree.Roots(wanted).SelectMany(root => tree.Walk(root, null, 0, [], shown)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return node;
        }
    }

    private async Task ExpandAsync(IReadOnlyList<ObjectKey> roots, CancellationToken cancellationToken)
    {
        for (var level = roots; level.Count > 0; level = [.. level.SelectMany(key => _children[key]).Where(key => !_children.ContainsKey(key)).Distinct()])
        {
            var here = level.Where(key => !_elsewhere.Contains(key)).ToList();
            await _shelf.LoadAsync(here, cancellationToken);
            await _helm.LoadAsync([.. here.Where(IsRelease).Select(key => (key, _shelf.Of(key).Json!))], cancellationToken);
            foreach (var key in level)
            {
                _children[key] = Children(key);
            }
        }
    }

    private List<ObjectKey> Children(ObjectKey key)
    {
        if (_elsewhere.Contains(key) || _shelf.Of(key).Json is not { } json)
        {
            return [];
        }

        // The root of a homelab applies itself.
        var children = (IsRelease(key) ? _helm.Of(key).Objects : FluxInventory.Of(json) ?? [])
            .Where(child => child != key && (!_query.Compact || child.Group.EndsWith("toolkit.fluxcd.io", StringComparison.Ordinal))).ToList();
        if (FluxInventory.IsElsewhere(json))
        {
            _elsewhere.UnionWith(children.Where(child => !_children.ContainsKey(child)));
        }

        return children;
    }

    private bool IsRelease(ObjectKey key) => key is { Group: FluxKind.HelmGroup, Kind: FluxKind.HelmRelease } && _shelf.Of(key).Json is not null;

    private IEnumerable<HomelabException> Failures()
    {
        if (_shelf.Denied is { Count: > 0 } denied)
        {
            yield return Errors.AccessDenied(_client.Name, "list", string.Join(", ", denied.Select(type => type.QualifiedName)), null);
        }

        foreach (var failure in _children.Keys.Where(IsRelease).Select(key => _helm.Of(key).Failure).OfType<HomelabException>().DistinctBy(failure => failure.Message))
        {
            yield return failure;
        }
    }

    // Those that no other tree contains; of a circle, which has no top, the first.
    private List<ObjectKey> Roots(IReadOnlyList<ObjectKey> wanted)
    {
        var (roots, covered) = (new List<ObjectKey>(), new HashSet<ObjectKey>());
        var applied = wanted.SelectMany(key => Below(key).Where(below => below != key)).ToHashSet();
        foreach (var key in wanted.OrderBy(applied.Contains))
        {
            if (!covered.Contains(key))
            {
                roots.Add(key);
                covered.UnionWith(Below(key));
            }
        }

        return roots;
    }

    private HashSet<ObjectKey> Below(ObjectKey root)
    {
        var (seen, open) = (new HashSet<ObjectKey>(), new Stack<ObjectKey>([root]));
        while (open.TryPop(out var key))
        {
            foreach (var child in seen.Add(key) ? _children[key] : [])
            {
                open.Push(child);
            }
        }

        return seen;
    }

    // Each part of the tree is shown once, so a circle ends and what two apply does not grow without end.
    private IEnumerable<FluxTreeNode> Walk(ObjectKey key, ResourceReference? parent, int depth, HashSet<ObjectKey> above, HashSet<ObjectKey> shown)
    {
        var node = FluxTreeItem.Make(key, _elsewhere.Contains(key) ? null : _shelf.Of(key), _client.Name) with { Depth = depth, Parent = parent };
        var isRepeated = !shown.Add(key) && _children[key].Count > 0;
        var problem = above.Contains(key) ? Errors.Text("Detail_TreeCircle") : isRepeated ? Errors.Text("Detail_TreeRepeated") : !_elsewhere.Contains(key) && IsRelease(key) ? _helm.Of(key).Problem : null;
        yield return problem is null ? node : node with { Message = node.Message.Length == 0 ? problem : $"{problem}; {node.Message}" };
        if (isRepeated)
        {
            yield break;
        }

        above.Add(key);
        foreach (var below in _children[key].SelectMany(child => Walk(child, node.Reference, depth + 1, above, shown)))
        {
            yield return below;
        }

        above.Remove(key);
    }
}
