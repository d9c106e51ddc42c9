using System.Net;
using System.Net.Sockets;
using System.Text;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Topology;

namespace HomelabOps.Core.Tests.Topology;

public sealed class ClusterDiscoveryTests : IDisposable
{
    private const string Kustomize = "kustomize.toolkit.fluxcd.io";
    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
    private readonly ClusterClient _client;

    public ClusterDiscoveryTests()
    {
        var port = StartListening();
        var file = _folder.Write("kubeconfig", $$"""
            { apiVersion: v1, kind: Config, current-context: fake,
              contexts: [{ name: fake, context: { cluster: fake } }],
              clusters: [{ name: fake, cluster: { server: "http://127.0.0.1:{{port}}/{{Guid.NewGuid():N}}" } }] }
            """);
        _client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([file]), null));
        _ = ServeAsync();
    }

    public void Dispose()
    {
        _client.Discovery.BelievedFor = TimeSpan.Zero;
        _client.Discovery.ForgetAsync(default).GetAwaiter().GetResult();
        _client.Dispose();
        _listener.Close();
        _folder.Dispose();
    }

    [Fact]
    public async Task Cluster_and_repository_are_joined()
    {
        Serve("api/v1/nodes", """{ "metadata": { "name": "one", "labels": { "role": "primary" } } }, { "metadata": { "name": "two", "labels": { "role": "backup" } } }""");
        Serve("api/v1/namespaces", """{ "metadata": { "name": "gitops", "labels": { "app.kubernetes.io/part-of": "flux" } } }""");
        Serve("api/v1/pods", """{ "metadata": { "name": "speaker-x", "namespace": "lb", "labels": { "app": "metallb" } }, "spec": { "nodeName": "one" } }""");
        Serve("api/v1/persistentvolumes", """{ "metadata": { "name": "a", "labels": { "kustomize.toolkit.fluxcd.io/name": "disks" }, "generation": 1, "creationTimestamp": "2026-01-16T10:00:00Z" }, "spec": { "local": { "path": "/srv/state/sonarr" }, "capacity": { "storage": "5Gi" } } }""");
        Serve("api/v1/persistentvolumeclaims", "");
        Serve($"apis/{Kustomize}/v1/kustomizations", """{ "metadata": { "name": "storage-of-another", "namespace": "gitops" }, "spec": { "path": "./x", "interval": "1m" } }""");
        _answers["api"] = """{ "kind": "APIVersions", "versions": ["v1"] }""";
        _answers["apis"] = $$"""{ "kind": "APIGroupList", "groups": [{ "name": "{{Kustomize}}", "versions": [{ "groupVersion": "{{Kustomize}}/v1", "version": "v1" }] }] }""";
        _answers[$"apis/{Kustomize}/v1"] = """{ "kind": "APIResourceList", "resources": [{ "name": "kustomizations", "kind": "Kustomization", "namespaced": true, "verbs": ["list"] }] }""";
        _folder.Write("repository/claims.yaml", Manifests.Claim("sonarr-data") + Manifests.Claim("sonarr-data-backup"));

        var (config, warnings) = await DiscoverAsync(_folder.At("repository"));
        Assert.Equal(("one", "two", "gitops", "lb", "disks", "/srv/state"), (config.PrimaryNode, config.BackupNode, config.FluxNamespace, config.MetalLBNamespace, config.StorageKustomization, config.PodStoragePath));
        Assert.Equal(("<app>-data", "<app>-data-backup", _folder.At("repository")), (config.ClaimPattern, config.BackupClaimPattern, config.Repository));
        Assert.Contains("/data/media", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_not_be_read_is_a_warning_and_the_rest_goes_on()
    {
        Serve("api/v1/nodes", """{ "metadata": { "name": "one", "labels": { "role": "primary" } } }, { "metadata": { "name": "two", "labels": { "role": "backup" } } }""");
        var (config, warnings) = await DiscoverAsync(null);
        Assert.Equal(("one", "two", "/data/pods"), (config.PrimaryNode, config.BackupNode, config.PodStoragePath));
        foreach (var kind in new[] { "namespaces", "pods", "persistentvolumes", "persistentvolumeclaims" })
        {
            Assert.Contains(warnings, text => text.StartsWith($"You may not list {kind} in the cluster 'fake'", StringComparison.Ordinal));
        }

        Assert.Contains(warnings, text => text.Contains("what it serves", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unreachable_cluster_is_an_error()
    {
        _listener.Stop();
        var error = await Assert.ThrowsAsync<HomelabException>(() => DiscoverAsync(null));
        Assert.Equal("ClusterUnreachable", error.Id);
    }

    private async Task<(HomelabConfig Config, List<string> Warnings)> DiscoverAsync(string? repository)
    {
        var warnings = new List<string>();
        HomelabConfig? config = null;
        await foreach (var item in TopologyDiscovery.DiscoverAsync(_client, repository, null, TestContext.Current.CancellationToken))
        {
            if (item.Notice is WarningNotice warning)
            {
                warnings.Add(warning.Text);
            }
            else if (item.Notice is null)
            {
                config = item.Value;
            }
        }

        return (config!, warnings);
    }

    private void Serve(string path, string items) => _answers[path] = $$"""{ "kind": "List", "apiVersion": "v1", "metadata": { "resourceVersion": "1" }, "items": [{{items}}] }""";

    // HttpListener does not take port 0.
    private int StartListening()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        return port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();

                // The first part of the path is the test's own, so that no test finds what another left in the cache.
                var path = string.Join('/', context.Request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1));
                var found = _answers.TryGetValue(path, out var answer);
                var body = Encoding.UTF8.GetBytes(found ? answer! : """{ "kind": "Status", "status": "Failure", "code": 403, "message": "forbidden" }""");
                context.Response.StatusCode = found ? 200 : 403;
                context.Response.ContentType = "application/json";
                context.Response.ContentLength64 = body.Length;
                await context.Response.OutputStream.WriteAsync(body);
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
