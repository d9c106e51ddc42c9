using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;

namespace HomelabOps.Sandbox.Controllers.Volumes;

/// <summary>Which volume a claim may have.</summary>
internal static class VolumeMatch
{
    // Older than the field, and still stronger.
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    /// <summary>The first rule that a volume breaks which a claim asks for by name; null when it breaks none. In the binder's words.</summary>
    public static string? Mismatch(JsonObject volume, JsonObject claim) =>
        volume["metadata"]?["deletionTimestamp"] is not null ? $"the volume is marked for deletion \"{Cells.Text(volume, "metadata.name")}\""
        : Size(volume) < Request(claim) ? "requested PV is too small"
        : ClassOf(volume) != ClassOf(claim) ? "storageClassName does not match"
        : Mode(volume) != Mode(claim) ? "incompatible volumeMode"
        : !Modes(claim).All(Modes(volume).Contains) ? "incompatible accessMode"
        : null;

    /// <summary>The class of a claim or a volume; empty for none.</summary>
    public static string ClassOf(JsonObject item) => (string?)item["metadata"]?["annotations"]?[ClassAnnotation] ?? Cells.Text(item, "spec.storageClassName");

    /// <summary>Whether a volume was set aside for this very claim, by name and where it is written by uid.</summary>
    public static bool IsMeantFor(JsonObject volume, JsonObject claim)
    {
        var (space, name) = ObjectName.Of(claim);
        return volume["spec"]?["claimRef"] is { } reference && Cells.Text(reference, "namespace") == space && Cells.Text(reference, "name") == name
            && Cells.Text(reference, "uid") is var uid && (uid.Length == 0 || uid == Cells.Text(claim, "metadata.uid"));
    }

    /// <summary>
    /// The volume that a claim gets: of those with the fewest access modes one that is meant for it, whatever its class and
    /// labels, else the smallest that nobody has.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volumes">All volumes.</param>
    /// <param name="node">Only volumes that this node can reach; null for any.</param>
    public static JsonObject? Best(JsonObject claim, IEnumerable<JsonObject> volumes, JsonObject? node = null) => volumes
        .Where(volume => IsMeantFor(volume, claim) || IsToBeHad(volume, claim))
        .Where(volume => volume["metadata"]?["deletionTimestamp"] is null && Size(volume) >= Request(claim) && Mode(volume) == Mode(claim) && Modes(claim).All(Modes(volume).Contains))
        .Where(volume => node is null || Reaches(volume, node))
        .OrderBy(volume => Modes(volume).Count)
        .ThenByDescending(volume => IsMeantFor(volume, claim))
        .ThenBy(Size)
        .ThenBy(volume => Cells.Text(volume, "metadata.name"), StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Whether a node can reach a volume.</summary>
    public static bool Reaches(JsonObject volume, JsonObject node) => Cells.At(volume, "spec.nodeAffinity.required") is not { } required || LabelMatch.SelectsNode(required, node);

    private static bool IsToBeHad(JsonObject volume, JsonObject claim) =>
        volume["spec"]?["claimRef"] is null && Cells.Text(volume, "status.phase") == "Available" && ClassOf(volume) == ClassOf(claim) && Selects(claim, volume);

    private static bool Selects(JsonObject claim, JsonObject volume) =>
        claim["spec"]?["selector"] is not { } selector || LabelMatch.Selects(selector, volume["metadata"]?["labels"] as JsonObject);

    private static long Size(JsonObject volume) => Quantity.Whole(Cells.Text(volume, "spec.capacity.storage"));

    private static long Request(JsonObject claim) => Quantity.Whole(Cells.Text(claim, "spec.resources.requests.storage"));

    private static string Mode(JsonObject item) => Cells.Text(item, "spec.volumeMode", "Filesystem");

    private static List<string> Modes(JsonObject item) => [.. (Cells.At(item, "spec.accessModes") as JsonArray ?? []).Select(mode => (string?)mode ?? "")];
}
