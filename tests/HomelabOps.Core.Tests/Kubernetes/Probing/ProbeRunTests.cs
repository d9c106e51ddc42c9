using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Kubernetes.Probing;

/// <summary>Servers that take no probe pods, and what is said then.</summary>
public sealed class ProbeRunTests
{
    [Theory]
    [InlineData("""pods "x" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true), hostPath volumes (volume "host")""")]
    [InlineData("""pods "x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=5, limited: pods=5""")]
    public async Task A_namespace_that_takes_no_such_pod_is_a_reason(string words)
    {
        await using var server = new RefusingServer(403, words);

        var probe = Assert.Single(await RunAsync(server, Node("w1", "True")));

        Assert.Contains(words, probe.Unreachable, StringComparison.Ordinal);
        Assert.Contains("-ProbeNamespace", probe.Unreachable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_pods_may_not_be_created_at_all_is_an_error()
    {
        await using var server = new RefusingServer(403, """pods is forbidden: User "x" cannot create resource "pods" in API group "" in the namespace "kube-system" """);

        var error = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(server, Node("w1", "True")));

        Assert.Equal("AccessDenied", error.Id);
        Assert.Contains("create pods", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_not_ready_is_not_asked()
    {
        await using var server = new RefusingServer(500, "never");

        var probe = Assert.Single(await RunAsync(server, Node("w1", "Unknown")));

        Assert.Contains("not ready", probe.Unreachable, StringComparison.Ordinal);
        Assert.Equal(0, server.Created);
    }

    [Theory]
    [InlineData("docker.io/library/busybox:1.36", "docker.io/library/nginx:1", "docker.io/library/busybox:1.36")]
    [InlineData("docker.io/rancher/klipper-lb:v0.4.13", "registry.k8s.io/pause:3.9", "docker.io/rancher/klipper-lb:v0.4.13")]
    [InlineData("registry.k8s.io/pause:3.9", "docker.io/rancher/mirrored-coredns-coredns:1.12", "docker.io/library/busybox:1.36")]
    public void An_image_that_the_node_has_comes_first(string first, string second, string chosen)
    {
        var node = Node("w1", "True");
        node.Status!.Images = [new() { Names = [first + "@sha256:00", first] }, new() { Names = [second] }];
        Assert.Equal(chosen, ProbeImages.Choose(node));
    }

    private static NodeWire Node(string name, string ready) => new()
    {
        Metadata = new() { Name = name },
        Status = new() { Conditions = [new() { Type = "Ready", Status = ready, Reason = "NodeStatusUnknown", Message = "Kubelet stopped posting node status." }] },
    };

    private static async Task<List<NodeProbe<string>>> RunAsync(RefusingServer server, NodeWire node)
    {
        using var client = FakeCluster.Client(server.Address);
        var found = new List<NodeProbe<string>>();
        await foreach (var probe in NodeProbes.RunAsync(client, [node], new(), _ => ["true"], (_, _) => Task.FromResult(""), CancellationToken.None))
        {
            found.Add(probe);
        }

        return found;
    }
}
