using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>
/// The copy on the target is complete by its own figures. What the other side thought of it is not asked: it may be outdated, and it
/// counts what it sent, not what arrived.
/// </summary>
internal sealed class DataCompleteGate : IFailoverGate
{
    // A connection ends with its node; one that ended so long before was broken already.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    /// <summary>Its name.</summary>
    public const string GateName = "DataComplete";

    public string Name => GateName;

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        var told = new List<string>();
        foreach (var claim in item.Claims)
        {
            var result = Check(item, claim, facts);
            if (!result.Passed)
            {
                return result;
            }

            told.Add(result.Message);
        }

        return new(true, string.Join(" ", told));
    }

    private static GateResult Check(FailoverCase item, ClaimMove claim, FailoverFacts facts)
    {
        var own = item.Replications.Where(replication => replication.SourcePvc == claim.Other || replication.DestinationPvc == claim.Other).ToList();
        var syncthing = own.Find(replication => replication.Method == "syncthing" && replication.SourcePvc == claim.Other);
        if (syncthing is not null && facts.Kind == OperationKind.Failback)
        {
            return CheckHome(item, claim, syncthing, facts);
        }

        if (syncthing is not null)
        {
            var heard = facts.Planned ? null : facts.Nodes.GetValueOrDefault(item.From)?.Status?.Conditions?.Find(condition => condition.Type == "Ready")?.LastHeartbeatTime;
            return Check(claim, item.Survivors.Where(survivor => survivor.Name == syncthing.Name && survivor.Namespace == syncthing.Namespace).ToList(), facts.Planned, heard);
        }

        return own.Find(replication => replication.Kind == ReplicationTypes.DestinationKind && replication.DestinationPvc == claim.Other) is not { } destination ? GateResult.Fail("Detail_GateDataUnreplicated", claim.Other)
            : facts.Planned && destination.Method is not ("rsync" or "rsyncTLS") ? GateResult.Fail("Detail_GateDataMethod", claim.Other, destination.Method)
            : (destination.LastSync ?? item.Replications.FirstOrDefault(source => source.Reference == destination.Partner)?.LastSync) is not { } last ? GateResult.Fail("Detail_GateDataNever", claim.Other, destination.Reference)
            : destination.MoverResult == "Failed" ? GateResult.Fail("Detail_GateDataFailed", claim.Other, destination.Reference, destination.Message)
            : GateResult.Pass("Detail_GateDataSynced", claim.Other, destination.Method, Display.Moment(last));
    }

    // It cannot be complete as long as the two do not talk; that is what a way home begins with.
    private static GateResult CheckHome(FailoverCase item, ClaimMove claim, ReplicationStatus syncthing, FailoverFacts facts)
    {
        var answer = item.Survivors.FirstOrDefault(survivor => survivor.Name == syncthing.Name && survivor.Namespace == syncthing.Namespace);
        return answer is { NeedBytes: not null } || (facts.Nodes.GetValueOrDefault(item.To) is { } home && !NodeCordon.IsInService(home, removeTaint: true)) ? GateResult.Pass("Detail_GateDataReturns", claim.Other)
            : answer is { State: SyncthingState.NotRunning } ? GateResult.Fail("Detail_GateDataHomeDown", syncthing.Reference, item.To, PodOf(answer, facts))
            : GateResult.Fail("Detail_GateDataSilent", claim.Other, answer?.Message ?? "-");
    }

    private static string PodOf(SyncthingStatus syncthing, FailoverFacts facts) =>
        facts.Pods.FirstOrDefault(item => item.Pod.Metadata.Name == syncthing.Pod && item.Pod.Metadata.Namespace == syncthing.Namespace).Pod is { } pod ? $"{syncthing.Pod}: {PodHealth.Of(pod).Status}" : "-";

    private static GateResult Check(ClaimMove claim, List<SyncthingStatus> survivors, bool planned, DateTimeOffset? heard) => survivors switch
    {
        [] => GateResult.Fail("Detail_GateDataSilent", claim.Other, "-"),
        _ when survivors.Find(survivor => survivor.NeedBytes is null) is { } silent => GateResult.Fail("Detail_GateDataSilent", claim.Other, silent.Message),
        _ when survivors.Find(survivor => survivor is not { NeedBytes: 0, NeedItems: 0, NeedDeletes: 0 }) is { } behind =>
            GateResult.Fail("Detail_GateDataBehind", claim.Other, Display.Bytes(behind.NeedBytes), behind.NeedItems ?? 0, behind.NeedDeletes ?? 0),
        _ when survivors.TrueForAll(survivor => survivor.Peer.Length == 0) => GateResult.Fail("Detail_GateDataNoPeer", claim.Other, survivors[0].Reference),
        _ when survivors.Find(survivor => survivor.Errors > 0) is { } broken => GateResult.Fail("Detail_GateDataErrors", claim.Other, broken.Errors, broken.Message),
        _ when survivors.TrueForAll(survivor => survivor.LastReceived is null && survivor.LastSeen is null) => GateResult.Fail("Detail_GateDataNever", claim.Other, survivors[0].Reference),
        _ when planned && survivors.Exists(survivor => !survivor.Connected) => GateResult.Fail("Detail_GateDataApart", claim.Other, survivors[0].Message),
        _ when survivors.Find(survivor => !survivor.Connected && survivor.LastSeen is { } seen && heard - new DateTimeOffset(seen) > LongestSilence) is { } dead => GateResult.Fail("Detail_GateDataDead", claim.Other, Display.Moment(dead.LastSeen)),
        [var first, ..] => GateResult.Pass("Detail_GateDataComplete", claim.Other, Display.Moment(first.Connected ? DateTime.Now : first.LastSeen)),
    };
}
