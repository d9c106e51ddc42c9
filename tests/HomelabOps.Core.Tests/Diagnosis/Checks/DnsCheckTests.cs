using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Whether anything answers for names.</summary>
public sealed class DnsCheckTests
{
    private const string NoAddress = "[]";
    private const string Address = """[{"addresses":[{"ip":"10.42.0.3"}]}]""";

    [Theory]
    [InlineData("coredns", "", 1, NoAddress, "")]
    [InlineData("rke2-coredns-rke2-coredns", "", 1, NoAddress, "")]
    [InlineData("names", "kube-dns", 1, NoAddress, "")]
    [InlineData("coredns", "kube-dns", 0, NoAddress, "Error DnsMissing Deployment/kube-system/coredns")]
    [InlineData("coredns-autoscaler", "", 1, NoAddress, "Error DnsMissing Deployment/kube-system/coredns")]
    [InlineData("other", "", 1, Address, "")]
    public void Something_has_to_answer_for_names(string name, string label, int replicas, string subsets, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : [expected], new DnsCheck().Findings(Snapshot(name, label, replicas, subsets)));

    [Fact]
    public void It_explains_that_the_Service_leads_nowhere()
    {
        var service = Made.Of(DiagnosisWireContext.Default.ServiceWire, """{"metadata":{"name":"kube-dns","namespace":"kube-system","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"selector":{"k8s-app":"kube-dns"} } }""");
        Assert.Equal("DnsMissing", Assert.Single(HomelabTester.Find(Snapshot("other", "", 1, NoAddress, service), new())).Reason);
    }

    [Fact]
    public void Nothing_is_concluded_from_what_could_not_be_read() =>
        Assert.Empty(new DnsCheck().Findings(new() { Cluster = Made.Cluster, Nodes = [new()], Workloads = [] }));

    private static HomelabSnapshot Snapshot(string name, string label, int replicas, string subsets, params ServiceWire[] services) => new()
    {
        Cluster = Made.Cluster,
        Nodes = [Made.Of(WireContext.Default.NodeWire, """{"metadata":{"name":"w1"},"status":{"conditions":[{"type":"Ready","status":"True"}]} }""")],
        Services = services,
        Workloads =
        [
            new(
                new(Made.Cluster, "Deployment", "kube-system", name),
                Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"k8s-app":"{{{label}}}"} },"spec":{"replicas":{{{replicas}}} },"status":{"availableReplicas":{{{replicas}}} } }""")),
        ],
        Endpoints = [Made.Of(DiagnosisWireContext.Default.EndpointsWire, $$$"""{"metadata":{"name":"kube-dns","namespace":"kube-system"},"subsets":{{{subsets}}} }""")],
    };
}
