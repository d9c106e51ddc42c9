using System.Collections.Concurrent;
using System.Text;
using HomelabOps.Core;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Tests.Server;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>An API server with none of what a homelab has, and one with very many pods.</summary>
public sealed class BareClusterTests : IDisposable
{
    private static readonly HomelabTestQuery Query = new() { Links = false, Config = new() { Mounts = [] } };
    private readonly RunningSandbox _sandbox = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task What_is_not_installed_is_no_finding_and_nothing_is_said_of_it()
    {
        using var client = Client(new SocketsHttpHandler());
        Assert.DoesNotContain(await client.Discovery.ResourcesAsync([], Stop), served => served.Type.Group is "metallb.io" or "volsync.backube" or "kustomize.toolkit.fluxcd.io");
        var reader = new SnapshotReader(client, Query);
        var snapshot = await reader.ReadAsync(Stop);
        Assert.Equal("", DiagnosedHomelab.Text(HomelabTester.Find(snapshot, Query)));
        Assert.Empty(snapshot.Failures);
        Assert.DoesNotContain(reader.Notices, notice => notice is WarningNotice or FailureNotice);
        Assert.Equal((0, 0, 0), (snapshot.Flux?.Count, snapshot.Replications?.Count, snapshot.AddressPools?.Count));
    }

    [Fact]
    public async Task Without_MetalLB_its_webhook_is_not_there_and_no_certificate_is_made()
    {
        using var client = Client(new SocketsHttpHandler());
        var status = new List<MetalLBWebhookStatus>();
        await foreach (var item in MetalLBWebhookTester.TestAsync(client, [], new(), (_, _, _) => Task.FromResult<ResourceReference?>(null), Stop))
        {
            status.Add(item.Value!);
        }

        Assert.Equal((false, "NoMetalLB"), (Assert.Single(status).Healthy, status[0].Reason));
        Assert.Contains("metallb-system", status[0].Message, StringComparison.Ordinal);
        Assert.Empty(status[0].Choices);
        await SendAsync(HttpMethod.Post, "/api/v1/namespaces", """{"metadata":{"name":"metallb-system"}}""");
        var facts = await MetalLBWebhookReader.ReadAsync(client, "metallb-system", Stop);
        Assert.Equal("MetalLBNotFound", (await Assert.ThrowsAsync<HomelabException>(() => WebhookCertification.PrepareAsync(client, facts, new(), Stop))).Id);
    }

    [Fact]
    public async Task The_number_of_requests_does_not_depend_on_that_of_pods_or_of_those_in_trouble()
    {
        await SendAsync(HttpMethod.Post, "/api/v1/namespaces", """{"metadata":{"name":"many"}}""");
        await FillAsync(0, 1000);
        var few = await CountAsync();
        await FillAsync(1000, 5000);
        var many = await CountAsync();

        // Lists come in pages, of which the first is small.
        Assert.Equal(few.Where(entry => !IsPage(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal), many.Where(entry => !IsPage(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal));
        Assert.InRange(many.Where(entry => IsPage(entry.Key)).Sum(entry => entry.Value), 1, 4);
        Assert.InRange(many.Where(entry => entry.Key.Contains("/log", StringComparison.Ordinal)).Sum(entry => entry.Value), 1, 20 * 5);
    }

    private static bool IsPage(string request) => request.EndsWith(" next", StringComparison.Ordinal);

    private ClusterClient Client(HttpMessageHandler handler) => new(ClusterEndpoint.Resolve(KubeConfig.Load([_sandbox.Server.KubeConfigPath]), null), handler);

    // Requests by path, where pods are counted as one.
    private async Task<ConcurrentDictionary<string, int>> CountAsync()
    {
        using var counter = new Counter();
        using var client = Client(counter);
        var snapshot = await new SnapshotReader(client, Query).ReadAsync(Stop);
        Assert.Contains(HomelabTester.Find(snapshot, Query), finding => finding.Reason == "CrashLoop");
        return counter.Requests;
    }

    // Each tenth crashes.
    private Task FillAsync(int from, int to) => Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop }, async (number, _) =>
    {
        await SendAsync(HttpMethod.Post, "/api/v1/namespaces/many/pods", $$$"""{"metadata":{"name":"pod-{{{number}}}","namespace":"many"},"spec":{"nodeName":"w1","containers":[{"name":"app","image":"busybox"}]} }""");
        var container = number % 10 == 0
            ? """{"name":"app","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"} },"lastState":{"terminated":{"exitCode":1,"reason":"Error"} } }"""
            : """{"name":"app","ready":true,"restartCount":0,"state":{"running":{} } }""";
        await SendAsync(HttpMethod.Patch, $"/api/v1/namespaces/many/pods/pod-{number}/status", $$$"""{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"{{{number % 10 != 0}}}"}],"containerStatuses":[{{{container}}}]} }""");
    });

    private async Task SendAsync(HttpMethod method, string path, string json)
    {
        using var response = await _sandbox.SendAsync(method, path, json, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    private sealed class Counter() : DelegatingHandler(new SocketsHttpHandler())
    {
        public ConcurrentDictionary<string, int> Requests { get; } = new(StringComparer.Ordinal);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var key = new StringBuilder(path.EndsWith("/log", StringComparison.Ordinal) ? "/log" : path);
            if (request.RequestUri.Query.Contains("continue=", StringComparison.Ordinal))
            {
                key.Append(" next");
            }

            Requests.AddOrUpdate($"{request.Method} {key}", 1, (_, count) => count + 1);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
