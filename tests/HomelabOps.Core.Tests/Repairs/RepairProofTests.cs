using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Repairs;
using HomelabOps.Core.Tests.Diagnosis.Checks;

namespace HomelabOps.Core.Tests.Repairs;

/// <summary>Whether a finding is gone, by what one look at the homelab says.</summary>
public sealed class RepairProofTests
{
    private static readonly ResourceReference Node = new(Made.Cluster, "Node", "", "w1");
    private static readonly ResourceReference Source = new(Made.Cluster, "ReplicationSource", "media", "sonarr-backup");

    [Theory]
    [InlineData(NfsMountState.Mounted, HomelabRepairResult.Gone)]
    [InlineData(NfsMountState.Missing, HomelabRepairResult.Remains)]
    [InlineData(NfsMountState.Hung, HomelabRepairResult.Remains)]
    [InlineData(NfsMountState.Unreachable, null)]
    [InlineData(null, null)]
    public void A_mount_is_well_when_somebody_has_seen_it(NfsMountState? state, HomelabRepairResult? expected) =>
        Assert.Equal(expected, Judge(Mount("/data/media"), Looked(state is { } seen ? [Status("/data/media", seen)] : [])));

    [Fact]
    public void Two_mounts_of_a_node_are_told_apart()
    {
        var snapshot = Looked([Status("/data/media", NfsMountState.Mounted), Status("/data/pods", NfsMountState.Missing)]);
        Assert.Equal((HomelabRepairResult.Gone, HomelabRepairResult.Remains), (Judge(Mount("/data/media"), snapshot), Judge(Mount("/data/pods"), snapshot)));
    }

    public static TheoryData<HomelabRepairKind> Kinds => [.. Enum.GetValues<HomelabRepairKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_could_not_be_read_is_not_gone(HomelabRepairKind kind)
    {
        var finding = new HomelabFinding { Reason = "Any", Target = Node, Repair = new() { Kind = kind, Target = Node, Path = "/data/media" } };
        Assert.Null(Judge(finding, new() { Cluster = Made.Cluster, Unread = new HashSet<UnreadPart> { new(SnapshotReader.WebhookPart) } }));
        Assert.Equal(HomelabRepairResult.Gone, Judge(finding, new()
        {
            Cluster = Made.Cluster,
            Nodes = [],
            Pods = [],
            Workloads = [],
            Flux = [],
            Replications = [],
            Syncthings = [],
            Mounts = [Status("/data/media", NfsMountState.Mounted)],
            Unread = new HashSet<UnreadPart> { new("metrics") },
        }));
    }

    [Theory]
    [InlineData("WebhookSecretMissing", HomelabRepairKind.RenewWebhookCert, "roles.rbac.authorization.k8s.io", true)]
    [InlineData("WebhookSecretMissing", HomelabRepairKind.RenewWebhookCert, "validatingwebhookconfigurations.admissionregistration.k8s.io", true)]
    [InlineData("WebhookSecretMissing", HomelabRepairKind.RenewWebhookCert, "secrets", false)]
    [InlineData("WebhookNameMismatch", HomelabRepairKind.RenewWebhookCert, "validatingwebhookconfigurations.admissionregistration.k8s.io", false)]
    [InlineData("WebhookExpired", HomelabRepairKind.DisableWebhook, "secrets", true)]
    [InlineData("WebhookExpired", HomelabRepairKind.DisableWebhook, "validatingwebhookconfigurations.admissionregistration.k8s.io", false)]
    public void Of_the_webhook_only_that_has_to_be_read_which_the_finding_depends_on(string reason, HomelabRepairKind kind, string unread, bool isKnown)
    {
        var target = new ResourceReference(Made.Cluster, "Deployment", "metallb-system", "controller");
        var finding = new HomelabFinding { Area = HomelabArea.MetalLB, Reason = reason, Target = target, Repair = new() { Kind = kind, Target = target } };
        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Unread = new HashSet<UnreadPart> { new(SnapshotReader.WebhookPartOf(unread)) } };
        Assert.Equal(isKnown ? HomelabRepairResult.Gone : null, Judge(finding, snapshot));
    }

    [Fact]
    public void What_the_webhook_lacks_instead_remains()
    {
        var target = new ResourceReference(Made.Cluster, "Deployment", "metallb-system", "controller");
        var finding = new HomelabFinding { Area = HomelabArea.MetalLB, Reason = "WebhookExpired", Target = target, Repair = new() { Kind = HomelabRepairKind.DisableWebhook, Target = target } };
        var webhook = new MetalLBWebhookStatus { Cluster = Made.Cluster, Kind = "Deployment", Namespace = "metallb-system", Name = "controller", Reason = "WebhookConfigurationLeft" };
        Assert.Equal(HomelabRepairResult.Remains, Judge(finding, new() { Cluster = Made.Cluster, Webhook = webhook }));
    }

    [Fact]
    public void A_node_that_is_still_cordoned_remains()
    {
        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Nodes = [Made.Of(WireContext.Default.NodeWire, """{"metadata":{"name":"w1"},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}]} }""")] };
        Assert.Equal(HomelabRepairResult.Remains, Judge(new() { Reason = "NodeCordoned", Target = Node, Repair = new() { Kind = HomelabRepairKind.UncordonNode, Target = Node } }, snapshot));
    }

    [Fact]
    public void A_Syncthing_that_is_being_started_is_not_well_yet()
    {
        var finding = new HomelabFinding { Reason = "SyncStuck", Target = Source, Repair = new() { Kind = HomelabRepairKind.RestartSyncthing, Target = Source } };
        Assert.Equal(HomelabRepairResult.Remains, Judge(finding, Asked(SyncthingState.NotRunning)));
        Assert.Equal(HomelabRepairResult.Remains, Judge(finding, Asked(SyncthingState.Disconnected)));
        Assert.Equal(HomelabRepairResult.Gone, Judge(finding, Asked(SyncthingState.InSync)));
    }

    private static HomelabRepairResult? Judge(HomelabFinding finding, HomelabSnapshot snapshot) =>
        RepairProof.Judge(finding, snapshot, [.. HomelabTester.Find(snapshot, new HomelabTestQuery { IncludeConsequence = true })]);

    private static HomelabFinding Mount(string path) => new() { Area = HomelabArea.Mount, Reason = "MountMissing", Target = Node, Repair = new() { Kind = HomelabRepairKind.RemountNfs, Target = Node, Path = path } };

    private static HomelabSnapshot Looked(IReadOnlyList<NfsMountStatus> mounts) => new() { Cluster = Made.Cluster, Mounts = mounts };

    private static NfsMountStatus Status(string path, NfsMountState state) => new() { Cluster = Made.Cluster, Kind = "Node", Name = "w1", Path = path, State = state };

    private static HomelabSnapshot Asked(SyncthingState state) => new()
    {
        Cluster = Made.Cluster,
        Replications = [],
        Syncthings = [new() { Cluster = Made.Cluster, Kind = "ReplicationSource", Namespace = "media", Name = "sonarr-backup", State = state, Healthy = state == SyncthingState.InSync }],
    };
}
