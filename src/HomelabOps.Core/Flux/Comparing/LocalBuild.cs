using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>Builds from a folder of this machine what kustomize-controller would build from the source's artifact.</summary>
internal static class LocalBuild
{
    private const string Prefix = FluxKind.KustomizeGroup + "/";

    // A shorter value is in many words by chance; where it was substituted it is hidden all the same.
    private const int ShortestSecret = 4;

    private static readonly ResourceType ConfigMap = new("", "v1", "configmaps", "ConfigMap", true);
    private static readonly ResourceType Secret = new("", "v1", "secrets", "Secret", true);

    /// <summary>Builds the objects with the labels of their owner. Variables are read from the cluster.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="kustomization">The Kustomization as it is in the cluster.</param>
    /// <param name="files">The repository.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">The errors of the build, and of reading ConfigMaps and Secrets.</exception>
    public static async Task<BuiltKustomization> RunAsync(ClusterClient client, JsonObject kustomization, DiskFiles files, CancellationToken cancellationToken)
    {
        var (space, owner) = (Scalars.Text(kustomization["metadata"]?["namespace"]) ?? "", Scalars.Text(kustomization["metadata"]?["name"]) ?? "");
        var variables = await VariablesAsync(client, kustomization, space, cancellationToken);
        var built = FluxBuild.Run(kustomization, files, (kind, name) => variables.GetValueOrDefault((kind, name))).Objects;
        var places = SecretPlaces(kustomization, files, variables, built);
        var secrets = variables.Where(pair => pair.Key.Kind == "Secret").SelectMany(pair => pair.Value.Values).Where(value => value.Length >= ShortestSecret).ToHashSet(StringComparer.Ordinal);
        return new([.. built.Select((item, index) => Desired(item, new(ObjectKey.Of(item.Content).IsSecret, places[index], secrets), space, owner) with { File = Path(item.File) })], secrets);

        string? Path(string? native) => native is null ? null : files.PathOf(native)?.TrimStart('/');
    }

    private static DesiredObject Desired(BuiltObject built, SecretMask mask, string space, string owner)
    {
        var content = built.Content;
        var metadata = content["metadata"] as JsonObject ?? [];
        var labels = metadata["labels"] as JsonObject ?? [];
        (labels[Prefix + "name"], labels[Prefix + "namespace"]) = (owner, space);
        metadata["labels"] = labels.Parent is null ? labels : metadata["labels"];
        content["metadata"] = metadata.Parent is null ? metadata : content["metadata"];
        var key = ObjectKey.Of(content);
        return new(key, content, mask, built.File, built.Line) { IsEncrypted = IsEncrypted(content, key) };
    }

    // Built once more with other values: what differs then comes from a Secret, wherever it was put and whatever was made of it.
    private static IReadOnlyList<IReadOnlyCollection<string>> SecretPlaces(
        JsonObject kustomization,
        IBuildFiles files,
        Dictionary<(string Kind, string Name), IReadOnlyDictionary<string, string>> variables,
        IReadOnlyList<BuiltObject> built)
    {
        if (!variables.Keys.Any(key => key.Kind == "Secret"))
        {
            return [.. built.Select(_ => Array.Empty<string>())];
        }

        var others = variables.ToDictionary(
            pair => pair.Key,
            pair => pair.Key.Kind == "Secret" ? pair.Value.ToDictionary(value => value.Key, value => $"other-{Guid.NewGuid():N}", StringComparer.Ordinal) : pair.Value);
        try
        {
            var again = FluxBuild.Run(kustomization, files, (kind, name) => others.GetValueOrDefault((kind, name))).Objects;
            return [.. built.Select((item, index) => JsonDifference.Paths(item.Content, again[index].Content))];
        }
        catch (HomelabException)
        {
            // An expression that takes no other value. Rather nothing is shown than too much.
            return [.. built.Select(_ => (string[])[""])];
        }
    }

    private static async Task<Dictionary<(string Kind, string Name), IReadOnlyDictionary<string, string>>> VariablesAsync(ClusterClient client, JsonObject kustomization, string space, CancellationToken cancellationToken)
    {
        var result = new Dictionary<(string, string), IReadOnlyDictionary<string, string>>();
        foreach (var reference in (kustomization["spec"]?["postBuild"]?["substituteFrom"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (kind, name) = (Scalars.Text(reference["kind"]) ?? "", Scalars.Text(reference["name"]) ?? "");
            var type = kind == "Secret" ? Secret : ConfigMap;
            if (await client.FindObjectAsync(type, space, name, cancellationToken) is { } found)
            {
                result[(kind, name)] = (found["data"] as JsonObject ?? []).ToDictionary(
                    field => field.Key,
                    field => kind == "Secret" ? Encoding.UTF8.GetString(Convert.FromBase64String(Scalars.Text(field.Value) ?? "")) : Scalars.Text(field.Value) ?? "",
                    StringComparer.Ordinal);
            }
        }

        return result;
    }

    // A manifest says so itself; of a generated Secret only the values show what they were made of.
    private static bool IsEncrypted(JsonObject content, ObjectKey key)
    {
        const string Mark = "ENC[AES256_GCM,";
        return content["sops"] is JsonObject || (key.IsSecret && (Values("stringData").Any(IsMarked) || Values("data").Any(value => IsMarked(value) || IsMarked(Decoded(value)))));

        IEnumerable<string> Values(string field) => (content[field] as JsonObject ?? []).Select(pair => Scalars.Text(pair.Value) ?? "");

        static bool IsMarked(string value) => value.Contains(Mark, StringComparison.Ordinal);

        static string Decoded(string value)
        {
            var bytes = new byte[value.Length];
            return Convert.TryFromBase64String(value, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        }
    }
}
