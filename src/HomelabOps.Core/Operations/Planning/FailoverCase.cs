using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>An application that is to be moved.</summary>
/// <param name="App">The application.</param>
/// <param name="Workload">What makes its pods.</param>
/// <param name="From">The node that it is moved off.</param>
/// <param name="To">The node that it is moved to.</param>
internal sealed record FailoverCase(HomelabApp App, Workload Workload, string From, string To)
{
    /// <summary>What its pods ask for.</summary>
    public PodSpecWire PodSpec => (Workload.Json["spec"]?["template"]?["spec"] as JsonObject)?.Deserialize(WireContext.Default.PodSpecWire) ?? new();

    /// <summary>Images of its containers, those that run before them among them.</summary>
    public IReadOnlyList<string> Images => [.. App.Images.Concat((PodSpec.InitContainers ?? []).Select(container => container.Image ?? "")).Where(image => image.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>What its pods pull them with.</summary>
    public ImageAccess ImageAccess => Workload.Json["spec"]?["template"]?["spec"] is not JsonObject spec ? new("", [])
        : new((string?)spec["serviceAccountName"] ?? "", [.. (spec["imagePullSecrets"] as JsonArray ?? []).Select(secret => (string?)secret?["name"] ?? "").Where(name => name.Length > 0)]);

    /// <summary>Claims that are exchanged.</summary>
    public IReadOnlyList<ClaimMove> Claims { get; init; } = [];

    /// <summary>Claims that are bound to another node than the target, and that nothing is known to stand for there.</summary>
    public IReadOnlyList<string> Unpaired { get; init; } = [];

    /// <summary>Claims whose volume is on the target already.</summary>
    public IReadOnlyList<string> Arrived { get; init; } = [];

    /// <summary>Replications of the claims, of both sides.</summary>
    public IReadOnlyList<ReplicationStatus> Replications { get; init; } = [];

    /// <summary>What the Syncthings on the target say of their copies.</summary>
    public IReadOnlyList<SyncthingStatus> Survivors { get; init; } = [];

    /// <summary>Its manifest names the data of the target already.</summary>
    public bool AtTarget => Claims.Count == 0 && Unpaired.Count == 0 && Arrived.Count > 0;

    /// <summary>It stays where it is, and only its data is replicated to the target again.</summary>
    public bool Stays { get; init; }

    /// <summary>It is at the target already, and that one is not ready.</summary>
    public bool IsStranded { get; init; }

    /// <summary>Folders of the target with the copies.</summary>
    public IEnumerable<string> Paths => Claims.Select(claim => claim.OtherVolume?.Path ?? "").Where(path => path.StartsWith('/')).Select(path => path.TrimEnd('/'));

    /// <summary>Folders of the node that is left, by those of the target that stand for them.</summary>
    public IReadOnlyDictionary<string, string> OldPaths => (from claim in Claims
                                                            let other = claim.OtherVolume?.Path ?? ""
                                                            let own = claim.Volume?.Path ?? ""
                                                            where other.StartsWith('/') && own.StartsWith('/')
                                                            select (Other: other.TrimEnd('/'), Own: own.TrimEnd('/'))).DistinctBy(pair => pair.Other).ToDictionary(pair => pair.Other, pair => pair.Own, StringComparer.Ordinal);

    /// <summary>Whether a replication is the Syncthing of the old side, which would send its data to the copies when it is back.</summary>
    public bool IsPartner(ReplicationStatus replication) => replication.Method == "syncthing" && Claims.Any(claim => replication.SourcePvc == claim.Claim);

    /// <summary>The Syncthings of both sides of each claim that has them, and the folder of the one on the target; empty where its path is not known.</summary>
    public IReadOnlyList<(ReplicationStatus Home, ReplicationStatus Away, string Path)> Pairs =>
    [
        .. from claim in Claims
           let home = Replications.FirstOrDefault(replication => replication.Method == "syncthing" && replication.SourcePvc == claim.Other)
           let away = Replications.FirstOrDefault(replication => replication.Method == "syncthing" && replication.SourcePvc == claim.Claim)
           where home is not null && away is not null
           select (home, away, claim.OtherVolume?.Path is ['/', _, ..] path ? path.TrimEnd('/') : ""),
    ];

    /// <summary>Whether a replication writes into one of the claims that are left, which it must not as long as they are used.</summary>
    public bool IsReturn(ReplicationStatus replication) => replication is { Kind: Replication.ReplicationTypes.DestinationKind } && Claims.Any(claim => replication.DestinationPvc == claim.Claim);

    /// <summary>Whether a replication writes into one of the copies.</summary>
    public bool IsWriter(ReplicationStatus replication) =>
        Claims.Any(claim => replication.Method == "syncthing" ? replication.SourcePvc == claim.Other : replication is { Kind: Replication.ReplicationTypes.DestinationKind } && replication.DestinationPvc == claim.Other);
}
