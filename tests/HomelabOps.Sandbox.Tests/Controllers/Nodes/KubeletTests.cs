using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

public sealed class KubeletTests
{
    private const string Path = "api/v1/namespaces/default/pods/sonarr";

    [Fact]
    public async Task The_log_of_a_container_is_read()
    {
        await using var nodes = await StartAsync();
        await Cluster.UntilAsync(async () => (await GetAsync(nodes, $"{Path}/log")).Contains("Application started", StringComparison.Ordinal), "it has written that it started");
        Assert.Contains("Starting Sonarr", await GetAsync(nodes, $"{Path}/log"), StringComparison.Ordinal);
        Assert.Single((await GetAsync(nodes, $"{Path}/log?tailLines=1")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(HttpStatusCode.BadRequest, await CodeAsync(nodes, $"{Path}/log?previous=true"));

        nodes.World.Node(await NodeAsync(nodes)).IsPowered = false;
        Assert.Equal(HttpStatusCode.InternalServerError, await CodeAsync(nodes, $"{Path}/log"));
    }

    [Theory]
    [InlineData("exit 0", "", "", 0)]
    [InlineData("echo hello; exit 3", "hello\n", "", 3)]
    [InlineData("echo $HOSTNAME", "sonarr\n", "", 0)]
    [InlineData("cat /none", "", "cat: can't open '/none': No such file or directory\n", 1)]
    public async Task A_command_has_its_output_and_its_exit_code(string script, string output, string error, int code)
    {
        await using var nodes = await StartAsync();
        var query = $"container=main&stdout=true&stderr=true&command=sh&command=-c&command={Uri.EscapeDataString(script)}";
        using var socket = await OpenAsync(nodes, $"{Path}/exec?{query}");
        var channels = await ReadAsync(socket);
        var status = JsonNode.Parse(channels[3])!;
        Assert.Equal((output, error), (channels.GetValueOrDefault(1, ""), channels.GetValueOrDefault(2, "")));
        Assert.Equal(code == 0 ? "Success" : "Failure", Text(status, "status"));
        Assert.Equal(code == 0 ? "" : $"{code}", Text(Items(status, "details.causes").FirstOrDefault(cause => Text(cause, "reason") == "ExitCode"), "message"));
    }

    [Fact]
    public async Task A_port_leads_to_the_application()
    {
        await using var nodes = await StartAsync();
        using var socket = await OpenAsync(nodes, $"{Path}/portforward?ports=8989");
        await socket.SendAsync(new byte[] { 0 }.Concat("GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray()).ToArray(), WebSocketMessageType.Binary, endOfMessage: true, Cluster.Stop);
        var answer = (await ReadAsync(socket, channels => channels.GetValueOrDefault(0, "").Contains('}', StringComparison.Ordinal)))[0];
        Assert.Contains("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains("\"appName\":\"Sonarr\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_Services_and_nodes_are_reached_through_the_API_server()
    {
        await using var nodes = await StartAsync();
        Assert.Contains("Sonarr", await GetAsync(nodes, $"{Path}:8989/proxy/ping"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await CodeAsync(nodes, $"{Path}:8989/proxy/none"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CodeAsync(nodes, $"{Path}:81/proxy/"));

        await nodes.Cluster.CreateAsync(Types.Service, """{"metadata":{"name":"tv"},"spec":{"selector":{"app":"tv"},"ports":[{"name":"http","port":80,"targetPort":8989}]}}""");
        await Cluster.UntilAsync(async () => await CodeAsync(nodes, "api/v1/namespaces/default/services/tv:http/proxy/ping") == HttpStatusCode.OK, "the Service leads to the pod");

        var node = await NodeAsync(nodes);
        var summary = JsonNode.Parse(await GetAsync(nodes, $"api/v1/nodes/{node}/proxy/stats/summary"));
        Assert.Equal(node, Text(summary, "node.nodeName"));
        Assert.True(Number(summary, "node.fs.capacityBytes") > Number(summary, "node.fs.usedBytes"));
        Assert.Contains(Items(summary, "pods"), pod => Text(pod, "podRef.name") == "sonarr" && Number(Items(pod, "containers").Single(), "memory.workingSetBytes") > 0);
        foreach (var (path, name) in new[] { ("nodes", node), ("namespaces/default/pods", "sonarr") })
        {
            Assert.Contains(Items(JsonNode.Parse(await GetAsync(nodes, $"apis/metrics.k8s.io/v1beta1/{path}")), "items"), item => Text(item, "metadata.name") == name);
        }

        nodes.World.Node(node).IsPowered = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CodeAsync(nodes, $"api/v1/nodes/{node}/proxy/stats/summary"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CodeAsync(nodes, $"{Path}:8989/proxy/ping"));
        Assert.Empty(nodes.Cluster.Host.Faults);
    }

    [Fact]
    public async Task What_another_part_says_of_its_containers_is_asked_at_each_start()
    {
        var mover = new Mover { ExitCode = 1 };
        await using var nodes = await NodeCluster.StartAsync(mover);
        var cluster = nodes.Cluster;
        await cluster.CreateAsync(ResourceType.Job, """{"metadata":{"name":"mover"},"spec":{"template":{"metadata":{"labels":{"app":"mover"}},"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"mover:1"}]}}}}""");
        await cluster.UntilAsync(ResourceType.Job, "mover", job => Number(job, "status.ready") == 1, "it runs");
        await cluster.RestAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(21));
        await cluster.UntilAsync(ResourceType.Job, "mover", job => Number(job, "status.failed") == 1, "it has failed");
        var failed = Text((await cluster.ListAsync(ResourceType.Pod)).Single(), "metadata.name");
        Assert.Equal("one\ntwo\n", await GetAsync(nodes, $"api/v1/namespaces/default/pods/{failed}/log"));

        mover.ExitCode = 0;
        await cluster.RestAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(11));
        await cluster.UntilAsync(ResourceType.Job, "mover", job => Number(job, "status.ready") == 1, "it runs again");
        await cluster.RestAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(21));
        await cluster.UntilAsync(ResourceType.Job, "mover", job => job.Reason("Complete").Length > 0, "it is complete");
        Assert.Empty(cluster.Host.Faults);
    }

    private static async Task<NodeCluster> StartAsync()
    {
        var nodes = await NodeCluster.StartAsync();
        await nodes.Cluster.CreateAsync(ResourceType.Pod, """{"metadata":{"name":"sonarr","labels":{"app":"tv"}},"spec":{"containers":[{"name":"main","image":"ghcr.io/home-operations/sonarr:4","ports":[{"containerPort":8989}],"readinessProbe":{"httpGet":{"path":"/ping","port":8989}}}]}}""");
        await nodes.PodReadyAsync("sonarr");
        return nodes;
    }

    private static async Task<string> NodeAsync(NodeCluster nodes) => Text(await nodes.Cluster.GetAsync(ResourceType.Pod, "sonarr"), "spec.nodeName");

    private static async Task<string> GetAsync(NodeCluster nodes, string path) => await nodes.Http.GetStringAsync(new Uri(path, UriKind.Relative), Cluster.Stop);

    private static async Task<HttpStatusCode> CodeAsync(NodeCluster nodes, string path)
    {
        using var answer = await nodes.Http.GetAsync(new Uri(path, UriKind.Relative), Cluster.Stop);
        return answer.StatusCode;
    }

    private static async Task<ClientWebSocket> OpenAsync(NodeCluster nodes, string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        await socket.ConnectAsync(new UriBuilder(new Uri(nodes.Cluster.Server.Url, path)) { Scheme = "ws" }.Uri, Cluster.Stop);
        return socket;
    }

    // What came on each channel until the end, or until it is enough.
    private static async Task<Dictionary<int, string>> ReadAsync(WebSocket socket, Func<Dictionary<int, string>, bool>? isEnough = null)
    {
        var channels = new Dictionary<int, string>();
        var buffer = new byte[64 * 1024];
        while (isEnough?.Invoke(channels) != true)
        {
            var received = await socket.ReceiveAsync(buffer, Cluster.Stop);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            channels[buffer[0]] = channels.GetValueOrDefault(buffer[0], "") + Encoding.UTF8.GetString(buffer, 1, received.Count - 1);
        }

        return channels;
    }

    /// <summary>Containers that work for 20 seconds.</summary>
    private sealed class Mover : IContainerBehavior
    {
        public int ExitCode { get; set; }

        public bool TryGet(JsonObject pod, string container, [NotNullWhen(true)] out ContainerBehavior? behavior)
        {
            behavior = Text(pod, "metadata.labels.app") == "mover" ? new(TimeSpan.FromSeconds(20), ExitCode, ExitCode == 0 ? "Completed" : "Error", ["one", "two"]) : null;
            return behavior is not null;
        }
    }
}
