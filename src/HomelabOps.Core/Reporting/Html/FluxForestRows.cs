namespace HomelabOps.Core.Reporting.Html;

/// <summary>Puts sources, what they are applied by, and applications into trees.</summary>
internal static class FluxForestRows
{
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["GitRepository"] = "Git",
        ["OCIRepository"] = "OCI",
        ["Bucket"] = "bucket",
        ["HelmRepository"] = "charts",
        ["ExternalArtifact"] = "artifact",
    };

    /// <summary>The trees: sources that lead to something first, then what nothing leads to.</summary>
    public static IEnumerable<IReadOnlyList<PictureRow>> Of(IReadOnlyList<FluxResource> flux, IReadOnlyList<HomelabApp> apps)
    {
        var items = flux.Where(resource => Sources.ContainsKey(resource.Kind) || resource.Kind is "Kustomization" or "HelmRelease").Select(Item)
            .Concat(apps.Where(app => (app.HelmRelease ?? app.Kustomization) is not null).Select(Item)).DistinctBy(item => item.Self).ToList();
        var known = items.Select(item => item.Self).ToHashSet();
        var children = items.Where(item => item.Parent is { } parent && known.Contains(parent)).ToLookup(item => item.Parent!);
        var roots = items.Where(item => item.Parent is null || !known.Contains(item.Parent)).ToList();
        var unwell = Unwell(items);
        var seen = new HashSet<ResourceReference>();
        foreach (var root in roots.OrderByDescending(root => children.Contains(root.Self)).Concat(items))
        {
            // Those of a circle, which no root leads to, come last.
            if (!seen.Contains(root.Self))
            {
                var rows = new List<PictureRow>();
                Add(root, -1, 0);
                yield return rows;

                void Add(PictureItem item, int parent, int depth)
                {
                    if (!seen.Add(item.Self))
                    {
                        return;
                    }

                    var index = rows.Count;
                    rows.Add(new(parent, depth, item.Kind, item.Self.Name, item.State, item.Word));
                    foreach (var child in children[item.Self].OrderBy(child => !unwell.Contains(child.Self)).ThenBy(child => child.Self.Name, StringComparer.Ordinal))
                    {
                        // Deeper than that no row has room for a name.
                        Add(child, index, Math.Min(depth + 1, 8));
                    }
                }
            }
        }
    }

    // What is not well, and all that leads to it: that comes first.
    private static HashSet<ResourceReference> Unwell(List<PictureItem> items)
    {
        var (parents, found) = (items.ToDictionary(item => item.Self, item => item.Parent), new HashSet<ResourceReference>());
        foreach (var item in items.Where(item => item.State == PartState.Unwell))
        {
            for (var next = item.Self; next is not null && found.Add(next); next = parents.GetValueOrDefault(next))
            {
            }
        }

        return found;
    }

    // A source is where it begins, though a Kustomization applies its manifest.
    private static PictureItem Item(FluxResource resource)
    {
        var (state, word) = PartStates.Of(resource);
        var parent = Sources.ContainsKey(resource.Kind) ? null : resource.Owner is { } owner && owner != resource.Reference ? owner : resource.Source;
        return new(resource.Reference, parent, Sources.GetValueOrDefault(resource.Kind, resource.Kind), state, word);
    }

    private static PictureItem Item(HomelabApp app)
    {
        var (state, word) = PartStates.Of(app);
        return new(app.Reference, app.HelmRelease ?? app.Kustomization, "app", state, word);
    }

    private sealed record PictureItem(ResourceReference Self, ResourceReference? Parent, string Kind, PartState State, string Word);
}
