using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>Tries on the server, as kustomize-controller does before it applies, what would become of the objects of one Kustomization.</summary>
/// <param name="client">The cluster.</param>
/// <param name="types">The served types by group and kind.</param>
/// <param name="objects">All objects of the build: what they define exists by the time the others are applied.</param>
/// <param name="kustomization">The Kustomization.</param>
internal sealed partial class ApplyTrials(ClusterClient client, IReadOnlyDictionary<(string Group, string Kind), ResourceType> types, IReadOnlyList<DesiredObject> objects, JsonObject kustomization)
{
    private const string Prefix = "homelabops-";

    private static readonly WriteOptions Options = new() { FieldManager = "kustomize-controller", DryRun = true, Force = true };

    private readonly bool _forces = Scalars.Text(kustomization["spec"]?["force"]) == "true";
    private readonly bool _decrypts = kustomization["spec"]?["decryption"] is JsonObject;

    /// <summary>Tries one object. A server that cannot be reached any more is an exception; that it refuses the object is not.</summary>
    public async Task<Trial> RunAsync(DesiredObject desired, CancellationToken cancellationToken)
    {
        var reference = desired.Key.Reference(client.Name);
        var version = Scalars.Text(desired.Content["apiVersion"]) ?? "";
        if (!types.TryGetValue((desired.Key.Group, desired.Key.Kind), out var type))
        {
            return IsDefined(desired.Key) ? Create(desired) : Refused(desired, null, Errors.Text("Detail_FluxKindMissing", desired.Key.Kind, version));
        }

        if (type.Namespaced && desired.Key.Namespace.Length == 0)
        {
            return Refused(desired, null, Errors.Text("Detail_FluxNamespaceMissing"));
        }

        type = type with { Version = version[(version.IndexOf('/', StringComparison.Ordinal) + 1)..] };
        JsonObject? live = null;
        try
        {
            live = await client.FindObjectAsync(type, Space(type, desired.Key), desired.Key.Name, cancellationToken);
            if (FluxMarks.IsLeftAlone(desired.Content) || FluxMarks.IsLeftAlone(live) || (live is not null && FluxMarks.IsCreatedOnly(desired.Content)))
            {
                return new();
            }

            if (desired.IsEncrypted)
            {
                return !_decrypts
                    ? Refused(desired, null, Errors.Text("Detail_FluxEncrypted"))
                    : new() { Action = live is null ? FluxDifferenceAction.Create : null, Notice = new WarningNotice(Errors.Text("FluxObjectEncrypted", reference)) };
            }

            return await ApplyAsync(type, desired, live, cancellationToken);
        }
        catch (HomelabException error) when (error.ServerText is { } text)
        {
            return await FailAsync(desired, live, error, text, cancellationToken);
        }
    }

    /// <summary>Whether an object that left the manifests would be deleted, and the object.</summary>
    public async Task<Trial> DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (!types.TryGetValue((key.Group, key.Kind), out var type))
        {
            return new();
        }

