using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

/// <summary>What commands in containers reach of the cluster, and see of its file systems.</summary>
public sealed class NetworkProgramTests
{
    [Fact]
    public async Task Services_pods_and_names_are_reached()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr", node: "w2"));
        await cluster.CreateAsync(KubeletCluster.Script("probe", "sleep 100000"));
        var (sonarr, probe) = (await cluster.UntilReadyAsync("sonarr"), await cluster.UntilReadyAsync("probe"));
        var ip = Cells.Text(sonarr, "status.podIP");
        var address = await ServiceAsync(cluster, "sonarr", ip);
        await ServiceAsync(cluster, "empty", null);

        var page = await RunAsync(cluster, probe, "wget", "-qO-", "http://sonarr/ping");
        Assert.Equal((0, "{\"status\":\"OK\",\"appName\":\"Sonarr\"}"), page);
        Assert.Equal(page, await RunAsync(cluster, probe, "curl", "-fsS", $"http://{ip}:8989/ping"));
        Assert.Equal((0, "200"), await RunAsync(cluster, probe, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "sonarr.default.svc/"));
        Assert.Equal((0, $"Connecting to sonarr.default ({address}:80)\n"), await RunAsync(cluster, probe, "wget", "-O", "/tmp/page", "http://sonarr.default/ping"));
        Assert.Equal(page.Output, (await RunAsync(cluster, probe, "cat", "/tmp/page")).Output);
        Assert.Equal((1, "wget: server returned error: HTTP/1.1 404 Not Found\n"), await RunAsync(cluster, probe, "wget", "-q", "--spider", "http://sonarr/nothing"));
        Assert.Equal((22, "curl: (22) The requested URL returned error: 404\n"), await RunAsync(cluster, probe, "curl", "-fsS", "http://sonarr/nothing"));
        Assert.Equal((1, $"wget: can't connect to remote host ({ip}): Connection refused\n"), await RunAsync(cluster, probe, "wget", "-q", $"http://{ip}:81/"));
        Assert.Equal((7, ""), await RunAsync(cluster, probe, "curl", "-s", "http://empty"));
        Assert.Equal((1, "wget: bad address 'nobody'\n"), await RunAsync(cluster, probe, "wget", "-q", "http://nobody"));
        Assert.Equal((0, $"Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tsonarr.default.svc.cluster.local\nAddress: {address}\n\n"), await RunAsync(cluster, probe, "nslookup", "sonarr.default.svc.cluster.local"));
        Assert.Equal((1, "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find nobody: NXDOMAIN\n\n"), await RunAsync(cluster, probe, "nslookup", "nobody"));
        Assert.Equal(0, (await RunAsync(cluster, probe, "nc", "-z", "sonarr", "80")).Code);
    }

    [Fact]
    public async Task A_script_of_a_container_waits_for_a_server()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        var ip = Cells.Text(await cluster.UntilReadyAsync("sonarr"), "status.podIP");
        await cluster.CreateAsync(KubeletCluster.Script("waits", $"until wget -qO /tmp/p http://{ip}:8989/ping; do sleep 5; done; cat /tmp/p; echo; echo done"));
        await cluster.UntilAsync("waits", found => Cells.Text(found, "status.phase") == "Succeeded", "an end");
        Assert.Equal("200 {\"status\":\"OK\",\"appName\":\"Sonarr\"}\ndone\n", await cluster.LogAsync("waits"));
    }

    [Fact]
    public async Task File_systems_are_shown_as_busybox_does()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("app", "sleep 100000");
        pod["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "media", ["nfs"] = new JsonObject { ["server"] = "192.168.1.10", ["path"] = "/mnt/user/media" } });
        KubeletCluster.Container(pod)["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "media", ["mountPath"] = "/media" });
        await cluster.CreateAsync(pod);
        var running = await cluster.UntilReadyAsync("app");
        Assert.Equal(
            (0, "Filesystem                Size      Used Available Use% Mounted on\noverlay                  64.0G     12.8G     51.2G  20% /\n192.168.1.10:/mnt/user/media\n                         16.0T      9.0T      7.0T  56% /media\n"),
            await RunAsync(cluster, running, "df", "-h"));
        Assert.Matches("^Filesystem           1024-blocks    Used Available Capacity Mounted on\noverlay               67108864 {2}134[0-9]{5} {2}536[0-9]{5}  20% /\n$", (await RunAsync(cluster, running, "df", "-P", "/")).Output);
        Assert.Contains("192.168.1.10:/mnt/user/media on /media type nfs4 (rw,vers=4.2,hard,proto=tcp,addr=192.168.1.10)\n", (await RunAsync(cluster, running, "mount")).Output, StringComparison.Ordinal);
    }

    private static async Task<string> ServiceAsync(KubeletCluster cluster, string name, string? endpoint)
    {
        var service = await cluster.CreateAsync(
            new()
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
                ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = 8989 }) },
            },
            Types.Service);
        await cluster.CreateAsync(
            new()
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = name } },
                ["addressType"] = "IPv4",
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 8989, ["protocol"] = "TCP" }),
                ["endpoints"] = endpoint is null ? [] : new JsonArray(new JsonObject { ["addresses"] = new JsonArray(endpoint), ["conditions"] = new JsonObject { ["ready"] = true }, ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = name, ["namespace"] = "default" } }),
            },
            Types.EndpointSlice);
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Host.Informer(Types.EndpointSlice).Find(new ObjectName("default", name)) is not null && cluster.Host.Informer(Types.Service).Find(new ObjectName("default", name)) is not null), "the service is known");
        return Cells.Text(service, "spec.clusterIP");
    }

    private static async Task<(int Code, string Output)> RunAsync(KubeletCluster cluster, JsonObject pod, params string[] command)
    {
        using var output = new MemoryStream();
        var code = await cluster.Runtime.ExecuteAsync(pod, new("app", command, Attach: false, Tty: false, Stream.Null, output, output), Cluster.Stop);
        return (code, Encoding.UTF8.GetString(output.ToArray()));
    }
}
