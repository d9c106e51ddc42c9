namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Finds nodes by paths, through aliases and merge keys as readers of YAML do.</summary>
internal static class NodeFinder
{
    // Aliases of aliases must not take for ever.
    private const int MaximumNodes = 200_000;

    /// <summary>The node as it is written that a path leads to; null when there is none.</summary>
    public static SyntaxNode? Find(SyntaxNode root, YamlPath path)
    {
        SyntaxNode? node = root.Target ?? root;
        foreach (var step in path.Steps)
        {
            node = node is null ? null : Step(node, step);
            node = node?.Target ?? node;
        }

        return node;
    }

    /// <summary>The deepest node on a path that is there, and how many steps lead to it.</summary>
    public static (SyntaxNode Node, int Steps) FindNearest(SyntaxNode root, YamlPath path)
    {
        var node = root.Target ?? root;
        for (var index = 0; index < path.Steps.Count; index++)
        {
            if (Step(node, path.Steps[index]) is not { } next)
            {
                return (node, index);
            }

            node = next.Target ?? next;
        }

        return (node, path.Steps.Count);
    }

    /// <summary>The key that a node is written behind, null where it is an item or a document, and whether that is between brackets or braces.</summary>
    public static (SyntaxEntry? Entry, bool IsFlow) Holder(SyntaxNode root, SyntaxNode node)
    {
        foreach (var entry in root.Entries ?? [])
        {
            if (entry.Value == node)
            {
                return (entry, root.IsFlow);
            }
        }

        return root.Items?.Contains(node) == true ? (null, root.IsFlow) : root.Children.Select(child => Holder(child, node)).FirstOrDefault(found => found != default);
    }

    /// <summary>Whether something of a document is used in several places.</summary>
    public static bool HasAliases(SyntaxNode node) => node.Target is not null || (node.Items?.Any(HasAliases) ?? node.Entries?.Any(entry => HasAliases(entry.Value)) ?? false);

    /// <summary>Whether an anchor within a node is used by an alias outside of it.</summary>
    public static bool IsUsedOutside(SyntaxNode root, SyntaxNode node)
    {
        var anchored = Within(node, null).Where(inside => inside.Anchor is not null).ToHashSet();
        return anchored.Count > 0 && Within(root, node).Any(outside => outside.Target is { } target && anchored.Contains(target));
    }

    /// <summary>All paths that lead to a node; more than one where an anchor is used elsewhere.</summary>
    public static IReadOnlyList<YamlPath> PathsTo(SyntaxNode root, SyntaxNode node)
    {
        var paths = new List<YamlPath>();
        var budget = MaximumNodes;
        Walk(root, YamlPath.Root);
        return paths;

        void Walk(SyntaxNode at, YamlPath path)
        {
            at = at.Target ?? at;
            if (--budget < 0)
            {
                return;
            }

            // What is taken over by a merge key changes with its origin.
            if (at == node || Sources(at).Any(source => source == node))
            {
                paths.Add(path);
            }

            for (var index = 0; index < (at.Items?.Count ?? 0); index++)
            {
                Walk(at.Items![index], path.Then(index));
            }

            foreach (var (key, value) in Entries(at))
            {
                Walk(value, path.Then(key));
            }
        }
    }

    /// <summary>The values of a mapping by keys, those that it takes over from others included.</summary>
    public static IEnumerable<(string Key, SyntaxNode Value)> Entries(SyntaxNode mapping)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in (mapping.Entries ?? []).Where(entry => !entry.IsMerge && entry.Key.Text is not null))
        {
            known.Add(entry.Key.Text!);
            yield return (entry.Key.Text!, entry.Value);
        }

        foreach (var source in Sources(mapping))
        {
            foreach (var entry in Entries(source))
            {
                if (known.Add(entry.Key))
                {
                    yield return entry;
                }
            }
        }
    }

    private static IEnumerable<SyntaxNode> Within(SyntaxNode node, SyntaxNode? but) => node == but ? [] : node.Children.SelectMany(child => Within(child, but)).Prepend(node);

    private static IEnumerable<SyntaxNode> Sources(SyntaxNode mapping) =>
        (mapping.Entries ?? []).Where(entry => entry.IsMerge).Select(entry => entry.Value.Target ?? entry.Value)
            .SelectMany(value => value.Items?.Select(item => item.Target ?? item) ?? [value]);

    private static SyntaxNode? Step(SyntaxNode node, object step) => step is int index
        ? node.Items?.ElementAtOrDefault(index)
        : node.Entries is null ? null : node.Find((string)step) is { IsMerge: false } entry ? entry.Value : Sources(node).Select(source => Step(source, step)).FirstOrDefault(found => found is not null);
}
