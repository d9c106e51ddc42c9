using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;

namespace HomelabOps.Sandbox.Controllers.Volumes;

/// <summary>Which volume a claim may have.</summary>
internal static class VolumeMatch
{
    /// <summary>The first rule that a volume breaks which a claim asks for; null when it breaks none. In the binder's words.</summary>
    public static string? Mismatch(JsonObject volume, JsonObject claim) =>
        Size(volume) < Quantity.Whole(Cells.Text(claim, "spec.resources.requests.storage")) ? "requested PV is too small"
        : Cells.Text(volume, "spec.storageClassName") != Cells.Text(claim, "spec.storageClassName") ? "storageClassName does not match"
        : Cells.Text(volume, "spec.volumeMode", "Filesystem") != Cells.Text(claim, "spec.volumeMode", "Filesystem") ? "incompatible volumeMode"
        : !Modes(claim).All(Modes(volume).Contains) ? "incompatible accessMode"
        : null;

    /// <summary>Whether a volume was set aside for this very claim, by name and where it is written by uid.</summary>
    public static bool IsMeantFor(JsonObject volume, JsonObject claim)
    {
        var (space, name) = ObjectName.Of(claim);
        return volume["spec"]?["claimRef"] is { } reference && Cells.Text(reference, "namespace") == space && Cells.Text(reference, "name") == name
            && Cells.Text(reference, "uid") is var uid && (uid.Length == 0 || uid == Cells.Text(claim, "metadata.uid"));
    }

    /// <summary>The smallest volume that a claim may have: first one that is meant for it, else one that nobody has.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volumes">All volumes.</param>
    /// <param name="node">Only volumes that this node can reach; null for any.</param>
    public static JsonObject? Best(JsonObject claim, IEnumerable<JsonObject> volumes, JsonObject? node = null)
    {
        var usable = volumes.Where(volume => volume["metadata"]?["deletionTimestamp"] is null && Mismatch(volume, claim) is null && (node is null || Reaches(volume, node))).ToList();
        return usable.Find(volume => IsMeantFor(volume, claim)) ?? usable
            .Where(volume => volume["spec"]?["claimRef"] is null && Cells.Text(volume, "status.phase") == "Available" && Selects(claim, volume))
            .OrderBy(Size).ThenBy(volume => Cells.Text(volume, "metadata.name"), StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Whether a node can reach a volume.</summary>
    public static bool Reaches(JsonObject volume, JsonObject node) => Cells.At(volume, "spec.nodeAffinity.required") is not { } required || LabelMatch.SelectsNode(required, node);

    private static bool Selects(JsonObject claim, JsonObject volume) =>
        claim["spec"]?["selector"] is not { } selector || LabelMatch.Selects(selector, volume["metadata"]?["labels"] as JsonObject);

    private static long Size(JsonObject volume) => Quantity.Whole(Cells.Text(volume, "spec.capacity.storage"));

    private static List<string> Modes(JsonObject item) => [.. (Cells.At(item, "spec.accessModes") as JsonArray ?? []).Select(mode => (string?)mode ?? "")];
}
