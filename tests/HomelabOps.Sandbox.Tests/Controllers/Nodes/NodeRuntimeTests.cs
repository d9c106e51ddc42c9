using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

public sealed class NodeRuntimeTests
{
    [Fact]
    public async Task Commands_see_the_files_and_mounts_of_their_node()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("probe", "sleep 100000");
        pod["spec"]!["hostPID"] = true;
        pod["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "host", ["hostPath"] = new JsonObject { ["path"] = "/" } });
        KubeletCluster.Container(pod)["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "host", ["mountPath"] = "/host", ["readOnly"] = true });
        await cluster.CreateAsync(pod);
        var running = await cluster.UntilReadyAsync("probe");

        Assert.Contains(" /data/media rw,relatime shared:5 - nfs4 192.168.1.10:/mnt/user/media rw,vers=4.2,", (await RunAsync(cluster, running, "cat", "/proc/1/mountinfo")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "nfs\n"), await RunAsync(cluster, running, "stat", "-f", "-c", "%T", "/host/data/media"));
        Assert.Equal((0, "movies\ntv\n"), await RunAsync(cluster, running, "sh", "-c", "for d in /host/data/media/*; do case $d in */movies|*/tv) echo ${d##*/};; esac; done"));
        Assert.Equal((1, "touch: /host/tmp/x: Read-only file system\n"), await RunAsync(cluster, running, "touch", "/host/tmp/x"));

        var node = cluster.World.Node("w1");
        node.SetMount("/data/media", MountFault.Missing);
        Assert.DoesNotContain("nfs", (await RunAsync(cluster, running, "cat", "/proc/1/mountinfo")).Output, StringComparison.Ordinal);
        node.SetMount("/data/media", MountFault.Stale);
        Assert.Equal((1, "ls: /host/data/media: Stale file handle\n"), await RunAsync(cluster, running, "ls", "/host/data/media"));
        node.SetMount("/data/media", MountFault.Hung);
        var waiting = RunAsync(cluster, running, "timeout", "-s", "KILL", "5", "stat", "-f", "/host/data/media");
        await Task.Delay(50, Cluster.Stop);
        Assert.False(waiting.IsCompleted);
        cluster.Advance(5);
        Assert.Equal((137, ""), await waiting);
    }

    [Fact]
    public async Task A_container_that_runs_keeps_its_mount_when_the_node_mounts_anew()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var node = cluster.World.Node("w1");
        await cluster.CreateAsync(WithMedia("old"));
        var old = await cluster.UntilReadyAsync("old");
        node.SetMount("/data/media", MountFault.Stale);
        node.Remount("/data/media");
        Assert.Equal(MountFault.None, node.Fault("/data/media"));
        Assert.Equal((1, "ls: /media: Stale file handle\n"), await RunAsync(cluster, old, "ls", "/media"));
        await cluster.CreateAsync(WithMedia("new"));
        var later = await cluster.UntilReadyAsync("new");
        Assert.Equal((0, "downloads\nmovies\nmusic\ntv\n"), await RunAsync(cluster, later, "ls", "/media"));

        node.SetMount("/data/media", MountFault.Hung);
        node.Remount("/data/media");
        Assert.Equal(0, (await RunAsync(cluster, later, "ls", "/media")).Code);
    }

