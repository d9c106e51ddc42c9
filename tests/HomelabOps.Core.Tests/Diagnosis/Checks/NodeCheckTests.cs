using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>What nodes say of themselves, and their clocks and versions beside each other.</summary>
public sealed class NodeCheckTests
{
    private const string Server = ""","labels":{"node-role.kubernetes.io/control-plane":"true"}""";
    private const string Prefix = "homelabops.github.io/";
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Ready", "Unknown", "Error NodeNotReady Node/w1")]
    [InlineData("Ready", "False", "Error NodeNotReady Node/w1")]
    [InlineData("MemoryPressure", "True", "Error NodeMemoryPressure Node/w1")]
    [InlineData("DiskPressure", "True", "Error NodeDiskPressure Node/w1")]
    [InlineData("PIDPressure", "True", "Error NodePIDPressure Node/w1")]
    [InlineData("PIDPressure", "Unknown", "")]
    [InlineData("NetworkUnavailable", "False", "")]
    public void What_its_conditions_say_is_told(string type, string status, string expected)
    {
        var ready = type == "Ready" ? "" : """{"type":"Ready","status":"True"},""";
        var found = Findings(Node("w1", conditions: $$"""{{ready}}{"type":"{{type}}","status":"{{status}}"}"""));
        Assert.Equal(expected.Length == 0 ? [] : [expected], found);
    }

    [Theory]
    [InlineData(30, "")]
    [InlineData(90, "Warning NodeClockAhead Node/w1")]
    [InlineData(-240, "")]
    [InlineData(-600, "Warning NodeClockBehind Node/w1")]
    public void A_clock_that_is_wrong_is_told_in_both_directions(int seconds, string expected)
    {
        var snapshot = Snapshot([Node("w1"), Node("w2"), Node("cp1")], Lease("w1", seconds), Lease("w2", 0), Lease("cp1", -5));
        Assert.Equal(expected.Length == 0 ? [] : [expected], new NodeCheck().Findings(snapshot));
    }

    [Fact]
    public void Who_is_ahead_makes_nobody_late_and_of_two_nobody_is()
    {
        Assert.Equal(["Warning NodeClockAhead Node/w1"], new NodeCheck().Findings(Snapshot([Node("w1"), Node("w2"), Node("w3")], Lease("w1", 3600), Lease("w2", 0), Lease("w3", 0))));
        Assert.Empty(new NodeCheck().Findings(Snapshot([Node("w1"), Node("w2")], Lease("w1", -3600), Lease("w2", 0))));
    }

    [Fact]
    public void A_node_that_writes_no_lease_since_it_went_is_not_late() =>
        Assert.Equal(["Error NodeNotReady Node/w1"], new NodeCheck().Findings(Snapshot([Node("w1", conditions: """{"type":"Ready","status":"Unknown"}"""), Node("w2"), Node("w3")], Lease("w1", -3600), Lease("w2", 0), Lease("w3", 0))));

    [Theory]
    [InlineData("v1.34.1+k3s1", "v1.31.9+k3s1", "")]
    [InlineData("v1.34.1+k3s1", "v1.30.9+k3s1", "Warning NodeVersionSkew Node/w1")]
    [InlineData("v1.33.1+k3s1", "v1.34.0+k3s1", "Warning NodeVersionAhead Node/w1")]
    [InlineData("v1.33.1+k3s1", "v1.33.9+k3s1", "")]
    [InlineData("v1.33.1+k3s1", "unknown", "")]
    public void Kubelets_are_neither_too_old_nor_newer_than_the_server(string server, string kubelet, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : [expected], Findings(Node("cp1", Server, version: server), Node("w1", version: kubelet)));

    [Fact]
    public void A_second_server_may_be_newer_while_they_are_upgraded() =>
        Assert.Empty(Findings(Node("cp1", Server, version: "v1.33.1+k3s1"), Node("cp2", Server, version: "v1.34.1+k3s1")));

    [Fact]
    public void One_that_was_cordoned_and_forgotten_is_offered_to_be_taken_back()
    {
        var finding = Assert.Single(Cordoned("")).Finding;
        Assert.Equal((FindingSeverity.Warning, HomelabRepairKind.UncordonNode), (finding.Severity, finding.Repair!.Kind));
    }

    [Theory]
    [InlineData("suspend-reason", "new disk", FindingSeverity.Info)]
    [InlineData("suspended-until", "2999-01-01T00:00:00Z", FindingSeverity.Info)]
    [InlineData("suspended-until", "2026-01-01T00:00:00Z", FindingSeverity.Warning)]
    [InlineData("suspended-by", "anna@desk", FindingSeverity.Warning)]
    public void One_that_is_meant_to_be_cordoned_is_only_a_remark(string key, string value, FindingSeverity severity)
    {
        var symptom = Assert.Single(Cordoned($$"""
            ,"annotations":{"{{Prefix}}suspended-at":"2026-11-20T08:00:00Z","{{Prefix}}{{key}}":"{{value}}"}
            """));
        Assert.Equal(("NodeCordoned", severity, severity == FindingSeverity.Info), (symptom.Finding.Reason, symptom.Finding.Severity, symptom.Finding.Repair is null));
        Assert.Equal(severity != FindingSeverity.Info, symptom.Finding.Remedy.EndsWith("or Repair-Homelab.", StringComparison.Ordinal));
        Assert.Contains("Resume-HomelabNode w1", symptom.Finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_taint_of_a_node_that_was_off_is_told_once_it_is_back()
    {
        const string Taint = """{"taints":[{"key":"node.kubernetes.io/out-of-service","value":"nodeshutdown","effect":"NoExecute"}]}""";
        Assert.Equal(["Warning NodeOutOfService Node/w1"], Findings(Node("w1", spec: Taint)));
        Assert.Contains("Resume-HomelabNode w1 -RemoveTaint", new NodeCheck().Text(Snapshot([Node("w1", spec: Taint)])), StringComparison.Ordinal);
        Assert.Equal(["Error NodeNotReady Node/w1"], Findings(Node("w1", conditions: """{"type":"Ready","status":"Unknown"}""", spec: Taint)));
    }

    private static IEnumerable<HomelabOps.Core.Diagnosis.Causes.Symptom> Cordoned(string metadata) => new NodeCheck().Check(Snapshot([Node("w1", metadata, spec: """{"unschedulable":true}""")]));

    private static IReadOnlyList<string> Findings(params NodeWire[] nodes) => new NodeCheck().Findings(Snapshot(nodes));

    private static HomelabSnapshot Snapshot(NodeWire[] nodes, params LeaseWire[] leases) => new() { Cluster = Made.Cluster, Now = Now, Nodes = nodes, Leases = leases };

    private static LeaseWire Lease(string node, int seconds) => new() { Metadata = new() { Name = node }, Spec = new() { RenewTime = Now.AddSeconds(seconds) } };

    private static NodeWire Node(string name, string metadata = "", string conditions = """{"type":"Ready","status":"True"}""", string spec = "{}", string version = "v1.33.1+k3s1") => Made.Of(WireContext.Default.NodeWire, $$$"""
        {"metadata":{"name":"{{{name}}}"{{{metadata}}}},"spec":{{{spec}}},"status":{"nodeInfo":{"kubeletVersion":"{{{version}}}"},"conditions":[{{{conditions}}}]} }
        """);
}
