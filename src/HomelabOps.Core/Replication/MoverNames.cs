using System.Text;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Replication;

/// <summary>How VolSync calls what it makes for a replication.</summary>
internal static class MoverNames
{
    /// <summary>On everything that VolSync makes, with the value <see cref="Creator"/>.</summary>
    public const string CreatedBy = "app.kubernetes.io/created-by";

    /// <summary>VolSync, as the value of <see cref="CreatedBy"/>.</summary>
    public const string Creator = "volsync";

    private const int Longest = 63;

    /// <summary>The Deployment, the Secret and the pods of a Syncthing begin with it.</summary>
    public static string OfSyncthing(string replication) => $"volsync-{replication}";

    /// <summary>The Service through which other Syncthings reach one.</summary>
    public static string DataService(string replication) => Short("volsync-", replication, "-data");

    /// <summary>What makes the pods of a mover: a Deployment for Syncthing, else a Job.</summary>
    public static string Controller(string method, string replication, bool isSource)
    {
        var side = isSource ? "src" : "dst";
        return method switch
        {
            "syncthing" => OfSyncthing(replication),
            "rsyncTLS" => Short($"volsync-rsync-tls-{side}-", replication),
            "rsync" or "rclone" => Short($"volsync-{method}-{side}-", replication),
            _ => Short($"volsync-{side}-", replication),
        };
    }

    /// <summary>Whether VolSync has made something to move data, and not an application.</summary>
    public static bool IsOfMover(MetadataWire metadata) =>
        metadata.OwnerReferences?.Exists(owner => owner is { Controller: true, Kind: ReplicationTypes.SourceKind or ReplicationTypes.DestinationKind }) == true;

    // A name that would be too long is replaced by its CRC-32.
    private static string Short(string prefix, string name, string suffix = "") =>
        prefix.Length + name.Length + suffix.Length <= Longest ? prefix + name + suffix : suffix.Length == 0 ? prefix + Hash(name) : $"{prefix}{suffix[1..]}-{Hash(name)}";

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

        return FormattableString.Invariant($"{~sum:x8}");
    }
}
