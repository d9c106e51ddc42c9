using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Finds a Flux that follows something else than what it is to follow, whatever its objects are called.</summary>
internal static class ForeignFlux
{
    private const string KustomizeGroup = "kustomize.toolkit.fluxcd.io";
    private static readonly string[] Sources = ["GitRepository", "OCIRepository"];

    /// <summary>Looks at all that nothing else applies: sources, and the Kustomizations that all others come of.</summary>
    /// <exception cref="HomelabException">RecoveryForeignFlux.</exception>
    public static async Task CheckAsync(ClusterClient client, FluxInstall install, CancellationToken cancellationToken)
    {
        var kustomizations = await ListAsync(client, KustomizeGroup, ["Kustomization"], cancellationToken);
        var applied = kustomizations.SelectMany(item => (FluxInventory.Of(item.Value) ?? []).Where(key => key != item.Key)).ToHashSet();
        var sources = await ListAsync(client, FluxFiles.SourceGroup, Sources, cancellationToken);
        foreach (var (key, item) in kustomizations.Where(item => !applied.Contains(item.Key)))
        {
            var (url, path) = (UrlOf(item, key, sources), Scalars.Text(item["spec"]?["path"]) ?? "");
            if (!IsWanted(key, url, path, install))
            {
                throw Errors.RecoveryForeignFlux(client.Name, url ?? "-", path.Length == 0 ? "-" : path, install.Url);
            }
        }

        foreach (var (key, item) in sources)
        {
            // What Git has besides its own source may lead anywhere, and so may what a Kustomization applies.
            var (id, url) = ($"{key.Kind}/{key.Namespace}/{key.Name}", Scalars.Text(item["spec"]?["url"]) ?? "");
            if (!SourceAddress.IsSame(url, install.Url) && (id == SourceOf(install) || (!install.Sources.Contains(id, StringComparer.Ordinal) && !applied.Contains(key))))
            {
                throw Errors.RecoveryForeignFlux(client.Name, url, id, install.Url);
            }
        }
    }

    private static string SourceOf(FluxInstall install) => $"GitRepository/{install.Namespace}/{ObjectText.Name(install.Source)}";

    // Others that Git has are roots only until the first one has come to its end.
    private static bool IsWanted(ObjectKey key, string? url, string path, FluxInstall install)
    {
        var isRoot = key.Namespace == ObjectText.Namespace(install.Root) && key.Name == ObjectText.Name(install.Root);
        return (!isRoot && install.Kustomizations.Contains($"{key.Namespace}/{key.Name}", StringComparer.Ordinal))
            || ((url is null || SourceAddress.IsSame(url, install.Url)) && Bare(path) == Bare(Scalars.Text(install.Root["spec"]?["path"]) ?? ""));
    }

    // A source that is not there is followed by nobody.
    private static string? UrlOf(JsonObject item, ObjectKey key, Dictionary<ObjectKey, JsonObject> sources)
    {
        var reference = item["spec"]?["sourceRef"];
        var source = new ObjectKey(FluxFiles.SourceGroup, Scalars.Text(reference?["kind"]) ?? "", Scalars.Text(reference?["namespace"]) ?? key.Namespace, Scalars.Text(reference?["name"]) ?? "");
        return Scalars.Text(sources.GetValueOrDefault(source)?["spec"]?["url"]);
    }

    private static string Bare(string path) => path.TrimStart('.').Trim('/');

    private static async Task<Dictionary<ObjectKey, JsonObject>> ListAsync(ClusterClient client, string group, string[] kinds, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ObjectKey, JsonObject>();
        try
        {
            var types = (await client.Discovery.ResourcesAsync([group], cancellationToken)).Where(served => kinds.Contains(served.Kind, StringComparer.Ordinal)).Select(served => served.Type).DistinctBy(type => type.Kind);
            foreach (var type in types)
            {
                await foreach (var item in client.ListAsync(type, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
                {
                    found[new(group, type.Kind, item.Metadata.Namespace ?? "", item.Metadata.Name)] = item.Json;
                }
            }
        }
        catch (HomelabException error) when (error.Id is nameof(Errors.ResourceTypeNotServed))
        {
            // A cluster without Flux.
        }

        return found;
    }
}
