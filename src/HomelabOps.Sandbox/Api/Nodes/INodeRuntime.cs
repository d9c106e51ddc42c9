using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Api.Nodes;

/// <summary>What a kubelet does for the API server. The simulated kubelet implements it.</summary>
internal interface INodeRuntime
{
    /// <summary>Writes a container's log; refuses with an <see cref="ApiException"/> where there is none.</summary>
    Task WriteLogAsync(JsonObject pod, LogRequest request, Stream output, CancellationToken cancellationToken);

    /// <summary>Runs a command in a container, or attaches to it; gives its exit code.</summary>
    Task<int> ExecuteAsync(JsonObject pod, ExecRequest request, CancellationToken cancellationToken);

    /// <summary>Opens a connection to a port of a pod. When the client has nothing more to say, a <see cref="System.Net.Sockets.NetworkStream"/> is told so; any other stream is disposed of.</summary>
    Task<Stream> ConnectAsync(JsonObject pod, int port, CancellationToken cancellationToken);

    /// <summary>Answers a request to a pod, service or node through the proxy.</summary>
    Task ProxyAsync(ApiCall call, ProxyRequest request);

    /// <summary>Present usage as metrics.k8s.io gives it: of nodes, or of the pods of a namespace.</summary>
    IReadOnlyList<JsonObject> Metrics(bool nodes, string? @namespace);
}

/// <summary>What of a log is asked for.</summary>
internal sealed record LogRequest(string Container, bool Follow, bool Previous, bool Timestamps, long? TailLines, long? LimitBytes, DateTimeOffset? Since);

/// <summary>What is asked of a pod, service or node.</summary>
/// <param name="Resource">pods, services or nodes.</param>
/// <param name="Id">Its name with scheme and port, as the client wrote it.</param>
/// <param name="Target">The object.</param>
/// <param name="IsSecure">It is spoken to with HTTPS.</param>
/// <param name="Port">Number or name of its port; empty for the usual one.</param>
/// <param name="Path">With its leading slash.</param>
internal sealed record ProxyRequest(string Resource, string Id, JsonObject Target, bool IsSecure, string Port, string Path);

/// <summary>A command in a container with its streams; those not asked for are empty.</summary>
internal sealed record ExecRequest(string Container, IReadOnlyList<string> Command, bool Attach, bool Tty, Stream Input, Stream Output, Stream Error)
{
    private readonly Lock _resizing = new();
    private (int Columns, int Rows)? _size;

    /// <summary>Called with columns and rows when the terminal of the client changes; at once if they were told before it was set.</summary>
    public Action<int, int>? Resize
    {
        get;
        set
        {
            lock (_resizing)
            {
                field = value;
                if (_size is { } size)
                {
                    value?.Invoke(size.Columns, size.Rows);
                }
            }
        }
    }

    /// <summary>Takes the size that the client tells.</summary>
    public void SetSize(int columns, int rows)
    {
        lock (_resizing)
        {
            _size = (columns, rows);
            Resize?.Invoke(columns, rows);
        }
    }
}
