using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Discovery;

namespace HomelabOps.Core.Flux;

/// <summary>The names that users may type for the kinds of Flux: kind, plural, singular and short name, in any case.</summary>
internal static class FluxKindNames
{
    // Those of the definitions of today and of the flux command; older definitions lack some of them.
    private static readonly Dictionary<string, string> Short = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gitrepo"] = "GitRepository",
        ["ocirepo"] = "OCIRepository",
        ["helmrepo"] = "HelmRepository",
        ["hc"] = FluxKind.HelmChart,
        ["ea"] = "ExternalArtifact",
        ["ag"] = "ArtifactGenerator",
        ["ks"] = FluxKind.Kustomization,
        ["hr"] = FluxKind.HelmRelease,
        ["imgrepo"] = "ImageRepository",
        ["imgpol"] = "ImagePolicy",
        ["iua"] = "ImageUpdateAutomation",
        ["imgupd"] = "ImageUpdateAutomation",
        ["imgauto"] = "ImageUpdateAutomation",
    };

    /// <summary>The kind that is called so; null for none.</summary>
    public static string? KindOf(string word, IReadOnlyList<ServedResource> served) =>
        served.FirstOrDefault(type => type.IsCalled(word))?.Kind ?? Short.GetValueOrDefault(word);

    /// <summary>
    /// The name with its kind as the cluster spells it. Of two parts the first is a kind when one is called so, else a
    /// namespace. References are as they are.
    /// </summary>
    public static ResourcePattern Spell(ResourcePattern name, IReadOnlyList<ServedResource> served) => name switch
    {
        { Cluster: not null } => name,
        { Kind: { } kind } when KindOf(kind, served) is { } own => new(string.IsNullOrEmpty(name.Namespace) ? $"{own}/{name.Name}" : $"{own}/{name.Namespace}/{name.Name}"),
        { Kind: null, Namespace: { } word } when KindOf(word, served) is { } meant => new($"{meant}/{name.Name}"),
        _ => name,
    };

    /// <summary>As above, for a whole query.</summary>
    public static FluxQuery Spell(FluxQuery query, IReadOnlyList<ServedResource> served) => query with
    {
        Kinds = [.. query.Kinds.Select(kind => KindOf(kind, served) ?? kind)],
        Objects = query.Objects with { Names = [.. query.Objects.Names.Select(name => Spell(name, served))] },
    };

    /// <summary>As above, for names among which there may be others than those of Flux.</summary>
    public static async Task<IReadOnlyList<ResourcePattern>> SpellAsync(ClusterClient client, IReadOnlyList<ResourcePattern> names, CancellationToken cancellationToken)
    {
        if (names.All(name => name.Cluster is not null || name is { Kind: null, Namespace: null }))
        {
            return names;
        }

        var served = await client.Discovery.ResourcesAsync(FluxKind.Groups, cancellationToken);
        return [.. names.Select(name => Spell(name, served))];
    }
}
