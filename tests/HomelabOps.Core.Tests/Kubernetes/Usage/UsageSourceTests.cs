using HomelabOps.Core.Kubernetes.Usage;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Kubernetes.Usage;

/// <summary>Whom usage is asked of: metrics.k8s.io where it answers, else the kubelets.</summary>
public sealed class UsageSourceTests
{
    private const string Node = """{"metadata":{"name":"worker"},"status":{"capacity":{"cpu":"4"},"allocatable":{"cpu":"4","memory":"1Gi"} } }""";
    private const string Pod = """{"metadata":{"name":"plex-0","namespace":"media"},"spec":{"nodeName":"worker","containers":[{"name":"a"},{"name":"b"}]},"status":{"phase":"Running"} }""";
    private const string NodeMetrics = """{"metadata":{"name":"worker"},"timestamp":"2026-01-01T00:00:00Z","window":"10s","usage":{"cpu":"500000000n","memory":"262144Ki"} }""";
    private const string PodMetrics = """{"metadata":{"name":"plex-0","namespace":"media"},"timestamp":"2026-01-01T00:00:00Z","containers":[{"name":"a","usage":{"cpu":"200m","memory":"1Mi"} },{"name":"b","usage":{"cpu":"50m","memory":"2Mi"} }]}""";

    private const string Summary = """
        {"node":{"cpu":{"time":"2026-01-01T00:00:00Z","usageNanoCores":1000000000,"usageCoreNanoSeconds":1},"memory":{"workingSetBytes":1048576} },
        "pods":[{"podRef":{"name":"plex-0","namespace":"media"},"cpu":{"time":"2026-01-01T00:00:00Z","usageNanoCores":900000000},"memory":{"workingSetBytes":524288} }]}
        """;

    [Fact]
    public async Task The_metrics_server_is_asked_where_there_is_one_and_no_kubelet_then()
    {
        await using var server = Server(metrics: 200, kubelet: 500);

        var node = Assert.Single(await ReadAsync(server, new UsageQuery()));
        var pod = Assert.Single(await ReadAsync(server, new UsageQuery { Namespaces = ["media"] }));

        Assert.Equal(("Node", "worker", "metrics.k8s.io", 0.5, 256L << 20), (node.Kind, node.Name, node.Source, node.Cpu, node.Memory));
        Assert.Equal((12.5, 25.0), (node.CpuPercent, node.MemoryPercent));
        Assert.Equal(("Pod", "plex-0", "metrics.k8s.io", 0.25, 3L << 20), (pod.Kind, pod.Name, pod.Source, pod.Cpu, pod.Memory));
        Assert.DoesNotContain(server.Requests, request => request.Path.Contains("/proxy/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(503)]
    public async Task Without_it_or_when_it_is_down_or_closed_the_kubelets_are_asked(int metrics)
    {
        await using var server = Server(metrics, kubelet: 200);

        var node = Assert.Single(await ReadAsync(server, new UsageQuery()));

        Assert.Equal(("worker", "kubelet", 1.0, 1L << 20), (node.Name, node.Source, node.Cpu, node.Memory));
    }

    [Theory]
    [InlineData(404, 403, "metrics-server is not installed")]
    [InlineData(503, 502, "registered but does not answer")]
    public async Task When_nobody_tells_the_error_names_both(int metrics, int kubelet, string expected)
    {
        await using var server = Server(metrics, kubelet);

        var error = await Assert.ThrowsAsync<HomelabException>(() => ReadAsync(server, new UsageQuery()));

        Assert.Equal("UsageUnavailable", error.Id);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("node", error.Message, StringComparison.Ordinal);
    }

    // One node with one pod. The status is that of the answers of metrics.k8s.io (404: nobody serves the group) and of the kubelet.
    private static FakeApiServer Server(int metrics, int kubelet) => new((request, reply) => request.Path.Trim('/').Split('/') switch
    {
        ["api", "v1", "nodes"] => reply.SendAsync(FakeCluster.List([Node])),
        ["api", "v1", "nodes", "worker", "proxy", ..] when kubelet == 200 => reply.SendAsync(Summary),
        ["api", "v1", "nodes", "worker", "proxy", ..] => reply.FailAsync(kubelet, "no", "the kubelet does not answer"),
        ["api", "v1", .., "pods"] => reply.SendAsync(FakeCluster.List([Pod])),
        ["api"] => reply.SendAsync("""{"kind":"APIVersions","versions":["v1"]}"""),
        ["apis"] when metrics == 404 => reply.SendAsync("""{"kind":"APIGroupList","groups":[]}"""),
        ["apis"] => reply.SendAsync("""{"kind":"APIGroupList","groups":[{"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}],"preferredVersion":{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"} }]}"""),
        ["apis", "metrics.k8s.io", "v1beta1"] => reply.SendAsync("""{"kind":"APIResourceList","groupVersion":"metrics.k8s.io/v1beta1","resources":[{"name":"nodes","kind":"NodeMetrics","namespaced":false,"verbs":["get","list"]},{"name":"pods","kind":"PodMetrics","namespaced":true,"verbs":["get","list"]}]}"""),
        ["apis", "metrics.k8s.io", "v1beta1", .., "nodes"] when metrics == 200 => reply.SendAsync(FakeCluster.List([NodeMetrics])),
        ["apis", "metrics.k8s.io", "v1beta1", .., "pods"] when metrics == 200 => reply.SendAsync(FakeCluster.List([PodMetrics])),
        _ => reply.FailAsync(metrics == 200 ? 404 : metrics, "no", "no"),
    });

    private static async Task<List<HomelabUsage>> ReadAsync(FakeApiServer server, UsageQuery query)
    {
        using var client = server.Client();
        var records = new List<HomelabUsage>();
        await foreach (var item in UsageReader.ReadAsync(client, query, TestContext.Current.CancellationToken))
        {
            Assert.Null((item.Notice as FailureNotice)?.Error);
            if (item.Value is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }
}
