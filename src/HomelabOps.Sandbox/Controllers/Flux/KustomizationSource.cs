using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Where Kustomizations get their manifests from, and what is made of these.</summary>
internal sealed class KustomizationSource(ControllerHost host, GitCache cache)
{
    private const string Prefix = "kustomize.toolkit.fluxcd.io/";
    private static readonly string[] ValueFields = ["data", "stringData"];
    private readonly Informer _repositories = host.Informer(Types.GitRepository);

    // What was built last, and from what: the same comes of the same, and most intervals end without a new commit.
    private readonly ConcurrentDictionary<ObjectName, Built> _built = new();

    /// <summary>Whether a source has another artifact than before.</summary>
    public static bool HasNewArtifact(ObjectChange change) => change.After is { } after
        && Cells.Text(after, "status.artifact.revision") is { Length: > 0 } revision && revision != Cells.Text(change.Before, "status.artifact.revision");

    /// <summary>The Kustomizations that a source is used by.</summary>
    public static IEnumerable<ObjectName> UsersOf(JsonObject source, Informer kustomizations) =>
        kustomizations.All.Where(item => Cells.Text(item, "spec.sourceRef.kind") == Cells.Text(source, "kind") && Named(item) == ObjectName.Of(source)).Select(ObjectName.Of);

    /// <summary>The artifact that a Kustomization is built from.</summary>
    /// <exception cref="ReconcileException">The source does not exist, has none, or is none that can be read here.</exception>
    public KustomizationArtifact Find(JsonObject item)
    {
        var (kind, name) = (Cells.Text(item, "spec.sourceRef.kind"), Named(item));
        var reference = name.Namespace == ObjectName.Of(item).Namespace ? $"{kind}/{name.Name}" : $"{kind}/{name}";
        if (kind != "GitRepository")
        {
            throw new ReconcileException("ArtifactFailed", $"Source '{reference}' is of a kind whose artifacts are not kept in this homelab; use a GitRepository");
        }

        if (_repositories.Find(name) is not { } source)
        {
            throw new ReconcileException("ArtifactFailed", $"Source '{reference}' not found");
        }

        return Cells.Text(source, "status.artifact.revision") is { Length: > 0 } revision
            ? new($"{kind}/{name}", Cells.Text(source, "spec.url"), revision)
            : throw new ReconcileException("ArtifactFailed", "Source artifact not found, retrying in 30s");
    }

    /// <summary>The objects with the labels of their owner, and a digest of all of them.</summary>
    /// <exception cref="ReconcileException">The path is not there, or the build fails.</exception>
    public async Task<(IReadOnlyList<JsonObject> Objects, string Digest)> BuildAsync(JsonObject item, KustomizationArtifact artifact, CancellationToken cancellationToken)
    {
        var variables = await VariablesAsync(item, cancellationToken);
        var (space, owner) = ObjectName.Of(item);
        var inputs = Inputs(item, artifact, variables);
        if (_built.TryGetValue(new(space, owner), out var known) && known.Inputs == inputs)
        {
            return ([.. known.Objects.Select(built => built.DeepClone().AsObject())], known.Digest);
        }

        var path = BuildPath.Combine("/", Cells.Text(item, "spec.path"));
        var objects = Read(artifact, files =>
        {
            if (path is null || files.Resolve(path) is null)
            {
                throw new ReconcileException("ArtifactFailed", $"kustomization path not found: {Cells.Text(item, "spec.path")}: no such file or directory");
            }

            try
            {
                return FluxBuild.Run(item, files, (kind, name) => variables.GetValueOrDefault((kind, name))).Objects.Select(built => built.Content).ToList();
            }
            catch (HomelabException error)
            {
                throw new ReconcileException("BuildFailed", $"kustomize build failed: {error.Message}");
            }
        });
        foreach (var built in objects)
        {
            Prepare(built, space, owner, item["spec"]?["decryption"] is not null);
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', objects.Select(built => built.ToJsonString()))));
        var digest = "sha256:" + Convert.ToHexStringLower(hash);
        _built[new(space, owner)] = new(inputs, [.. objects.Select(built => built.DeepClone().AsObject())], digest);
        return (objects, digest);
    }

    /// <summary>Forgets what was built for one that is gone.</summary>
    public void Forget(ObjectName kustomization) => _built.TryRemove(kustomization, out _);

    // A digest, since values of Secrets are among them.
    private static string Inputs(JsonObject item, KustomizationArtifact artifact, Dictionary<(string Kind, string Name), IReadOnlyDictionary<string, string>> variables)
    {
        var values = new JsonArray([.. variables.OrderBy(source => source.Key).Select(source => new JsonObject(source.Value.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)).Prepend(new("", $"{source.Key.Kind}/{source.Key.Name}"))))]);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', artifact.Url, artifact.Commit, item["spec"]?.ToJsonString(), values.ToJsonString()))));
    }

    private T Read<T>(KustomizationArtifact artifact, Func<IBuildFiles, T> work)
    {
        try
        {
            return cache.Read(artifact.Url, artifact.Commit, work);
        }
        catch (LibGit2SharpException error)
        {
            throw new ReconcileException("ArtifactFailed", $"failed to download artifact: {error.Message}");
        }
    }

    private static ObjectName Named(JsonObject item) => new(Cells.Text(item, "spec.sourceRef.namespace", ObjectName.Of(item).Namespace), Cells.Text(item, "spec.sourceRef.name"));

    private static void Prepare(JsonObject built, string space, string owner, bool decrypts)
    {
        if (built["sops"] is not null && decrypts)
        {
            StandIn(built);
        }
        else if (built["sops"] is not null)
        {
            throw new ReconcileException("ReconciliationFailed", $"{InventoryEntry.Of(built)} is SOPS encrypted, configuring decryption is required for this secret to be reconciled");
        }

        var metadata = (JsonObject)built["metadata"]!;
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[Prefix + "name"] = owner;
        labels[Prefix + "namespace"] = space;
    }

    // Nobody here has the key: other values stand for those of a Secret, and what else is encrypted stays so.
    private static void StandIn(JsonObject built)
    {
        built.Remove("sops");
        if (Cells.Text(built, "kind") == "Secret")
        {
            var keys = ValueFields.SelectMany(part => (built[part] as JsonObject ?? []).Select(field => field.Key)).Distinct(StringComparer.Ordinal).ToList();
            var (space, name) = ObjectName.Of(built);
            built.Remove("stringData");
            built["data"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key, (JsonNode?)SecretStandIn.Encoded(space, name, key))));
        }
    }

    private async Task<Dictionary<(string Kind, string Name), IReadOnlyDictionary<string, string>>> VariablesAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var result = new Dictionary<(string, string), IReadOnlyDictionary<string, string>>();
        foreach (var reference in Cells.Items(item, "spec.postBuild.substituteFrom"))
        {
            var (kind, name) = (Cells.Text(reference, "kind"), Cells.Text(reference, "name"));
            var found = await host.Client.FindObjectAsync(kind == "Secret" ? Types.Secret : Types.ConfigMap, ObjectName.Of(item).Namespace, name, cancellationToken);
            if (found is not null)
            {
                result[(kind, name)] = (found["data"] as JsonObject ?? []).ToDictionary(
                    field => field.Key,
                    field => kind == "Secret" ? Encoding.UTF8.GetString(Convert.FromBase64String((string)field.Value!)) : (string)field.Value!,
                    StringComparer.Ordinal);
            }
        }

        return result;
    }

    private sealed record Built(string Inputs, IReadOnlyList<JsonObject> Objects, string Digest);
}
