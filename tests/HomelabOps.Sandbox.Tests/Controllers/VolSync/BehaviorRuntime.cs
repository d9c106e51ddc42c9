using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>Gives the logs of containers as their behaviour says them; nothing else of a node is asked for here.</summary>
internal sealed class BehaviorRuntime : INodeRuntime
{
    public IContainerBehavior? Behavior { get; set; }

    public async Task WriteLogAsync(JsonObject pod, LogRequest request, Stream output, CancellationToken cancellationToken)
    {
        if (Behavior?.TryGet(pod, request.Container, out var behavior) == true)
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', behavior.Lines) + "\n"), cancellationToken);
        }
    }

    public Task<int> ExecuteAsync(JsonObject pod, ExecRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Stream> ConnectAsync(JsonObject pod, int port, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ProxyAsync(ApiCall call, ProxyRequest request) => throw new NotSupportedException();

    public IReadOnlyList<JsonObject> Metrics(bool nodes, string? @namespace) => [];
}
