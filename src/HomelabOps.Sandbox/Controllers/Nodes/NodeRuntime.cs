using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.Serving;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// What the simulated kubelets do for the API server. It is made before the server; <see cref="NodeControllers"/> attaches the
/// kubelets, and until then it answers as a cluster without nodes.
/// </summary>
internal sealed class NodeRuntime(TimeProvider clock) : INodeRuntime, IDisposable
{
    private readonly ProxyClient _proxy = new();
    private volatile Attachment? _attached;

    /// <summary>What listens within pods beside their applications.</summary>
    public PodServers Servers { get; } = new();

    /// <summary>How containers of other simulated parts run; the first that knows one decides.</summary>
    public IList<IContainerBehavior> Behaviors { get; } = [];

    /// <summary>How applications behave; more can be added before anything runs.</summary>
    public Applications Applications { get; } = new();

    /// <summary>The programs within containers; more can be added before anything runs.</summary>
    public ProgramTable Programs { get; } = new();

    public void Attach(NodeWorld world, ClusterView cluster, KubeletController kubelets, ContainerProcesses processes) =>
        _attached = new(world, cluster, kubelets, processes);

    public Task WriteLogAsync(JsonObject pod, LogRequest request, Stream output, CancellationToken cancellationToken)
    {
        if (_attached is null)
        {
            return NoNodeRuntime.Instance.WriteLogAsync(pod, request, output, cancellationToken);
        }

        var run = Reach(pod, $"Get \"https://{{0}}/containerLogs/{Cells.Text(pod, "metadata.namespace")}/{Cells.Text(pod, "metadata.name")}/{request.Container}\": ");
        var container = run?.Container(request.Container)
            ?? throw ApiErrors.BadRequest($"container \"{request.Container}\" in pod \"{Cells.Text(pod, "metadata.name")}\" is waiting to start: ContainerCreating");
        return LogWriter.WriteAsync(run, container, request, output, clock, cancellationToken);
    }

