using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Links;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Diagnosis.Checks;

namespace HomelabOps.Core.Tests.Diagnosis.Links;

/// <summary>What nodes reach of each other: what programs say of it, and what is concluded.</summary>
public sealed class LinkTests
{
    private static readonly ResourceReference Backup = new(Made.Cluster, "ReplicationSource", "media", "sonarr-backup");

    [Theory]
    [InlineData("@0 nc 0 ", "Reached", "")]
    [InlineData("@0 nc 1 nc: 10.0.0.2 (10.0.0.2:10250): Connection refused", "Broken", "Connection refused")]
    [InlineData("@0 nc 1", "Broken", "no answer")]
    [InlineData("@0 nc 137 Killed", "Broken", "no answer")]
    [InlineData("@0 nc 1 nc: bad option", "Unknown", "")]
    [InlineData("@0 none 127 ", "Unknown", "")]
    [InlineData("@0 bash 1 10.0.0.2: line 1: /dev/tcp/10.0.0.2/10250: No such file or directory", "Unknown", "")]
    [InlineData("@0 bash 1 10.0.0.2: connect: No route to host", "Broken", "No route to host")]
    [InlineData("@0 wget 1 wget: error getting response", "Reached", "")]
    [InlineData("@0 wget 1 wget: can't connect to remote host (10.0.0.2): Connection refused", "Broken", "Connection refused")]
    [InlineData("@0 wget 1 Connecting to 10.0.0.2:22000... connected. HTTP request sent, awaiting response... Read error (Connection timed out) in headers.", "Reached", "")]
    [InlineData("@0 wget 1 wget: download timed out", "Unknown", "")]
    [InlineData("@0 wget 137 Killed", "Unknown", "")]
    [InlineData("@0 nc 1 nc: connect to 10.0.0.2 port 10250 (tcp) failed: Permission denied", "Broken", "Permission denied")]
    [InlineData("@0 nc 1 nc: socket: Operation not permitted", "Unknown", "")]
    [InlineData("@7 nc 1", "Unknown", "")]
    [InlineData("nonsense", "Unknown", "")]
    public void What_a_program_says_is_read(string line, string state, string words)
    {
        var link = Assert.Single(LinkReport.Parse([new(null, line)], [Link("a", "b")]));
        Assert.Equal((state, words), ($"{link.State}", link.Said));
    }

    [Fact]
    public void A_node_that_does_not_reach_itself_tells_nothing_of_others()
    {
        var found = LinkReport.Parse([new(null, "@0 nc 1"), new(null, "@1 nc 1")], [Link("a", "a"), Link("a", "b")]);
        Assert.All(found, link => Assert.Equal(LinkState.Unknown, link.State));
        found = LinkReport.Parse([new(null, "@0 nc 0"), new(null, "@1 nc 1")], [Link("a", "a"), Link("a", "b")]);
        Assert.Equal([LinkState.Reached, LinkState.Broken], found.Select(link => link.State));
    }

    [Fact]
    public void A_node_that_reaches_none_and_is_reached_by_none_is_one_finding()
    {
        var snapshot = Snapshot(Broken("b", "a"), Broken("a", "b"), Broken("b", "c"), Link("a", "c") with { State = LinkState.Reached });
        Assert.Equal(["Warning NodeCutOff Node/b"], new LinkCheck().Findings(snapshot));
        var symptom = Assert.Single(new LinkCheck().Check(snapshot));
        Assert.Contains("Node/b and a, c", symptom.Finding.Message, StringComparison.Ordinal);
        Assert.Contains("b does not reach 10.0.0.1:10250, the kubelet of a: no answer", symptom.Finding.Evidence);
    }

    [Fact]
    public void What_all_is_well_or_not_known_is_no_finding() =>
        Assert.Empty(new LinkCheck().Findings(Snapshot(Link("a", "b"), Link("b", "a") with { State = LinkState.Reached }, Link("a", "a") with { State = LinkState.Broken })));

    [Fact]
    public void One_Syncthing_that_is_not_reached_is_itself_the_finding_and_all_of_them_the_network()
    {
        var other = Backup with { Name = "radarr-backup" };
        Assert.Equal(["Error SyncPeerNotReached ReplicationSource/media/sonarr-backup"], new LinkCheck().Findings(Snapshot(Broken("a", "b", Backup))));
        Assert.Equal(["Error SyncPeerNotReached ReplicationSource/media/sonarr-backup"], new LinkCheck().Findings(Snapshot(Broken("a", "b", Backup), Broken("a", "b", other) with { State = LinkState.Reached })));
        Assert.Equal(["Error NodePodsCutOff Node/b"], new LinkCheck().Findings(Snapshot(Broken("a", "b", Backup), Broken("a", "b", other with { Namespace = "games" }), Link("a", "b") with { State = LinkState.Reached })));
    }

    [Fact]
    public void One_that_its_node_puts_out_comes_from_the_node() =>
        Assert.Equal(["Node/b"], Assert.Single(new LinkCheck().Check(Snapshot(Broken("a", "b", Backup)))).Causes.Select(cause => $"{cause.Object}"));