    private static JsonObject WithMedia(string name)
    {
        var pod = KubeletCluster.Script(name, "sleep 100000");
        pod["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "media", ["hostPath"] = new JsonObject { ["path"] = "/data/media" } });
        KubeletCluster.Container(pod)["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "media", ["mountPath"] = "/media" });
        return pod;
    }

    [Fact]
    public async Task A_script_that_meets_a_mount_that_hangs_is_planned_with_its_time_limit()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        cluster.World.Node("w1").SetMount("/data/media", MountFault.Hung);
        var pod = KubeletCluster.Script("report", "timeout -s KILL 5 stat -f /host/data/media; echo code=$?; ls /host/data/pods/sonarr | grep -c db");
        pod["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "host", ["hostPath"] = new JsonObject { ["path"] = "/" } });
        KubeletCluster.Container(pod)["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "host", ["mountPath"] = "/host" });
        await cluster.CreateAsync(pod);
        await cluster.UntilAsync("report", found => KubeletCluster.State(found) == "running", "running");
        cluster.Advance(6);
        await cluster.UntilAsync("report", found => Cells.Text(found, "status.phase") == "Succeeded", "Succeeded");
        Assert.Equal("200 code=137\n2\n", await cluster.LogAsync("report", "container=app"));
    }

    [Fact]
    public async Task Logs_are_cut_and_dated_as_asked()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        await cluster.UntilReadyAsync("sonarr");
        cluster.Advance(3600);

        var all = (await cluster.LogAsync("sonarr"))[4..].TrimEnd('\n').Split('\n');
        Assert.InRange(all.Length, 16, 18);
        Assert.Equal("200 " + all[^1] + "\n", await cluster.LogAsync("sonarr", "tailLines=1"));
        Assert.Equal("200 " + all[0][..10], await cluster.LogAsync("sonarr", "limitBytes=10"));
        Assert.Matches("^200 [0-9-]+T[0-9:.]+Z \\[Info\\]", await cluster.LogAsync("sonarr", "timestamps=true&tailLines=1"));
        Assert.InRange((await cluster.LogAsync("sonarr", "sinceSeconds=650")).Split('\n').Length, 2, 4);
        Assert.StartsWith("400 ", await cluster.LogAsync("sonarr", "previous=true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Applications_answer_over_the_proxy_and_other_parts_may_listen_in_pods()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        var pod = await cluster.UntilReadyAsync("sonarr");
        const string Pods = "api/v1/namespaces/default/pods/";

        Assert.StartsWith("200 {\"status\":\"OK\"", await cluster.GetTextAsync(Pods + "sonarr:8989/proxy/ping"), StringComparison.Ordinal);
        Assert.StartsWith("404 ", await cluster.GetTextAsync(Pods + "sonarr:8989/proxy/nothing"), StringComparison.Ordinal);
        Assert.StartsWith("503 ", await cluster.GetTextAsync(Pods + "sonarr:8384/proxy/"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => cluster.Runtime.ConnectAsync(pod, 8384, Cluster.Stop));

        cluster.Runtime.Servers.Add(new Greeter());
        Assert.Equal("200 hello", await cluster.GetTextAsync(Pods + "sonarr:8384/proxy/"));
    }

    [Fact]
    public async Task A_connection_over_TLS_serves_many_requests_until_the_container_is_started_anew()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        await cluster.UntilReadyAsync("sonarr");
        const string Path = "api/v1/namespaces/default/pods/https:sonarr:8384/proxy/";
        using var server = new SecureCounter();
        cluster.Runtime.Servers.Add(server);
        Assert.Equal(["200 1", "200 1", "200 1"], [await cluster.GetTextAsync(Path), await cluster.GetTextAsync(Path + "page?a=b"), await cluster.GetTextAsync(Path)]);

        var node = cluster.World.Node("w1");
        node.IsPowered = false;
        Assert.StartsWith("503 ", await cluster.GetTextAsync(Path), StringComparison.Ordinal);
        node.IsPowered = true;
        await cluster.UntilAsync("sonarr", found => KubeletCluster.Restarts(found) == 1 && KubeletCluster.IsReady(found), "a restart");
        Assert.Equal("200 2", await cluster.GetTextAsync(Path));
    }

    [Fact]
    public async Task Usage_is_the_same_wherever_it_is_asked_for()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Pod("sonarr");
        KubeletCluster.Container(pod)["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "200Mi" } };
        await cluster.CreateAsync(pod);
        await cluster.UntilReadyAsync("sonarr");

        var metrics = Assert.Single(cluster.Runtime.Metrics(nodes: false, "default"));
        var memory = Quantity.Parse(Cells.Text(Cells.Items(metrics, "containers").First(), "usage.memory"))!.Value;
        Assert.InRange(memory, 100 << 20, 200 << 20);
        var summary = JsonNode.Parse((await cluster.GetTextAsync("api/v1/nodes/w1/proxy/stats/summary"))[4..]);
        var container = Cells.Items(Cells.Items(summary, "pods").Single(), "containers").Single();
        Assert.InRange(Cells.Number(container, "memory.workingSetBytes"), memory * 0.95, memory * 1.05);
        cluster.Advance(600);
        var later = JsonNode.Parse((await cluster.GetTextAsync("api/v1/nodes/w1/proxy/stats/summary"))[4..]);
        Assert.Equal(Cells.Text(summary, "node.startTime"), Cells.Text(later, "node.startTime"));
        Assert.Equal(2, cluster.Runtime.Metrics(nodes: true, null).Count);
        Assert.Equal("200 ok", await cluster.GetTextAsync("api/v1/nodes/w2/proxy/healthz"));
    }

    [Fact]
    public async Task A_dead_node_answers_nothing_and_starts_its_pods_anew_when_it_is_back()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        var pod = await cluster.UntilReadyAsync("sonarr");
        var node = cluster.World.Node("w1");
        node.IsPowered = false;

        Assert.Contains("dial tcp 192.168.1.31:10250: connect: no route to host", await cluster.LogAsync("sonarr"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ApiException>(() => RunAsync(cluster, pod, "true"));
        Assert.StartsWith("503 ", await cluster.GetTextAsync("api/v1/nodes/w1/proxy/healthz"), StringComparison.Ordinal);
        await cluster.DeleteAsync("sonarr");
        await cluster.CreateAsync(KubeletCluster.Pod("radarr", "radarr:5"));
        cluster.Advance(60);
        await Task.Delay(100, Cluster.Stop);
        Assert.NotNull(await cluster.FindAsync("sonarr"));

        node.IsPowered = true;
        await Cluster.UntilAsync(async () => await cluster.FindAsync("sonarr") is null, "the deletion is confirmed");
        await cluster.UntilReadyAsync("radarr");
        node.IsPowered = false;
        node.IsPowered = true;
        var restarted = await cluster.UntilAsync("radarr", found => KubeletCluster.Restarts(found) == 1 && KubeletCluster.IsReady(found), "a restart");
        Assert.Equal("255", Cells.Text(Cells.Items(restarted, "status.containerStatuses").First(), "lastState.terminated.exitCode"));
    }

    private static async Task<(int Code, string Output)> RunAsync(KubeletCluster cluster, JsonObject pod, params string[] command)
    {
        using var output = new MemoryStream();
        var code = await cluster.Runtime.ExecuteAsync(pod, new("app", command, Attach: false, Tty: false, Stream.Null, output, output), Cluster.Stop);
        return (code, Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <summary>Tells each connection which one it is, as HTTPS.</summary>
    private sealed class SecureCounter : IPodServer, IDisposable
    {
        private readonly X509Certificate2 _certificate = Certificate();
        private int _connections;

        public bool Serves(JsonObject pod, int port) => port == 8384;

        public async Task ServeAsync(JsonObject pod, int port, Stream connection, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _connections);
            await using var tls = new SslStream(connection, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancellationToken);
            await PodHttpServer.ServeAsync(tls, (_, _) => Task.FromResult(PodHttpResponse.Text(200, $"{number}")), cancellationToken);
        }

        public void Dispose() => _certificate.Dispose();

        private static X509Certificate2 Certificate()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = new CertificateRequest("CN=sonarr", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }

    /// <summary>Says hello to each connection, as HTTP.</summary>
    private sealed class Greeter : IPodServer
    {
        public bool Serves(JsonObject pod, int port) => port == 8384;

        public async Task ServeAsync(JsonObject pod, int port, Stream connection, CancellationToken cancellationToken)
        {
            Assert.NotEqual(0, await connection.ReadAsync(new byte[4096], cancellationToken));
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray(), cancellationToken);
            await connection.FlushAsync(cancellationToken);
        }
    }
}