    public async Task<int> ExecuteAsync(JsonObject pod, ExecRequest request, CancellationToken cancellationToken)
    {
        if (_attached is not { } attached)
        {
            return await NoNodeRuntime.Instance.ExecuteAsync(pod, request, cancellationToken);
        }

        var run = Reach(pod, "error dialing backend: ");
        if (run?.Container(request.Container) is not { Phase: ContainerPhase.Running } container)
        {
            throw new ApiException(500, "InternalError", $"unable to upgrade connection: container not found (\"{request.Container}\")");
        }

        if (request.Attach)
        {
            await LogWriter.WriteAsync(run, container, new(request.Container, Follow: true, Previous: false, Timestamps: false, TailLines: 0, LimitBytes: null, Since: null), request.Output, clock, cancellationToken);
            return container.Ended?.ExitCode ?? 0;
        }

        if (request.Command.Count == 0 || !attached.Processes.Has(request.Command[0]))
        {
            throw NotExecuted(run, container, request.Command.Count == 0 ? null : request.Command[0]);
        }

        await container.CatchUpAsync(clock.GetUtcNow());
        var context = attached.Processes.Context(pod, run, container, new ClockTime(clock));
        if (!request.Tty)
        {
            return await ContainerProcesses.RunAsync(context, request.Command, request.Input, request.Output, request.Error, cancellationToken);
        }

        var terminal = new SimulatedTerminal(request.Input, request.Output);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var typing = terminal.RunAsync(ending.Token);
        try
        {
            return await ContainerProcesses.RunAsync(context with { HasTerminal = true }, request.Command, terminal.Input, terminal.Output, terminal.Output, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await typing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task<Stream> ConnectAsync(JsonObject pod, int port, CancellationToken cancellationToken) =>
        _attached is null ? NoNodeRuntime.Instance.ConnectAsync(pod, port, cancellationToken) : Task.FromResult(Find(pod, port).Connect(cancellationToken));

    /// <summary>Connects to a port of a pod.</summary>
    /// <exception cref="IOException">Nobody listens there.</exception>
    public Stream Open(JsonObject pod, int port) => Find(pod, port).Connect(CancellationToken.None);

    public Task ProxyAsync(ApiCall call, ProxyRequest request)
    {
        if (_attached is not { } attached)
        {
            return NoNodeRuntime.Instance.ProxyAsync(call, request);
        }

        return request.Resource switch
        {
            "nodes" => ProxyNodeAsync(call, attached, request),
            "services" => ProxyServiceAsync(call, attached, request),
            _ => ForwardAsync(call, request.Target, Port(request.Target, request.Port), request),
        };
    }

    public void Dispose() => _proxy.Dispose();

    public IReadOnlyList<JsonObject> Metrics(bool nodes, string? @namespace)
    {
        if (_attached is not { } attached)
        {
            return [];
        }

        var now = clock.GetUtcNow();
        var time = new JsonObject { ["timestamp"] = Timestamps.Format(now), ["window"] = "15s" };
        var runs = attached.Cluster.Pods.All.Select(pod => (Pod: pod, Run: attached.Kubelets.Find(pod)!)).Where(pod => pod.Run is { Node.IsReporting: true });
        if (nodes)
        {
            var byNode = runs.ToLookup(pod => pod.Run.Node.Name);
            return [.. attached.World.Nodes.Where(node => node.IsReporting).Select(node =>
            {
                var usage = UsageModel.Of(node.Node, byNode[node.Name].SelectMany(pod => pod.Run.Containers.Select(container => UsageModel.Of(pod.Run, container, now))), now);
                return Measured(attached.Cluster.Nodes.Find("", node.Name), node.Name, "", time, Usage(usage));
            })];
        }

        return [.. runs.Where(pod => string.IsNullOrEmpty(@namespace) || pod.Run.Namespace == @namespace)
            .Select(pod => (pod, Running: pod.Run.Containers.Where(container => container.Phase == ContainerPhase.Running).ToArray()))
            .Where(pod => pod.Running.Length > 0)
            .Select(pod => Measured(pod.pod.Pod, pod.pod.Run.Name, pod.pod.Run.Namespace, time, new()
            {
                ["containers"] = new JsonArray([.. pod.Running.Select(container =>
                {
                    var usage = Usage(UsageModel.Of(pod.pod.Run, container, now));
                    usage["name"] = container.Name;
                    return usage;
                })]),
            }))];
    }

    private static JsonObject Measured(JsonObject? item, string name, string @namespace, JsonObject time, JsonObject figures)
    {
        var metadata = new JsonObject { ["name"] = name, ["creationTimestamp"] = time["timestamp"]!.DeepClone(), ["labels"] = item?["metadata"]?["labels"]?.DeepClone() };
        if (@namespace.Length > 0)
        {
            metadata["namespace"] = @namespace;
        }

        var result = new JsonObject { ["metadata"] = metadata };
        foreach (var (field, value) in time.Concat(figures))
        {
            result[field] = value?.DeepClone();
        }

        return result;
    }

    private static JsonObject Usage((double Cpu, double Memory) usage) => new() { ["usage"] = new JsonObject { ["cpu"] = UsageModel.Cpu(usage.Cpu), ["memory"] = UsageModel.Memory(usage.Memory) } };

    private static string? Unreachable(NodeState? node) => node switch
    {
        null => "dial tcp: lookup: no such host",
        { IsPowered: false } or { IsConnected: false } => $"dial tcp {node.Node.Address}:10250: connect: no route to host",
        { KubeletRuns: false } => $"dial tcp {node.Node.Address}:10250: connect: connection refused",
        _ => null,
    };

    // In the words of containerd and runc.
    private static ApiException NotExecuted(PodRun run, ContainerRun container, string? program)
    {
        var problem = program switch
        {
            null => "args must not be empty",
            _ when program.Contains('/', StringComparison.Ordinal) => $"unable to start container process: exec: \"{program}\": stat {program}: no such file or directory",
            _ => $"unable to start container process: exec: \"{program}\": executable file not found in $PATH",
        };
        var id = ImageReference.Hash($"{container.ContainerId(run.Uid)}/{program}");
        return ApiErrors.Internal($"error executing command in container: failed to exec in container: failed to start exec \"{id}\": OCI runtime exec failed: exec failed: {problem}: unknown");
    }

    // The pod as its kubelet knows it; null when it does not yet.
    private PodRun? Reach(JsonObject pod, string action)
    {
        var node = _attached!.World.Find(Cells.Text(pod, "spec.nodeName"));
        return Unreachable(node) is { } problem
            ? throw new ApiException(500, "", string.Format(CultureInfo.InvariantCulture, action, $"{node?.Node.Address}:10250") + problem)
            : _attached.Kubelets.Find(pod);
    }

    // Who listens there now.
    private Listener Find(JsonObject pod, int port)
    {
        var run = Reach(pod, "error dialing backend: ");
        var container = run?.Containers.FirstOrDefault(container => ContainerProbes.Listens(container, port));
        var isRunning = run?.Containers.Any(container => container.Phase == ContainerPhase.Running) == true;
        var server = isRunning ? Servers.Find(pod, port) : null;
        var hasSite = container?.Plan?.Sites.ContainsKey(port) == true;
        if (server is null && !hasSite && container?.Plan is not { Application: { IsHttp: true } })
        {
            throw new IOException($"failed to connect to localhost:{port} inside namespace of pod {Cells.Text(pod, "metadata.uid")}: dial tcp4 127.0.0.1:{port}: connect: connection refused");
        }

        // A container that is started anew has closed its connections.
        var starts = run?.Containers.Sum(each => each.Restarts);
        return new(server is null ? null : $"{Cells.Text(pod, "metadata.uid")}-{starts}:{port}", (far, stop) => server?.ServeAsync(pod, port, far, stop)
            ?? (hasSite ? PodHttpServer.ServeAsync(far, (asked, _) => PageAsync(pod, run!, container!, port, asked), stop) : null)
            ?? ApplicationServer.ServeAsync(container!.Plan!.Application!, () => _attached!.World.Faults.Of(run!.Namespace, run.Name, container.Name, container.IsInit)?.FailingProbes is null or ProbeKinds.None, far, stop));
    }

    // As busybox answers.
    private async Task<PodHttpResponse> PageAsync(JsonObject pod, PodRun run, ContainerRun container, int port, PodHttpRequest request) =>
        request.Method is not ("GET" or "HEAD") ? PodHttpResponse.Text(501, "501 Not Implemented\nThe requested method is not recognized\n")
        : await _attached!.Processes.PageAsync(pod, run, container, port, request.Path, new ClockTime(clock)) is { } page ? PodHttpResponse.Text(200, page)
        : PodHttpResponse.Text(404, "404 Not Found\nThe requested URL was not found\n");

    // What goes wrong with one connection ends that connection only.
    private static async Task ServeAsync(Func<Task> serve, Stream connection)
    {
        await using (connection)
        {
            await Task.Run(serve).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ForwardAsync(ApiCall call, JsonObject pod, int port, ProxyRequest request)
    {
        if (Cells.Text(pod, "status.podIP") is not { Length: > 0 } ip)
        {
            throw ApiErrors.BadRequest("address not allowed");
        }

        if (port > ushort.MaxValue)
        {
            throw ApiErrors.Unavailable($"error trying to reach service: dial tcp: address {port}: invalid port");
        }

        var address = string.Create(CultureInfo.InvariantCulture, $"{ip}:{port}");
        Listener listener;
        try
        {
            listener = Find(pod, port);
        }
        catch (Exception error) when (error is IOException or ApiException)
        {
            throw ApiErrors.Unavailable($"error trying to reach service: dial tcp {address}: connect: {(error is IOException ? "connection refused" : "no route to host")}");
        }

        var kept = request.IsSecure ? listener.Name : null;
        await _proxy.ForwardAsync(call, () => listener.Connect(kept is null ? call.Stopping : CancellationToken.None), kept, request.IsSecure, address, request.Path);
    }

    private Task ProxyServiceAsync(ApiCall call, Attachment attached, ProxyRequest request)
    {
        var (@namespace, name) = (Cells.Text(request.Target, "metadata.namespace"), Cells.Text(request.Target, "metadata.name"));
        var ports = Cells.Items(request.Target, "spec.ports");
        var isNumber = int.TryParse(request.Port, NumberStyles.None, CultureInfo.InvariantCulture, out _);

        // A number is looked up in the service; a name, also the empty one, only among what its endpoints have.
        var portName = !isNumber ? request.Port
            : ports.FirstOrDefault(port => Cells.Text(port, "port") == request.Port) is { } found ? Cells.Text(found, "name")
            : throw ApiErrors.Unavailable($"no service port {request.Port} found for service \"{name}\"");
        var any = false;
        foreach (var slice in attached.Cluster.Slices.In(@namespace).Where(slice => (string?)slice["metadata"]?["labels"]?["kubernetes.io/service-name"] == name))
        {
            any |= Cells.Count(slice, "endpoints") > 0;
            var number = Cells.Items(slice, "ports").Where(port => Cells.Text(port, "name") == portName).Select(port => (int)Cells.Number(port, "port")).FirstOrDefault();
            var endpoint = Cells.Items(slice, "endpoints").FirstOrDefault(endpoint => Cells.Text(endpoint, "conditions.ready", "true") == "true");
            if (number > 0 && endpoint is not null && attached.Cluster.Pods.Find(@namespace, Cells.Text(endpoint, "targetRef.name")) is { } pod)
            {
                return ForwardAsync(call, pod, number, request);
            }
        }

        throw ApiErrors.Unavailable($"no endpoints available for service \"{(any ? request.Id : name)}\"");
    }

    private Task ProxyNodeAsync(ApiCall call, Attachment attached, ProxyRequest request)
    {
        var state = attached.World.Find(Cells.Text(request.Target, "metadata.name"));
        if (Unreachable(state) is { } problem)
        {
            throw ApiErrors.Unavailable($"error trying to reach service: {problem}");
        }

        var pods = attached.Cluster.Pods.All.Select(pod => (Pod: pod, Run: attached.Kubelets.Find(pod)!)).Where(pod => pod.Run?.Node == state).OrderBy(pod => pod.Run.FullName, StringComparer.Ordinal).ToArray();
        return new KubeletPages(state!, pods, clock.GetUtcNow()).Answer(request.Path) is { } page
            ? call.Response.SendAsync(System.Text.Encoding.UTF8.GetBytes(page.Body), 200, page.Type)
            : call.Response.SendTextAsync("404 page not found\n", 404);
    }

    private static int Port(JsonObject pod, string port)
    {
        var declared = Cells.Items(pod, "spec.containers").SelectMany(container => Cells.Items(container, "ports"));
        return int.TryParse(port, CultureInfo.InvariantCulture, out var number) ? number
            : (int)(declared.Where(each => port.Length == 0 || Cells.Text(each, "name") == port).Select(each => Cells.Number(each, "containerPort")).FirstOrDefault() is > 0 and var found ? found : 80);
    }

    /// <summary>What listens on a port of a pod.</summary>
    /// <param name="Name">By what it is told apart from what listens there after it; null where that is not known.</param>
    /// <param name="Serve">Serves a connection.</param>
    private sealed record Listener(string? Name, Func<Stream, CancellationToken, Task> Serve)
    {
        public Stream Connect(CancellationToken cancellationToken)
        {
            var (client, far) = StreamPair.Create();
            _ = ServeAsync(() => Serve(far, cancellationToken), far);
            return client;
        }
    }

    private sealed record Attachment(NodeWorld World, ClusterView Cluster, KubeletController Kubelets, ContainerProcesses Processes);
}
