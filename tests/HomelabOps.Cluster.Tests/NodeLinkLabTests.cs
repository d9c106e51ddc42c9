namespace HomelabOps.Cluster.Tests;

/// <summary>Test-Homelab on real kubelets, of which one drops what comes from the other node.</summary>
[Collection(nameof(Alone))]
public sealed class NodeLinkLabTests : ClusterTest
{
    private readonly LabNamespace _space = new();

    [Fact]
    public void A_kubelet_that_another_node_does_not_reach_is_the_finding_until_it_does()
    {
        Assert.Empty(Find());

        // The other node and its pods; what the API server asks still comes through.
        var sources = NodeShell.Run("k3s-w2", "ip route | awk '/via/ { print $3 \",\" $1 }'");
        NodeShell.Run("k3s-w2", $"iptables -I INPUT -p tcp --dport 10250 -s {sources} -j DROP");
        try
        {
            Assert.Equal(["Node/k3s-w2: k3s-w1 does not reach 10.78.0.2:10250, the kubelet of k3s-w2: no answer"], Find());
        }
        finally
        {
            NodeShell.Run("k3s-w2", $"iptables -D INPUT -p tcp --dport 10250 -s {sources} -j DROP");
        }

        Assert.Empty(Find());
        Assert.Empty(Run($"Get-HomelabPod -Namespace {_space.Name}").ThrowIfFailed().Output);
    }

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        base.Dispose(disposing);
    }

    private List<string?> Find() => [.. Run($"Test-Homelab -Area Network -ProbeNamespace {_space.Name} -ProbeTimeoutSeconds 60 -WarningAction SilentlyContinue | Where-Object Reason -Like '*CutOff' | ForEach-Object {{ \"$($_.Target): $($_.Evidence)\" }}").ThrowIfFailed().Strings];
}
