using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Api.Nodes;

/// <summary>A cluster of which no kubelet answers: everything fails as against a node that is down.</summary>
internal sealed class NoNodeRuntime : INodeRuntime
{
    public static NoNodeRuntime Instance { get; } = new();

    public Task WriteLogAsync(JsonObject pod, LogRequest request, Stream output, CancellationToken cancellationToken) => throw Unreachable(pod, "containerLogs");

    public Task<int> ExecuteAsync(JsonObject pod, ExecRequest request, CancellationToken cancellationToken) => throw Unreachable(pod, "exec");

    public Task<Stream> ConnectAsync(JsonObject pod, int port, CancellationToken cancellationToken) => throw Unreachable(pod, "portForward");

    public Task ProxyAsync(ApiCall call, ProxyRequest request) =>
        throw ApiErrors.Unavailable("error trying to reach service: dial tcp: connect: no route to host");

    public IReadOnlyList<JsonObject> Metrics(bool nodes, string? @namespace) => [];

    private static ApiException Unreachable(JsonObject pod, string what)
    {
        var node = (string?)pod["spec"]?["nodeName"];
        return ApiErrors.Internal(string.IsNullOrEmpty(node)
            ? $"pod {pod["metadata"]?["name"]} does not have a host assigned"
            : $"Get \"https://{node}:10250/{what}\": dial tcp: lookup {node}: no route to host");
    }
}
