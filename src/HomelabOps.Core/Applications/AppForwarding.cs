using System.Diagnostics;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Forwarding;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>Forwards ports of this machine to applications, and asks applications through such a port.</summary>
internal static class AppForwarding
{
    /// <summary>Begins to forward to the ready pods of an application.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="app">The application.</param>
    /// <param name="localPort">Port of this machine; 0 for a free one.</param>
    /// <param name="remotePort">Port of the pods; null for the first that a container names.</param>
    /// <param name="cancellationToken">Ends the search for the first pod.</param>
    /// <exception cref="HomelabException">PortUnknown, PortForwardNoPod, PortUnavailable.</exception>
    public static Task<PortForwarder> StartAsync(ClusterClient client, ResourceReference app, int localPort, int? remotePort, CancellationToken cancellationToken) =>
        StartAsync(client, app, localPort, remotePort, "RemotePort", cancellationToken);

    /// <summary>Asks an application for a page.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="app">The application.</param>
    /// <param name="path">The page.</param>
    /// <param name="port">Port of the pods; null for the first that a container names.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async IAsyncEnumerable<Streamed<HomelabAppProbe>> ProbeAsync(ClusterClient client, ResourceReference app, string path, int? port, TimeSpan timeout, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var probe = new HomelabAppProbe { Cluster = client.Name, Kind = app.Kind, Namespace = app.Namespace, Name = app.Name };
        HomelabException? unknown = null;
        try
        {
            probe = await AskAsync(client, app, path.TrimStart('/'), port, timeout, probe, cancellationToken);
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.PortForwardNoPod))
        {
            probe = probe with { Message = error.Message };
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            unknown = error;
        }

        if (unknown is not null)
        {
            yield return new FailureNotice(unknown);
        }
        else
        {
            yield return probe;
        }
    }

    private static async Task<HomelabAppProbe> AskAsync(ClusterClient client, ResourceReference app, string path, int? port, TimeSpan timeout, HomelabAppProbe probe, CancellationToken cancellationToken)
    {
        using var forwarder = await StartAsync(client, app, 0, port, "Port", cancellationToken);
        var forward = forwarder.Record;
        probe = probe with { Url = $"http://{forward.Pod}:{forward.RemotePort}/{path}" };

        // No proxy of the environment leads to this machine, and where a redirect leads is not the application.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { Timeout = timeout };
        var clock = Stopwatch.StartNew();
        try
        {
            // What looks like an address is a path as well: only the application is asked.
            using var answer = await http.GetAsync(new Uri(forward.Uri!, "./" + path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)answer.StatusCode;
            return probe with { StatusCode = status, Latency = clock.Elapsed, Healthy = status is >= 200 and < 400, Message = answer.ReasonPhrase ?? "" };
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return probe with { Message = forwarder.Record.Message is { Length: > 0 } said ? said : error.Message };
        }
    }

    // The parameter is what the caller's cmdlet calls the port of the pods.
    private static Task<PortForwarder> StartAsync(ClusterClient client, ResourceReference app, int localPort, int? remotePort, string parameter, CancellationToken cancellationToken) =>
        PortForwarder.StartAsync(client, app, localPort, stop => FindAsync(client, app, remotePort, parameter, stop), cancellationToken);

    private static async Task<ForwardedPod> FindAsync(ClusterClient client, ResourceReference app, int? remotePort, string parameter, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReader.FindAsync(client, app, cancellationToken) ?? throw Errors.RolloutGone(app);
        var port = remotePort ?? (workload.Template?.Spec?.Containers ?? []).SelectMany(container => container.Ports ?? [])
            .FirstOrDefault(port => port.Protocol is null or "TCP")?.ContainerPort ?? throw Errors.PortUnknown(app, parameter);
        var query = new ListQuery { Namespace = app.Namespace, LabelSelector = workload.Selector };
        await foreach (var pod in client.ListAsync(ResourceType.Pod, query, WireContext.Default.PodWire, cancellationToken: cancellationToken))
        {
            var record = PodMapper.Map(pod, client.Name, Ownership.Top(pod.Metadata, client.Name));
            if (record is { Ready: true, Healthy: true } && record.Owner == app)
            {
                return new(record.Name, port);
            }
        }

        throw Errors.PortForwardNoPod(app);
    }
}
