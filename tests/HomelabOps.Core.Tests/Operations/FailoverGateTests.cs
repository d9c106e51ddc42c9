using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Operations.Gates;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Workloads;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Tests.Operations;

/// <summary>What gates conclude of facts, above all where they must not let a move pass.</summary>
public sealed class FailoverGateTests
{
    private static readonly DateTime Seen = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Local);

    [Theory]
    [InlineData("k3s-w1", true, true, true)]
    [InlineData("k3s-w1", true, false, false)]
    [InlineData("k3s-w1", false, false, true)]
    [InlineData("k3s-w1", false, true, false)]
    [InlineData("k3s-w11", false, false, false)]
    public void The_old_node_is_as_the_move_takes_it_to_be(string from, bool ready, bool planned, bool passes) =>
        Assert.Equal(passes, new SourceNodeGate().Check(Case() with { From = from }, Facts(planned, ready)).Passed);

    [Theory]
    [InlineData(SyncthingState.NoPeer, false, true)]
    [InlineData(SyncthingState.NotRunning, false, true)]
    [InlineData(SyncthingState.NotRunning, true, false)]
    [InlineData(SyncthingState.InSync, true, false)]
    public void A_replication_that_was_silenced_is_so_while_its_other_node_is_down(SyncthingState state, bool hasPeer, bool isSilent)
    {
        var item = Case() with { Stays = true, Survivors = [Survivor() with { State = state, ConfiguredPeer = hasPeer ? new("AAAA", "tcp://10.0.0.1:22000") : null }] };
        item = item with { Replications = [.. item.Replications, new() { Kind = "ReplicationSource", Namespace = "media", Name = "sonarr-primary", Method = "syncthing", SourcePvc = "pvc-sonarr" }] };
        Assert.Equal(isSilent, SilentHomes.IsSilent(item));

        // And it is said of the node, instead of that all is done.
        var facts = Facts(planned: true, ready: true) with { Kind = OperationKind.Failback, Nodes = new Dictionary<string, NodeWire> { ["k3s-w1"] = Node("k3s-w1", true, Seen), ["k3s-w2"] = Node("k3s-w2", false, Seen) } };
        Assert.Contains(FailoverGates.Check(item, facts), gate => gate is { Name: TargetNodeGate.GateName, Passed: false } && gate.Message.Contains("k3s-w2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("behind", false)]
    [InlineData("peer says complete", false)]
    [InlineData("silent", false)]
    [InlineData("no peer", false)]
    [InlineData("never", false)]
    [InlineData("errors", false)]
    public void A_copy_is_complete_by_its_own_figures_only(string what, bool passes)
    {
        var survivor = what switch
        {
            "behind" => Survivor() with { NeedBytes = 5, NeedItems = 1 },
            "peer says complete" => Survivor() with { NeedDeletes = 1, PeerCompletionPercent = 100, PeerNeedBytes = 0, CompletionPercent = 100 },
            "silent" => Survivor() with { NeedBytes = null },
            "no peer" => Survivor() with { Peer = "" },
            "never" => Survivor() with { LastSeen = null, LastReceived = null, Connected = false },
            "errors" => Survivor() with { Errors = 1 },
            _ => Survivor(),
        };
        Assert.Equal(passes, new DataCompleteGate().Check(Case() with { Survivors = [survivor] }, Facts(planned: false, ready: false)).Passed);
    }

    // The connection ends with the node. One that ended long before, or has ended while the node is alive, was broken already.
    [Theory]
    [InlineData(true, 0, false)]
    [InlineData(false, 1, true)]
    [InlineData(false, 60, false)]
    public void A_replication_that_was_dead_is_no_copy(bool planned, int minutes, bool passes)
    {
        var item = Case() with { Survivors = [Survivor() with { Connected = false }] };
        Assert.Equal(passes, new DataCompleteGate().Check(item, Facts(planned, ready: planned, heard: Seen.AddMinutes(minutes))).Passed);
    }

    [Theory]
    [InlineData("rsyncTLS", true, true)]
    [InlineData("restic", false, true)]
    [InlineData("restic", true, false)]
    public void What_cannot_be_caught_up_is_no_planned_move(string method, bool planned, bool passes)
    {
        var destination = new ReplicationStatus { Kind = "ReplicationDestination", Namespace = "media", Name = "in", Method = method, DestinationPvc = "pvc-sonarr-backup", LastSync = Seen };
        Assert.Equal(passes, new DataCompleteGate().Check(Case() with { Replications = [destination], Survivors = [] }, Facts(planned, ready: planned)).Passed);
    }

    [Fact]
    public void The_disk_must_take_the_copies_of_all_that_move_together()
    {
        var (one, other) = (Case(), Case("plex"));
        var facts = Facts(planned: true, ready: true) with { Targets = Targets(new(30, 1000, 50, IsOfParent: true)) };
        Assert.True(new SpaceGate().Check(one, facts with { Cases = [one] }).Passed);
        Assert.False(new SpaceGate().Check(one, facts with { Cases = [one, other] }).Passed);
    }

    [Fact]
    public void Copies_are_kept_beside_the_folder_and_not_in_it()
    {
        var facts = Facts(planned: true, ready: true) with { Cases = [Case()] };
        Assert.True(new SpaceGate().Check(Case(), facts with { Targets = Targets(new(30, 0, 50, IsOfParent: false)) }).Passed);
        Assert.False(new SpaceGate().Check(Case(), facts with { Targets = Targets(new(30, 1000, 20, IsOfParent: false)) }).Passed);
    }

    [Theory]
    [InlineData(1, 20, 5, false)]
    [InlineData(1, 20, 25, true)]
    [InlineData(20, 1, 5, true)]
    public void Home_needs_room_for_what_comes_and_not_for_what_is_there(long old, long coming, long free, bool passes)
    {
        var home = Case() with { Replications = [Syncthing("pvc-sonarr"), Syncthing("pvc-sonarr-backup")] };
        var targets = Targets(new(old, free, free, IsOfParent: true));
        targets["k3s-w1"] = new(new Dictionary<string, FolderSpace> { ["/data/pods/sonarr"] = new(coming, 0, 0, IsOfParent: true) }, null);
        Assert.Equal(passes, new SpaceGate().Check(home, Facts(planned: true, ready: true) with { Kind = OperationKind.Failback, Cases = [home], Targets = targets }).Passed);

        static ReplicationStatus Syncthing(string claim) => new() { Kind = "ReplicationSource", Namespace = "media", Name = claim, Method = "syncthing", SourcePvc = claim };
    }

    [Fact]
    public void Without_a_folder_to_set_aside_nothing_comes_home_whatever_is_overridden()
    {
        ReplicationStatus[] pair = [.. new[] { "pvc-sonarr", "pvc-sonarr-backup" }.Select(claim => new ReplicationStatus { Kind = "ReplicationSource", Namespace = "media", Name = claim, Method = "syncthing", SourcePvc = claim })];
        var homeless = Case() with { Replications = pair, Claims = [Case().Claims[0] with { OtherVolume = null }] };
        var facts = Facts(planned: true, ready: true) with { Kind = OperationKind.Failback };
        Assert.False(new HomeFolderGate().Check(homeless, facts).Passed);
        Assert.True(new HomeFolderGate().Check(Case() with { Replications = pair }, facts).Passed);
        Assert.True(new HomeFolderGate().Check(homeless, facts with { Kind = OperationKind.PlannedFailover }).Passed);
        Assert.False(new HomeFolderGate().CanBeOverridden(homeless, facts));
    }

    private static Dictionary<string, TargetFacts> Targets(FolderSpace folder) =>
        new() { ["k3s-w2"] = new(new Dictionary<string, FolderSpace> { ["/data/pods/sonarr"] = folder, ["/data/pods/plex"] = folder }, null) };

    // A folder of some node is not everywhere, whatever its volume leaves out; a share of the network is.
    [Theory]
    [InlineData("/opt/sonarr", "other")]
    [InlineData("nas:/mnt/user/sonarr", "comes along")]
    public void Data_comes_along_only_where_every_node_can_mount_it(string path, string what)
    {
        HomelabVolume[] volumes = [new() { Namespace = "media", Claim = "other", Volume = "v", Phase = "Bound", Path = path }];
        var found = new FailoverCases(volumes, [], new()).Of(new() { Kind = "Deployment", Namespace = "media", Name = "sonarr", Node = "k3s-w1" }, Workload("other"), null, null);
        Assert.Equal(what == "comes along" ? [] : [what], found.Unpaired);
        Assert.Empty(found.Claims);
    }

    [Theory]
    [InlineData("maintenance", "Exists", "", true)]
    [InlineData("maintenance", "Equal", "later", false)]
    [InlineData("", "Exists", "", true)]
    [InlineData("", "Equal", "", false)]
    public void A_taint_of_the_target_keeps_away_who_does_not_tolerate_it(string key, string @operator, string value, bool passes)
    {
        var item = Case();
        item.Workload.Json["spec"]!["template"]!["spec"]!["tolerations"] = new JsonArray(new JsonObject { ["key"] = key, ["operator"] = @operator, ["value"] = value });
        var facts = Facts(planned: true, ready: true);
        facts.Nodes["k3s-w2"].Spec = new() { Taints = [new() { Key = "maintenance", Value = "now", Effect = "NoSchedule" }] };
        Assert.Equal(passes, new TargetNodeGate().Check(item, facts).Passed);
    }

    // A node that was given up takes pods again with the way home; for any other move it is no target.
    [Theory]
    [InlineData(OperationKind.Failback, true)]
    [InlineData(OperationKind.PlannedFailover, false)]
    public void A_cordon_is_lifted_by_the_way_home_only(OperationKind kind, bool passes)
    {
        var facts = Facts(planned: true, ready: true) with { Kind = kind };
        facts.Nodes["k3s-w2"].Spec = new() { Unschedulable = true };
        Assert.Equal(passes, new TargetNodeGate().Check(Case(), facts).Passed);
    }

    [Theory]
    [InlineData("/data/pods/sonarr/", 0L, true)]
    [InlineData("nas:/sonarr", 0L, false)]
    [InlineData("/data/pods/sonarr", null, false)]
    public void Data_comes_home_where_the_old_can_be_set_aside_and_the_Syncthing_answers(string path, long? need, bool passes)
    {
        var item = Case();
        var (claim, facts) = (item.Claims[0], Facts(planned: true, ready: true) with { Kind = OperationKind.Failback });
        item = item with
        {
            Claims = [claim with { OtherVolume = claim.OtherVolume! with { Path = path } }],
            Replications = [.. item.Replications, new() { Kind = "ReplicationSource", Namespace = "media", Name = "sonarr-primary", Method = "syncthing", SourcePvc = claim.Claim }],
            Survivors = [Survivor() with { NeedBytes = need, Connected = false, Peer = "" }],
        };
        Assert.Equal(passes, new DataCompleteGate().Check(item, facts).Passed && new HomeFolderGate().Check(item, facts).Passed);
        Assert.Equal(path == "nas:/sonarr" ? "" : "/data/pods/sonarr", Assert.Single(item.Pairs).Path);
    }

    [Fact]
    public void A_Syncthing_that_is_replaced_at_home_is_waited_for_by_the_owner()
    {
        var item = Case() with { Survivors = [Survivor() with { NeedBytes = null, State = SyncthingState.NotRunning, Pod = "volsync-1", Message = "The spec names no peer." }] };
        var pod = new PodWire { Metadata = new() { Name = "volsync-1", Namespace = "media", DeletionTimestamp = new DateTimeOffset(Seen) } };
        var result = new DataCompleteGate().Check(item, Facts(planned: true, ready: true) with { Kind = OperationKind.Failback, Pods = [(pod, null)] });
        Assert.False(result.Passed);
        Assert.Contains("sonarr-backup on k3s-w2 does not run now (pod volsync-1: Terminating)", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("peer", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_has_stopped_is_not_started_elsewhere() =>
        Assert.False(new WorkloadGate().Check(Case() with { App = Case().App with { Stopped = true } }, Facts(planned: true, ready: true)).Passed);

    [Fact]
    public void Those_that_move_together_need_room_beside_each_other()
    {
        var (one, other) = (Asking("sonarr"), Asking("plex"));
        var facts = Facts(planned: true, ready: true);
        facts.Nodes["k3s-w2"].Status!.Allocatable = new() { ["cpu"] = "1", ["memory"] = "4Gi", ["pods"] = "110" };
        Assert.True(new RoomGate().Check(one, facts with { Cases = [one] }).Passed);
        Assert.False(new RoomGate().Check(one, facts with { Cases = [one, other] }).Passed);

        static FailoverCase Asking(string name)
        {
            var item = Case(name);
            item.Workload.Json["spec"]!["template"]!["spec"]!["containers"] = new JsonArray(new JsonObject { ["name"] = name, ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "600m" } } });
            return item;
        }
    }

    [Theory]
    [InlineData("main@sha1:1234", true)]
    [InlineData("refs/heads/main@sha1:1234", true)]
    [InlineData("sha1:1234", true)]
    [InlineData("release@sha1:1234", false)]
    public void A_commit_goes_to_the_branch_that_the_cluster_gets(string revision, bool passes)
    {
        var (item, app) = (Case(), Case().App.Reference);
        var source = new FluxResource { Kind = "GitRepository", Namespace = "flux-system", Name = "flux-system", Revision = revision };
        var facts = Facts(planned: true, ready: true) with
        {
            Flux = new Dictionary<ResourceReference, (IReadOnlyList<FluxResource>, HomelabException?)> { [app] = ([source], null) },
            Changes = new Dictionary<ResourceReference, (GitOpsChange?, HomelabException?)> { [app] = (new() { Branch = "main", Files = ["sonarr.yaml"] }, null) },
        };
        var found = new GitGate().Check(item, facts);
        Assert.Equal((passes, false), (found.Passed, new GitGate().CanBeOverridden(item, facts)));
        Assert.Equal(!passes, found.Message.Contains("'main'", StringComparison.Ordinal) && found.Message.Contains("'release'", StringComparison.Ordinal));

        // A branch that was never pushed is not the one to push.
        facts = facts with { Branch = "work", Changes = new Dictionary<ResourceReference, (GitOpsChange?, HomelabException?)> { [app] = (null, Errors.RepositoryUpstreamMissing("/repo", "work")) } };
        Assert.Equal(revision.Contains('@', StringComparison.Ordinal), new GitGate().Check(item, facts).Message.Contains("git switch", StringComparison.Ordinal));
    }

    [Fact]
    public void No_branch_is_advised_where_the_cluster_stays_at_a_tag()
    {
        var (item, app) = (Case(), Case().App.Reference);
        var facts = Facts(planned: true, ready: true) with
        {
            Flux = new Dictionary<ResourceReference, (IReadOnlyList<FluxResource>, HomelabException?)> { [app] = ([new FluxSource { Kind = "GitRepository", Namespace = "flux-system", Name = "flux-system", Revision = "v1.2.0@sha1:1234", StaysAt = "v1.2.0" }], null) },
            Changes = new Dictionary<ResourceReference, (GitOpsChange?, HomelabException?)> { [app] = (new() { Branch = "v1.2.0", Files = ["sonarr.yaml"] }, null) },
        };
        var found = new GitGate().Check(item, facts);
        Assert.False(found.Passed);
        Assert.Contains("GitRepository/flux-system/flux-system stays at 'v1.2.0'", found.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("git switch", found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OperationKind.Failover, true)]
    [InlineData(OperationKind.Failback, false)]
    public void Without_Git_the_way_is_named_that_there_is(OperationKind kind, bool named)
    {
        var facts = Facts(planned: true, ready: true) with
        {
            Kind = kind,
            Changes = new Dictionary<ResourceReference, (GitOpsChange?, HomelabException?)> { [Case().App.Reference] = (null, Errors.GitRemoteUnreachable("https://git.example.org", "no route")) },
        };
        Assert.Equal(named, new GitGate().Check(Case(), facts).Message.Contains("-Local", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_done_without_is_not_overridden()
    {
        var facts = Facts(planned: true, ready: true);
        Assert.True(new BackupClaimGate().CanBeOverridden(Case(), facts));
        Assert.False(new BackupClaimGate().CanBeOverridden(Case() with { Claims = [] }, facts));
        Assert.True(new SpaceGate().CanBeOverridden(Case(), facts with { Targets = Targets(new(30, 0, 0, IsOfParent: true)) }));
        Assert.False(new SpaceGate().CanBeOverridden(Case("radarr"), facts with { Targets = Targets(new(30, 0, 0, IsOfParent: true)) }));
        Assert.True(new SourceNodeGate().CanBeOverridden(Case(), facts));
        Assert.False(new SourceNodeGate().CanBeOverridden(Case(), facts with { Kind = OperationKind.Failback }));
    }

    // Pods that are missing are what a failover is for; those of a template that has never run are somebody else's change.
    [Theory]
    [InlineData("NewReplicaSetAvailable", true)]
    [InlineData("ReplicaSetUpdated", false)]
    public void An_application_in_the_middle_of_another_rollout_stays(string reason, bool passes)
    {
        var item = Case();
        item.Workload.Wire.Spec = new() { Replicas = 1 };
        item.Workload.Wire.Status = new() { Replicas = 1, UpdatedReplicas = 1, Conditions = [new() { Type = "Progressing", Status = "True", Reason = reason }] };
        Assert.Equal(passes, new WorkloadGate().Check(item, Facts(planned: false, ready: false)).Passed);
    }

    [Fact]
    public void A_target_that_is_down_is_no_place_to_be_at()
    {
        var stranded = Case() with { Claims = [], Arrived = ["pvc-sonarr-backup"], IsStranded = true };
        var gate = Assert.Single(FailoverGates.Check(stranded, Facts(planned: false, ready: false)));
        Assert.Equal((false, false), (gate.Passed, gate.CanBeOverridden));
        Assert.Contains("Invoke-HomelabFailover sonarr -To k3s-w1", gate.Message, StringComparison.Ordinal);
        Assert.Empty(FailoverGates.Check(stranded with { IsStranded = false }, Facts(planned: false, ready: false)));
    }

    private static Workload Workload(string claim)
    {
        var json = JsonNode.Parse($$"""{"metadata":{"name":"sonarr","namespace":"media"},"spec":{"template":{"spec":{"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"{{claim}}"} }]} } } }""")!.AsObject();
        return new(new("apps", "v1", "deployments", "Deployment", true), new("home", "Deployment", "media", "sonarr"), System.Text.Json.JsonSerializer.Deserialize(json, WorkloadWireContext.Default.WorkloadWire)!, json);
    }

    private static FailoverCase Case(string name = "sonarr")
    {
        var (here, there) = (Volume($"pvc-{name}", "k3s-w1", name), Volume($"pvc-{name}-backup", "k3s-w2", name));
        return new(new() { Kind = "Deployment", Namespace = "media", Name = name }, Workload($"pvc-{name}"), "k3s-w1", "k3s-w2")
        {
            Claims = [new(here.Claim, here, there.Claim, there)],
            Replications = [new() { Kind = "ReplicationSource", Namespace = "media", Name = $"{name}-backup", Method = "syncthing", SourcePvc = there.Claim }],
            Survivors = [Survivor()],
        };

        static HomelabVolume Volume(string claim, string node, string app) => new() { Namespace = "media", Claim = claim, Volume = "pv-" + claim, Phase = "Bound", Node = node, Path = "/data/pods/" + app };
    }

    private static SyncthingStatus Survivor() => new()
    {
        Kind = "ReplicationSource",
        Namespace = "media",
        Name = "sonarr-backup",
        Peer = "ABC",
        Connected = true,
        NeedBytes = 0,
        NeedItems = 0,
        NeedDeletes = 0,
        LastSeen = Seen,
        LastReceived = Seen,
    };

    private static FailoverFacts Facts(bool planned, bool ready, DateTime? heard = null) => new()
    {
        Cluster = "home",
        Config = new(),
        Kind = planned ? OperationKind.PlannedFailover : OperationKind.Failover,
        Nodes = new Dictionary<string, NodeWire> { ["k3s-w1"] = Node("k3s-w1", ready, heard ?? Seen), ["k3s-w2"] = Node("k3s-w2", true, Seen) },
        Cases = [],
        Pods = [],
        Apps = [],
    };

    private static NodeWire Node(string name, bool ready, DateTime heard) => new()
    {
        Metadata = new() { Name = name },
        Status = new() { Conditions = [new() { Type = "Ready", Status = ready ? "True" : "Unknown", LastHeartbeatTime = new DateTimeOffset(heard) }] },
    };
}
