using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Pools of addresses, and who has them.</summary>
public sealed class AddressPoolCheckTests
{
    [Theory]
    [InlineData("192.168.1.200-192.168.1.219", "192.168.1.220-192.168.1.239", false)]
    [InlineData("192.168.1.200-192.168.1.220", "192.168.1.220-192.168.1.239", true)]
    [InlineData("192.168.1.0/24", "192.168.1.7/32", true)]
    [InlineData("192.168.1.9/29", "192.168.1.16/28", false)]
    [InlineData("fd00::/64", "fd00::1-fd00::9", true)]
    [InlineData("fd00::/64", "192.168.1.0/24", false)]
    [InlineData("not an address", "192.168.1.0/24", false)]
    public void Pools_that_share_an_address_are_told(string first, string second, bool isTold)
    {
        var snapshot = Snapshot([Pool("a", first), Pool("b", second)]);
        Assert.Equal(isTold ? ["Error PoolsOverlap IPAddressPool/metallb-system/b"] : [], new AddressPoolCheck().Findings(snapshot));
        Assert.Equal(isTold, new AddressPoolCheck().Text(snapshot).Contains(first, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("192.168.1.10-192.168.1.11", false, "", true)]
    [InlineData("192.168.1.10-192.168.1.12", false, "", false)]
    [InlineData("192.168.1.10/31", false, "", true)]
    [InlineData("192.168.1.254-192.168.2.1", true, "192.168.1.254,192.168.2.1", true)]
    [InlineData("192.168.1.254-192.168.2.1", false, "192.168.1.254,192.168.2.1", false)]
    [InlineData("0.0.0.0/0", true, "", false)]
    [InlineData("::/0", false, "", false)]
    public void One_of_which_nothing_is_left_is_told(string addresses, bool avoids, string taken, bool isTold)
    {
        var given = taken.Length == 0 ? ["192.168.1.10", "192.168.1.11", "192.168.1.11"] : taken.Split(',');
        var snapshot = Snapshot([Pool("a", addresses, avoids)], [.. given.Append("").Select(address => Service(address))]);
        Assert.Equal(isTold ? ["Warning PoolExhausted IPAddressPool/metallb-system/a"] : [], new AddressPoolCheck().Findings(snapshot));
    }

    [Fact]
    public void It_explains_who_gets_no_address()
    {
        var found = HomelabTester.Find(Snapshot([Pool("a", "192.168.1.10/32")], Service("192.168.1.10"), Service("")), new());
        Assert.Equal("PoolExhausted", Assert.Single(found).Reason);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData(""","autoAssign":false""", "", false)]
    [InlineData(""","autoAssign":false""", "\"metallb.io/address-pool\":\"a\"", true)]
    [InlineData("", "\"metallb.io/address-pool\":\"other\"", false)]
    [InlineData("", "\"metallb.io/loadBalancerIPs\":\"192.168.9.9\"", false)]
    public void Only_Services_that_it_could_serve_wait_for_it(string pool, string annotations, bool isTold)
    {
        var check = new AddressPoolCheck();
        var snapshot = Snapshot([Pool("a", "192.168.1.10/32", more: pool)], Service("192.168.1.10"), Service("", annotations));
        Assert.Equal(isTold, check.Check(snapshot).Any());
        Assert.Equal(isTold, check.Text(snapshot).Contains("wait for one: 1.", StringComparison.Ordinal));
        Assert.Empty(check.Check(Snapshot([Pool("a", "192.168.1.10/32", more: pool)], Service("192.168.1.10"))));
    }

    [Fact]
    public void It_does_not_where_another_pool_has_some_left()
    {
        var found = HomelabTester.Find(Snapshot([Pool("a", "192.168.1.10/32"), Pool("b", "192.168.1.64/26")], Service("192.168.1.10"), Service("")), new());
        Assert.Equal(["NoAddress", "PoolExhausted"], found.Select(finding => finding.Reason).Order(StringComparer.Ordinal));
    }

    private static HomelabSnapshot Snapshot(AddressPoolWire[] pools, params ServiceWire[] services) => new() { Cluster = Made.Cluster, AddressPools = pools, Services = services };

    private static AddressPoolWire Pool(string name, string addresses, bool avoids = false, string more = "") => Made.Of(DiagnosisWireContext.Default.AddressPoolWire, $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"metallb-system"},"spec":{"addresses":["{{{addresses}}}"],"avoidBuggyIPs":{{{(avoids ? "true" : "false")}}}{{{more}}} } }
        """);

    private static ServiceWire Service(string address, string annotations = "") => Made.Of(DiagnosisWireContext.Default.ServiceWire, $$$"""
        {"metadata":{"name":"s{{{address}}}","namespace":"media","creationTimestamp":"2026-01-01T00:00:00Z","annotations":{{{{annotations}}}} },"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{{{(address.Length == 0 ? "" : $"{{\"ip\":\"{address}\"}}")}}}]} } }
        """);
}
