using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>What the cluster says of a device: its settings, where others reach it, and the pod that it runs in.</summary>
/// <param name="Peers">Of the ReplicationSource; what its program has in its settings may be another.</param>
/// <param name="Hosts">Names and addresses of its data Service; the first one is what its status says.</param>
/// <param name="Pod">Name of its pod, if that runs and is ready.</param>
/// <param name="PodAddress">The pod's address.</param>
/// <param name="Node">Where the pod runs.</param>
/// <param name="HasWriter">Whether an application writes to its volume.</param>
internal sealed record SyncthingPlace(IReadOnlyList<SyncPeer> Peers, IReadOnlyList<string> Hosts, string? Pod, string PodAddress, string? Node, bool HasWriter)
{
    public const int DataPort = 22000;

    /// <summary>The folder of its volume on the node; empty where the volume has none.</summary>
    public string Folder { get; init; } = "";

    public static SyncthingPlace None { get; } = new([], [], null, "", null, false);

    /// <summary>Whether an address of a peer leads here.</summary>
    public bool IsAt(string address) => Hosts.Any(host => address == Tcp(host));

    /// <summary>The peers of a ReplicationSource.</summary>
    public static IReadOnlyList<SyncPeer> PeersOf(JsonObject source) =>
        [.. Items(source, "spec.syncthing.peers").Select(peer => new SyncPeer(Text(peer, "ID"), Text(peer, "address"), (bool?)peer["introducer"] == true))];

    /// <summary>How Syncthing writes the address of a data Service.</summary>
    public static string Tcp(string host) => Invariant($"tcp://{host}:{DataPort}");
}
