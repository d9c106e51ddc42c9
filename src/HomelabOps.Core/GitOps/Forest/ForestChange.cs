using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>What a change of files does to all that Flux builds of a repository.</summary>
internal sealed class ForestChange
{
    private const string Prefix = "kustomize.toolkit.fluxcd.io/";

    private readonly IReadOnlyList<FluxTree> _before;
    private readonly IReadOnlyList<FluxTree> _after;
    private readonly HashSet<(string? File, string Key)> _known;
    private readonly Lazy<IReadOnlyList<(FluxNode Node, BuiltObject Item)>> _added;

    /// <summary>Builds the repository with it and without.</summary>
    public ForestChange(IBuildFiles before, IBuildFiles after)
        : this(FluxForest.Trees(before), after)
    {
    }

    /// <summary>Builds the repository with it; without it, it is built already.</summary>
    public ForestChange(IReadOnlyList<FluxTree> before, IBuildFiles after)
    {
        (_before, _after) = (before, FluxForest.Trees(after));
        (Before, After) = ([.. _before.SelectMany(tree => tree.Nodes)], [.. _after.SelectMany(tree => tree.Nodes)]);
        _known = Before.Where(node => node.Failure is not null).Select(Id).ToHashSet();
        _added = new(() => [.. Without(After, Before, (_, _) => true)]);
    }

    /// <summary>The Kustomizations without it.</summary>
    public IReadOnlyList<FluxNode> Before { get; }

    /// <summary>The Kustomizations with it.</summary>
    public IReadOnlyList<FluxNode> After { get; }

    /// <summary>Kustomizations that cannot be built with it and could be without, so that nothing of them would be applied any more.</summary>
    public IEnumerable<FluxNode> Broken => After.Where(node => node.Failure is not null && !_known.Contains(Id(node)));

    /// <summary>What is built with it only.</summary>
    public IReadOnlyList<(FluxNode Node, BuiltObject Item)> Added => _added.Value;

    /// <summary>What is not built with it any more.</summary>
    public IEnumerable<(FluxNode Node, BuiltObject Item)> Lost => Without(Before, After, (_, _) => true);

    /// <summary>What is built otherwise, or not any more.</summary>
    public IEnumerable<(FluxNode Node, BuiltObject Item)> Altered => Without(Before, After, JsonNode.DeepEquals);

    /// <summary>What is new and written elsewhere in the same cluster as well: each would undo what the other did, and one that prunes delete it.</summary>
    public IEnumerable<(BuiltObject Item, FluxNode Other, BuiltObject Twin)> Collisions()
    {
        var added = Added.Select(entry => entry.Item).Where(item => !IsSpared(item.Content)).ToLookup(item => Key(item.Content));
        return
            from tree in _after
            from node in tree.Scope.SelectMany(one => one.Nodes)
            where !node.IsRemote
            from twin in node.Objects
            where !IsSpared(twin.Content)
            from item in added[Key(twin.Content)]

            // What two Kustomizations take from the same place is the repository's own way.
            where (item.File, item.Line) != (twin.File, twin.Line) && tree.Nodes.Any(own => own.Objects.Contains(item))
            select (item, node, twin);
    }

    /// <summary>It is marked so that several may apply it.</summary>
    public static bool IsSpared(JsonObject item) =>
        ObjectText.IsMarked(item, Prefix + "ssa", "Merge", "IfNotPresent", "Ignore") || ObjectText.IsMarked(item, Prefix + "reconcile", "disabled");

    private static IEnumerable<(FluxNode Node, BuiltObject Item)> Without(IEnumerable<FluxNode> nodes, IEnumerable<FluxNode> others, Func<JsonNode?, JsonNode?, bool> isSame)
    {
        var known = others.SelectMany(node => node.Objects.Select(item => (Id: (Id(node), Key(item.Content)), item.Content))).ToLookup(entry => entry.Id, entry => entry.Content);
        return nodes.SelectMany(node => node.Objects.Where(item => !known[(Id(node), Key(item.Content))].Any(other => isSame(other, item.Content))).Select(item => (node, item)));
    }

    private static (string? File, string Key) Id(FluxNode node) => (node.File, node.Key);

    private static (string Group, ResourceReference Object) Key(JsonObject item) => (ObjectText.Group(item), ObjectText.Reference(item));
}