    [Fact]
    public void Those_of_one_namespace_may_be_behind_a_policy() =>
        Assert.Equal(
            ["Error SyncPeerNotReached ReplicationSource/media/sonarr-backup", "Error SyncPeerNotReached ReplicationSource/media/radarr-backup"],
            new LinkCheck().Findings(Snapshot(Broken("a", "b", Backup), Broken("a", "b", Backup with { Name = "radarr-backup" }), Link("a", "b") with { State = LinkState.Reached })));

    [Fact]
    public void A_kubelet_behind_a_firewall_cuts_nobody_off()
    {
        Assert.Empty(new LinkCheck().Findings(Snapshot(Broken("a", "b"), Broken("b", "a"), Broken("a", "b", Backup) with { State = LinkState.Reached })));
        Assert.Equal(["Error NodeCutOff Node/b"], new LinkCheck().Findings(Snapshot(Broken("a", "b"), Broken("a", "b", Backup))));
    }

    [Fact]
    public void Syncthings_that_are_connected_need_no_other_way() =>
        Assert.Empty(new LinkCheck().Findings(new()
        {
            Cluster = Made.Cluster,
            Links = [Broken("a", "b", Backup)],
            Syncthings = [new() { Cluster = Made.Cluster, Kind = "ReplicationSource", Namespace = "media", Name = "sonarr-backup", Connected = true }],
        }));

    [Fact]
    public void Nodes_that_are_not_ready_and_Syncthings_that_do_not_run_are_not_asked_for()
    {
        var plan = LinkPlan.Of([Node("a", "10.0.0.1"), Node("b", "10.0.0.2", isReady: false), Node("c", "10.0.0.3", port: 10350)], [Status("sonarr-primary", "a", "sonarr-backup"), Status("sonarr-backup", "b", "sonarr-primary")], [Service("sonarr-primary", "10.96.0.7"), Service("sonarr-backup", "10.96.0.8")]);
        Assert.Equal(["a-a 10.0.0.1:10250", "a-c 10.0.0.3:10350", "c-c 10.0.0.3:10350", "c-a 10.0.0.1:10250"], plan.Select(Text));
        plan = LinkPlan.Of([Node("a", "10.0.0.1"), Node("b", "10.0.0.2")], [Status("sonarr-primary", "a", "sonarr-backup"), Status("sonarr-backup", "b", "sonarr-primary")], [Service("sonarr-primary", "10.96.0.7"), Service("sonarr-backup", "None")]);
        Assert.Equal(["a-a 10.0.0.1:10250", "a-b 10.0.0.2:10250", "b-b 10.0.0.2:10250", "b-a 10.0.0.1:10250", "b-a 10.96.0.7:22000"], plan.Select(Text));
        Assert.Empty(LinkPlan.Of([Node("a", "10.0.0.1")], [], []));
    }

    [Fact]
    public void Each_of_many_nodes_asks_a_few() =>
        Assert.Equal(200 * 9, LinkPlan.Of([.. Enumerable.Range(0, 200).Select(index => Node($"n{index}", $"10.1.0.{index}"))], [], []).Count);

    private static string Text(NodeLink link) => FormattableString.Invariant($"{link.From}-{link.To} {link.Host}:{link.Port}");

    private static HomelabSnapshot Snapshot(params IReadOnlyList<NodeLink> links) => new() { Cluster = Made.Cluster, Links = links };

    private static NodeLink Link(string from, string to) => new(from, to, "10.0.0.1", 10250);

    private static NodeLink Broken(string from, string to, ResourceReference? peer = null) => Link(from, to) with { State = LinkState.Broken, Said = "no answer", Peer = peer };

    private static NodeWire Node(string name, string address, bool isReady = true, int port = 0) => new()
    {
        Metadata = new() { Name = name },
        Status = new()
        {
            Addresses = [new() { Type = "Hostname", Address = name }, new() { Type = "InternalIP", Address = address }],
            Conditions = [new() { Type = "Ready", Status = isReady ? "True" : "Unknown" }],
            DaemonEndpoints = port == 0 ? null : new() { KubeletEndpoint = new() { Port = port } },
        },
    };

    private static ReplicationStatus Status(string name, string node, string partner) => new()
    {
        Cluster = Made.Cluster,
        Kind = "ReplicationSource",
        Namespace = "media",
        Name = name,
        Method = "syncthing",
        Partner = new(Made.Cluster, "ReplicationSource", "media", partner),
        Pods = [new() { Cluster = Made.Cluster, Kind = "Pod", Namespace = "media", Name = name, Node = node, Ready = true }],
    };

    private static ServiceWire Service(string replication, string address) => new()
    {
        Metadata = new() { Name = $"volsync-{replication}-data", Namespace = "media" },
        Spec = new() { ClusterIP = address, Ports = [new() { Port = 22000 }] },
    };
}
