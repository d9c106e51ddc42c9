using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>What nodes and pods use, as the kubelets tell it: the lab has no metrics-server.</summary>
public sealed class UsageTests : ClusterTest
{
    [Fact]
    public void Nodes_have_usage_requests_and_percent()
    {
        var nodes = Run("Get-HomelabUsage").ThrowIfFailed().Output;

        Assert.Equal(["k3s-w1", "k3s-w2"], nodes.Select(node => (string)node.Properties["Name"].Value).Order(StringComparer.Ordinal));
        Assert.All(nodes, node =>
        {
            Assert.Equal("kubelet", node.Properties["Source"].Value);
            Assert.True((double)node.Properties["Cpu"].Value > 0);
            Assert.True((long)node.Properties["Memory"].Value > 0);
            Assert.InRange((double)node.Properties["MemoryPercent"].Value, 0.001, 100);
            Assert.InRange((double)node.Properties["CpuPercent"].Value, 0, 400);
        });
        Assert.True((double)nodes.First(node => (string)node.Properties["Name"].Value == "k3s-w1").Properties["CpuRequest"].Value >= 0.01);
    }

    [Fact]
    public void Pods_have_their_requests_and_limits()
    {
        var pod = Run("Get-HomelabUsage -Pod ticker-* -Namespace media").ThrowIfFailed().Output.Single();

        Assert.Equal("Pod", pod.Properties["Kind"].Value);
        Assert.Equal(0.01, (double)pod.Properties["CpuRequest"].Value, 6);
        Assert.Equal(0.1, (double)pod.Properties["CpuLimit"].Value, 6);
        Assert.Equal(16L * 1024 * 1024, pod.Properties["MemoryRequest"].Value);
        Assert.Equal(32L * 1024 * 1024, pod.Properties["MemoryLimit"].Value);
        Assert.Equal(100.0 * (long)pod.Properties["Memory"].Value / (32 * 1024 * 1024), (double)pod.Properties["MemoryPercent"].Value, 3);
    }

    [Theory]
    [InlineData("Get-HomelabNode k3s-w1 | Get-HomelabUsage", "k3s-w1")]
    [InlineData("Get-HomelabUsage (Get-HomelabNode k3s-w1)", "k3s-w1")]
    [InlineData("Get-HomelabUsage k3s-w1", "k3s-w1")]
    [InlineData("Get-HomelabPod -Namespace media -App ticker | Get-HomelabUsage", "ticker-")]
    public void Names_and_records_say_whose_usage_is_wanted(string script, string name) =>
        Assert.StartsWith(name, Run(script).ThrowIfFailed().Output.Single().Properties["Name"].Value.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_pod_that_does_not_run_is_a_warning_when_it_was_asked_for()
    {
        var result = Run("Get-HomelabPod -Namespace media -App imageless | Get-HomelabUsage").ThrowIfFailed();

        Assert.Empty(result.Output);
        Assert.Contains("imageless", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_uses_nothing_is_a_warning() =>
        Assert.Single(Run("Get-FluxKustomization apps -Namespace flux-system | Get-HomelabUsage").ThrowIfFailed().Warnings);

    [Theory]
    [InlineData("Get-HomelabUsage no-such", "NodeNotFound")]
    [InlineData("Get-HomelabUsage -Pod no-such", "PodNotFound")]
    public void What_does_not_exist_is_one_error(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    [Theory]
    [InlineData("Get-HomelabUsage -Pod * -Namespace media -KubeConfig $file", "UsageUnavailable")]
    [InlineData("Get-HomelabUsage -KubeConfig $file", "AccessDenied")]
    public void Who_may_not_ask_the_kubelets_is_told_so(string script, string id)
    {
        var result = Run(script, ("file", Lab.Variant("restricted")));

        Assert.Equal([id], result.ErrorIds);
        Assert.Contains("node", result.Errors[0].ToString(), StringComparison.Ordinal);
    }
}
