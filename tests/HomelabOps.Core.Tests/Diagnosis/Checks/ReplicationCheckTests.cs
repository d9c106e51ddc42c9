using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Links;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>What is said of replications and Syncthings, and what it comes from.</summary>
public sealed class ReplicationCheckTests
{
    private static readonly SyncthingPeer Known = new("ABCDEFG-2222222", "tcp://10.0.0.1:22000");

    [Fact]
    public void One_that_is_told_no_peer_does_not_look_for_one()
    {
        var snapshot = Snapshot(new() { PeerDrift = true, ExpectedPeer = Known, Message = "The spec of it names no peer." });
        Assert.Equal(["Error SyncNoPeer ReplicationSource/media/sonarr-backup"], new ReplicationCheck().Findings(snapshot));
        Assert.Contains("does not know its peer. The spec of it names no peer.", new ReplicationCheck().Text(snapshot), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sonarr-primary", "", "looks for its peer sonarr-primary where it is not")]
    [InlineData("", "HIJKLMN-3333333", "looks for its peer HIJKLMN where it is not")]
    [InlineData("", "", "looks for its peer ABCDEFG where it is not")]
    public void A_peer_is_named_by_what_is_known_of_it(string name, string device, string words)
    {
        var snapshot = Snapshot(new() { PeerDrift = true, ConfiguredPeer = Known, PeerName = name, Peer = device });
        Assert.Equal(["Error SyncPeerDrift ReplicationSource/media/sonarr-backup"], new ReplicationCheck().Findings(snapshot));
        Assert.Contains(words, new ReplicationCheck().Text(snapshot), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SyncthingState.Paused, "Warning SyncPaused", HomelabRepairKind.ResumeReplication)]
    [InlineData(SyncthingState.Refused, "Error SyncRefused", HomelabRepairKind.RestartSyncthing)]
    [InlineData(SyncthingState.NotRunning, "Error SyncNotRunning", null)]
    [InlineData(SyncthingState.Unreachable, "Error SyncUnreachable", HomelabRepairKind.RestartSyncthing)]
    [InlineData(SyncthingState.Error, "Error SyncError", null)]
    [InlineData(SyncthingState.Disconnected, "Error SyncDisconnected", HomelabRepairKind.RestartSyncthing)]
    public void Each_state_has_its_finding(SyncthingState state, string expected, HomelabRepairKind? repair)
    {
        var snapshot = Snapshot(new(), state);
        Assert.Equal([$"{expected} ReplicationSource/media/sonarr-backup"], new ReplicationCheck().Findings(snapshot));
        Assert.Equal(repair, Assert.Single(new ReplicationCheck().Check(snapshot)).Finding.Repair?.Kind);
    }

    [Fact]
    public void One_that_may_not_be_asked_is_judged_by_what_VolSync_says()
    {
        var snapshot = Snapshot(new(), SyncthingState.Unread);
        Assert.Empty(new ReplicationCheck().Findings(snapshot));
        snapshot = new() { Cluster = Made.Cluster, Syncthings = snapshot.Syncthings, Replications = [Replication(ReplicationState.Disconnected)] };
        Assert.Equal(["Error ReplicationDisconnected ReplicationSource/media/sonarr-backup"], new ReplicationCheck().Findings(snapshot));
    }

    [Theory]
    [InlineData(ReplicationState.Failed, "Error ReplicationFailed")]
    [InlineData(ReplicationState.Late, "Error ReplicationLate")]
    [InlineData(ReplicationState.Paused, "Warning ReplicationPaused")]
    [InlineData(ReplicationState.Pending, "Error ReplicationPending")]
    [InlineData(ReplicationState.Disconnected, "Error ReplicationDisconnected")]
    public void So_has_each_of_VolSync(ReplicationState state, string expected) =>
        Assert.Equal([$"{expected} ReplicationSource/media/sonarr-backup"], new ReplicationCheck().Findings(new() { Cluster = Made.Cluster, Replications = [Replication(state)] }));

    [Theory]
    [InlineData("moved to the backup", null, FindingSeverity.Info)]
    [InlineData("moved to the backup", -1, FindingSeverity.Warning)]
    [InlineData(null, 1, FindingSeverity.Info)]
    [InlineData(null, null, FindingSeverity.Warning)]
    public void One_that_is_suspended_on_purpose_is_no_fault_that_a_repair_resumes(string? reason, int? hours, FindingSeverity severity)
    {
        var suspension = new FluxSuspension { By = "anna@desk", Reason = reason, Since = DateTime.Now.AddDays(-1), Until = hours is { } left ? DateTime.Now.AddHours(left) : null };
        var symptom = Assert.Single(new ReplicationCheck().Check(new() { Cluster = Made.Cluster, Replications = [Replication(ReplicationState.Paused) with { Suspension = suspension }] }));
        Assert.Equal((severity, severity == FindingSeverity.Info), (symptom.Finding.Severity, symptom.Finding.Repair is null));
        Assert.Contains("Resume-VolSyncReplication", symptom.Finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nor_is_that_its_peer_is_alone(bool isMeant)
    {
        var suspension = new FluxSuspension { By = "anna@desk", Reason = isMeant ? "moved to the backup" : null, Since = DateTime.Now.AddDays(-1) };
        var paused = Replication(ReplicationState.Paused) with { Method = "syncthing", Suspension = suspension };
        var (own, peer) = (Snapshot(new(), SyncthingState.Paused).Syncthings!.Single(), Snapshot(new() { PeerName = "sonarr-backup" }).Syncthings!.Single() with { Name = "sonarr-primary" });
        var all = new CauseGraph([.. new ReplicationCheck().Check(new() { Cluster = Made.Cluster, Replications = [paused], Syncthings = [own, peer] })]).Explain();
        Assert.Equal(["SyncPaused from SyncPaused", "SyncDisconnected from SyncPaused"], all.Select(each => $"{each.Symptom.Finding.Reason} from {each.Root.Finding.Reason}"));
        Assert.Equal((isMeant ? FindingSeverity.Info : FindingSeverity.Error, isMeant), (all.Max(each => each.Symptom.Finding.Severity), all.All(each => each.Symptom.Finding.Repair is null)));
    }

    [Fact]
    public void A_run_that_reaches_nobody_comes_from_the_end_that_is_suspended()
    {
        var destination = Replication(ReplicationState.Paused) with { Kind = "ReplicationDestination", Name = "sonarr-dst", Suspension = new() { Reason = "new disk", Since = DateTime.Now } };
        var source = Replication(ReplicationState.Failed) with { Partner = destination.Reference };
        var all = new CauseGraph([.. new ReplicationCheck().Check(new() { Cluster = Made.Cluster, Replications = [source, destination] })]).Explain();
        Assert.All(all, each => Assert.Equal((FindingSeverity.Info, "ReplicationPaused"), (each.Symptom.Finding.Severity, each.Root.Finding.Reason)));
    }

    [Theory]
    [InlineData(SyncthingState.NotRunning, "", "DiskPressure", "NodeDiskPressure")]
    [InlineData(SyncthingState.NotRunning, "", "Cordoned", "NodeCordoned")]
    [InlineData(SyncthingState.Unreachable, "w1", "Cut", "NodeCutOff")]
    [InlineData(SyncthingState.NotRunning, "", "Cut", "NodeCutOff")]
    [InlineData(SyncthingState.Refused, "w1", "DiskPressure", "SyncRefused")]
    public void A_Syncthing_that_is_not_reached_comes_from_the_node_that_it_is_or_has_to_be_on(SyncthingState state, string node, string trouble, string root) =>
        Assert.Equal(root, Root(Snapshot(new() { Node = node }, state), trouble));

    [Theory]
    [InlineData(ReplicationState.Late, "", "DiskPressure", "NodeDiskPressure")]
    [InlineData(ReplicationState.Late, "", "Cordoned", "NodeCordoned")]
    [InlineData(ReplicationState.Failed, "", "DiskPressure", "NodeDiskPressure")]
    [InlineData(ReplicationState.Failed, "", "Cordoned", "ReplicationFailed")]
    [InlineData(ReplicationState.Failed, "unable to create lock in backend", "DiskPressure", "ReplicationFailed")]
    public void So_does_a_run_that_says_nothing_of_its_own(ReplicationState state, string log, string trouble, string root) =>
        Assert.Equal(root, Root(new() { Cluster = Made.Cluster, Replications = [Replication(state) with { MoverLog = log }] }, trouble));

    [Theory]
    [InlineData("2026-11-26T11:59:50Z", true)]
    [InlineData("2026-11-26T11:50:00Z", false)]
    public void One_whose_pod_was_just_made_may_still_start(string created, bool isPassing)
    {
        var pod = new PodFacts(Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""{"metadata":{"name":"mover-1","namespace":"media","creationTimestamp":"{{{created}}}"} }"""), new(Made.Cluster, "Pod", "media", "mover-1"), null);
        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero), Pods = [pod], Syncthings = Snapshot(new() { Pod = "mover-1" }, SyncthingState.NotRunning).Syncthings };
        Assert.Equal(isPassing, Assert.Single(new ReplicationCheck().Check(snapshot)).IsPassing);
        Assert.False(Assert.Single(new ReplicationCheck().Check(Snapshot(new(), SyncthingState.NotRunning))).IsPassing);
    }

    [Theory]
    [InlineData("pvc-sonarr-backup", 1, true)]
    [InlineData("pvc-sonarr-backup", 0, true)]
    [InlineData("pvc-sonarr", 1, false)]
    public void What_writes_into_the_copy_that_is_used_stays_silent(string used, int replicas, bool isSilenced)
    {
        var receiver = Replication(ReplicationState.Paused) with { Kind = "ReplicationDestination", App = "sonarr", SourcePvc = "", DestinationPvc = "pvc-sonarr-backup" };
        var copy = Replication(ReplicationState.Connected) with { Name = "sonarr-files", Method = "syncthing", SourcePvc = "pvc-sonarr-backup" };
        var lone = Snapshot(new() { App = "sonarr", PeerDrift = true, ExpectedPeer = Known }, SyncthingState.NoPeer).Syncthings!.Single() with { Name = "sonarr-files" };
        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Replications = [receiver, copy], Syncthings = [lone], Workloads = [Using(used, "", replicas), Using("pvc-sonarr-backup", "ReplicationSource", 1)] };
        Assert.Equal(
            isSilenced
                ? ["Warning ReplicationSilenced ReplicationDestination/media/sonarr-backup", "Warning ReplicationSilenced ReplicationSource/media/sonarr-files"]
                : ["Error SyncNoPeer ReplicationSource/media/sonarr-files", "Warning ReplicationPaused ReplicationDestination/media/sonarr-backup"],
            new ReplicationCheck().Findings(snapshot).Order(StringComparer.Ordinal));
        Assert.All(new ReplicationCheck().Check(snapshot), symptom => Assert.Equal(isSilenced, symptom.Finding.Remedy.Contains("Invoke-HomelabFailback sonarr", StringComparison.Ordinal)));
        Assert.Equal(!isSilenced, new ReplicationCheck().Check(snapshot).Any(symptom => symptom.Finding.Repair is not null));
    }

    private static WorkloadFacts Using(string claim, string owner, int replicas) => new(
        new(Made.Cluster, "Deployment", "media", "sonarr" + owner),
        Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""
            {"metadata":{"name":"sonarr{{{owner}}}","namespace":"media","ownerReferences":[{"kind":"{{{owner}}}","name":"sonarr","controller":true}]},
             "spec":{"replicas":{{{replicas}}},"template":{"spec":{"volumes":[{"name":"config","persistentVolumeClaim":{"claimName":"{{{claim}}}"} }]} } } }
            """));

    private static string Root(HomelabSnapshot of, string trouble)
    {
        var condition = trouble == "DiskPressure" ? """,{"type":"DiskPressure","status":"True"}""" : "";
        var snapshot = new HomelabSnapshot
        {
            Cluster = Made.Cluster,
            Syncthings = of.Syncthings,
            Replications = of.Replications ?? [Replication(ReplicationState.Connected)],
            Links = trouble == "Cut" ? [new NodeLink("w2", "w1", "10.0.0.1", 10250) { State = LinkState.Broken }, new NodeLink("cp1", "w1", "10.0.0.1", 10250) { State = LinkState.Broken }] : [],
            Nodes =
            [
                Made.Of(WireContext.Default.NodeWire, $$$"""{"metadata":{"name":"w1","labels":{"role":"backup"} },"spec":{"unschedulable":{{{(trouble == "Cordoned" ? "true" : "false")}}}},"status":{"conditions":[{"type":"Ready","status":"True"}{{{condition}}}]} }"""),
                Made.Of(WireContext.Default.NodeWire, """{"metadata":{"name":"w2"},"status":{"conditions":[{"type":"Ready","status":"True"}]} }"""),
            ],
            Storage = VolumeFacts.Of([], [Made.Of(VolumeWireContext.Default.VolumeWire, """
                {"metadata":{"name":"pv"},"spec":{"claimRef":{"namespace":"media","name":"sonarr-config-backup"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"role","operator":"In","values":["backup"]}]}]} } } }
                """)], null, null, null),
        };
        var all = new CauseGraph([.. new NodeCheck().Check(snapshot), .. new LinkCheck().Check(snapshot), .. new ReplicationCheck().Check(snapshot)]).Explain();
        return Assert.Single(all, each => each.Symptom.Finding.Area == HomelabArea.Replication).Root.Finding.Reason;
    }

    private static ReplicationStatus Replication(ReplicationState state) => new()
    {
        Cluster = Made.Cluster,
        Kind = "ReplicationSource",
        Namespace = "media",
        Name = "sonarr-backup",
        Method = "restic",
        State = state,
        Healthy = state == ReplicationState.Connected,
        SourcePvc = "sonarr-config-backup",
    };

    private static HomelabSnapshot Snapshot(SyncthingStatus status, SyncthingState state = SyncthingState.Disconnected) => new()
    {
        Cluster = Made.Cluster,
        Syncthings = [status with { Cluster = Made.Cluster, Kind = "ReplicationSource", Namespace = "media", Name = "sonarr-backup", State = state }],
    };
}
