using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Core.Kubernetes.Forwarding;

/// <summary>
/// Listens on a port of this machine, on the loopback address only, and joins each connection with a pod. The pod is
/// looked for when there is none, or when it has gone: its successor takes over.
/// </summary>
internal sealed class PortForwarder : IDisposable
{
    private readonly ClusterClient _client;
    private readonly ResourceReference _target;
    private readonly Func<CancellationToken, Task<ForwardedPod>> _find;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ForwardedPod _pod;
    private string _message = "";
    private int _connections;

    private PortForwarder(ClusterClient client, ResourceReference target, Func<CancellationToken, Task<ForwardedPod>> find, ForwardedPod pod, TcpListener listener)
    {
        (_client, _target, _find, _pod, _listener) = (client, target, find, pod, listener);
        LocalPort = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>The port of this machine.</summary>
    public int LocalPort { get; }

    /// <summary>The cluster that it leads to.</summary>
    public ClusterClient Client => _client;

    /// <summary>How it stands.</summary>
    public HomelabPortForward Record
    {
        get
        {
            lock (_gate)
            {
                return new()
                {
                    Cluster = _client.Name,
                    Kind = _target.Kind,
                    Namespace = _target.Namespace,
                    Name = _target.Name,
                    LocalPort = LocalPort,
                    RemotePort = _pod.Port,
                    Uri = new Uri($"http://127.0.0.1:{LocalPort}/"),
                    Pod = _pod.Name,
                    Connections = _connections,
                    State = _stop.IsCancellationRequested ? PortForwardState.Stopped : _message.Length > 0 ? PortForwardState.Broken : PortForwardState.Listening,
                    Message = _message,
                };
            }
        }
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="target">What is forwarded to.</param>
    /// <param name="localPort">Port of this machine; 0 for a free one.</param>
    /// <param name="find">Finds a ready pod, or says why there is none.</param>
    /// <param name="cancellationToken">Ends the search for the first pod.</param>
    /// <exception cref="HomelabException">PortUnavailable, and what the search says.</exception>
    public static async Task<PortForwarder> StartAsync(ClusterClient client, ResourceReference target, int localPort, Func<CancellationToken, Task<ForwardedPod>> find, CancellationToken cancellationToken)
    {
        var pod = await find(cancellationToken);
        var listener = new TcpListener(IPAddress.Loopback, localPort);
        try
        {
            listener.Start();
        }
        catch (SocketException error)
        {
            listener.Dispose();
            throw Errors.PortUnavailable(localPort, error);
        }

        return new(client, target, find, pod, listener);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var own = connection;
        connection.NoDelay = true;
        Count(1);
        try
        {
            var (pod, socket) = await OpenAsync();
            using (socket)
            {
                var said = await PodTunnel.JoinAsync(connection, socket, _stop.Token);
                Tell(said is null ? "" : Errors.Text("PortForwardFailed", pod.Port, pod.Name, said));
            }
        }
        catch (HomelabException error)
        {
            Tell(error.Message);
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
        finally
        {
            Count(-1);
        }
    }

    private async Task<(ForwardedPod Pod, System.Net.WebSockets.WebSocket Socket)> OpenAsync()
    {
        ForwardedPod pod;
        bool isBroken;
        lock (_gate)
        {
            (pod, isBroken) = (_pod, _message.Length > 0);
        }

        if (!isBroken)
        {
            try
            {
                return (pod, await _client.OpenForwardAsync(_target.Namespace, pod.Name, pod.Port, _stop.Token));
            }
            catch (HomelabException error) when (error.Kind != ErrorKind.PermissionDenied)
            {
                // The pod may have gone; then its successor is asked.
            }
        }

        pod = await _find(_stop.Token);
        lock (_gate)
        {
            _pod = pod;
        }

        return (pod, await _client.OpenForwardAsync(_target.Namespace, pod.Name, pod.Port, _stop.Token));
    }

    private void Count(int change)
    {
        lock (_gate)
        {
            _connections += change;
        }
    }

    private void Tell(string message)
    {
        lock (_gate)
        {
            _message = message;
        }
    }
}