        try
        {
            var live = await client.FindObjectAsync(type, Space(type, key), key.Name, cancellationToken);
            return live is null || FluxMarks.IsKept(live) || !IsOwned(live) ? new() : new() { Action = FluxDifferenceAction.Delete, Before = live };
        }
        catch (HomelabException error) when (error.ServerText is not null)
        {
            return new() { Notice = new FailureNotice(error) };
        }
    }

    private static string? Space(ResourceType type, ObjectKey key) => type.Namespaced ? key.Namespace : null;

    private static Trial Create(DesiredObject desired) => new() { Action = FluxDifferenceAction.Create, After = desired.Content };

    private async Task<Trial> ApplyAsync(ResourceType type, DesiredObject desired, JsonObject? live, CancellationToken cancellationToken)
    {
        var space = Space(type, desired.Key);
        var result = await client.PatchAsync(type, space, desired.Key.Name, PatchKind.Apply, desired.Content, cancellationToken, Options);
        if (live is null)
        {
            return Create(desired);
        }

        if (!FluxMarks.IsMerged(desired.Content) && !FluxMarks.IsMerged(live) && FieldTakeover.IsNeeded(live, desired.Content)
            && await DefaultsAsync(type, space, desired.Content, cancellationToken) is { } defaults)
        {
            FieldTakeover.Undo(live, desired.Content, result, defaults);
        }

        return new() { Action = FluxDifferenceAction.Update, Before = live, After = result };
    }

    // What the server makes of the manifest alone. Under a name of the server's choice, since its own is taken; null where that is refused.
    private async Task<JsonObject?> DefaultsAsync(ResourceType type, string? space, JsonObject desired, CancellationToken cancellationToken)
    {
        var item = desired.DeepClone().AsObject();
        var metadata = (JsonObject)item["metadata"]!;
        metadata.Remove("name");
        metadata["generateName"] = Prefix;
        try
        {
            // Some fields are made of the name, such as a label of namespaces.
            var made = await client.CreateAsync(type, space, item, cancellationToken, Options with { Force = false });
            var text = made.ToJsonString().Replace(Scalars.Text(made["metadata"]?["name"]) ?? Prefix, Scalars.Text(desired["metadata"]?["name"]), StringComparison.Ordinal);
            return JsonNode.Parse(text, documentOptions: new() { MaxDepth = 512 }) as JsonObject;
        }
        catch (HomelabException error) when (error.ServerText is not null)
        {
            return null;
        }
    }

    private async Task<Trial> FailAsync(DesiredObject desired, JsonObject? live, HomelabException error, string text, CancellationToken cancellationToken)
    {
        if (error.Id == nameof(Errors.AccessDenied) && Forbidden().IsMatch(text))
        {
            return new() { Notice = new FailureNotice(error) };
        }

        if (error.Id == nameof(Errors.ResourceNotFound) && live is null && desired.Key.Namespace is { Length: > 0 } space
            && objects.Any(item => item.Key is { Group: "", Kind: "Namespace" } && item.Key.Name == space)
            && await client.FindObjectAsync(ResourceType.Namespace, null, space, cancellationToken) is null)
        {
            return Create(desired);
        }

        if (live is not null && Immutable().IsMatch(text) && (_forces || FluxMarks.IsForced(desired.Content) || FluxMarks.IsForced(live)))
        {
            return new() { Action = FluxDifferenceAction.Update, Before = Common(live, desired.Content), After = desired.Content, Recreate = true };
        }

        return Refused(desired, error.ServerReason, desired.Mask.Apply(text, desired.Content, live));
    }

    // The created object gets its defaults again, so only what the manifest says is compared.
    private static JsonObject Common(JsonObject live, JsonObject desired) => new(desired
        .Where(member => live.ContainsKey(member.Key))
        .Select(member => KeyValuePair.Create(member.Key, Common(live[member.Key], member.Value))));

    private static JsonNode? Common(JsonNode? live, JsonNode? desired) => (live, desired) switch
    {
        (JsonObject old, JsonObject @new) => Common(old, @new),
        (JsonArray old, JsonArray @new) when old.Count == @new.Count => new JsonArray([.. old.Zip(@new, Common)]),
        _ => live?.DeepClone(),
    };

    private Trial Refused(DesiredObject desired, string? reason, string text) =>
        new() { Notice = new FailureNotice(Errors.FluxObjectRefused(desired.Key.Reference(client.Name), desired.File, desired.Line, reason, text)) };

    private bool IsDefined(ObjectKey key) => objects.Any(item => item.Key is { Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition" }
        && Scalars.Text(item.Content["spec"]?["group"]) == key.Group && Scalars.Text(item.Content["spec"]?["names"]?["kind"]) == key.Kind);

    // Another Kustomization may have taken it over.
    private bool IsOwned(JsonObject live)
    {
        return IsSame("name") && IsSame("namespace");

        bool IsSame(string field) => Scalars.Text((live["metadata"]?["labels"] as JsonObject)?[$"{FluxKind.KustomizeGroup}/{field}"]) == Scalars.Text(kustomization["metadata"]?[field]);
    }

    // Of the server's own access rules; what admission refuses is about the object.
    [GeneratedRegex(@" cannot \w+ resource ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Forbidden();

    // The words of built-in kinds, of rules in CRDs and of webhooks.
    [GeneratedRegex("immutable|updates to .+ (other than|forbidden)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Immutable();
}
