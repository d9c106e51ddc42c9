using System.Text;
using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Names and labels of what VolSync makes.</summary>
internal static class VolSyncNames
{
    public const string Manager = "volsync-controller";
    public const string CreatedBy = "app.kubernetes.io/created-by";
    public const string Cleanup = "volsync.backube/cleanup";
    public const string SyncthingComponent = "syncthing-mover";

    private const int Longest = 63;

    /// <summary>A name with a prefix, or with a hash in place of a name that is too long.</summary>
    public static string Short(string prefix, string name, string suffix = "") =>
        prefix.Length + name.Length + suffix.Length <= Longest ? prefix + name + suffix : suffix.Length == 0 ? prefix + Hash(name) : $"{prefix}{suffix[1..]}-{Hash(name)}";

    /// <summary>The labels by which Services find the pods of a mover.</summary>
    public static JsonObject Selector(string name, string component) => new()
    {
        ["app.kubernetes.io/name"] = name,
        ["app.kubernetes.io/component"] = component,
        ["app.kubernetes.io/part-of"] = "volsync",
    };

    public static bool IsVolSyncs(JsonObject item) => (string?)item["metadata"]?["labels"]?[CreatedBy] == "volsync";

    /// <summary>The ReplicationSource of a pod of a Syncthing mover; null for other pods. Only the Secret's name holds it in full.</summary>
    public static string? SyncthingSourceOf(JsonObject pod) => (string?)pod["metadata"]?["labels"]?["app.kubernetes.io/component"] == SyncthingComponent
        ? Items(pod, "spec.volumes").Select(volume => Text(volume, "secret.secretName")).FirstOrDefault(name => name.StartsWith("volsync-", StringComparison.Ordinal))?["volsync-".Length..]
        : null;

    // CRC-32 as IEEE 802.3 has it.
    private static string Hash(string name)
    {
        var sum = uint.MaxValue;
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
            }
        }

        return Invariant($"{~sum:x8}");
    }
}
