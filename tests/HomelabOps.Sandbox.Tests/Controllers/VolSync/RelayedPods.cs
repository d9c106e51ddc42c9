using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.VolSync;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>Leads the API ports of simulated movers to programs on loopback, byte by byte.</summary>
/// <param name="ports">Port of each ReplicationSource, by its name.</param>
internal sealed class RelayedPods(IReadOnlyDictionary<string, int> ports) : IPodServer
{
    public bool Serves(JsonObject pod, int port) => port == SyncthingMover.ApiPort && PortOf(pod) is not null;

    public async Task ServeAsync(JsonObject pod, int port, Stream connection, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, PortOf(pod)!.Value, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var directions = new[] { connection.CopyToAsync(socket.GetStream(), ending.Token), socket.GetStream().CopyToAsync(connection, ending.Token) };
        await Task.WhenAny(directions);
        await ending.CancelAsync();
        await Task.WhenAll(directions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private int? PortOf(JsonObject pod) => VolSyncNames.SyncthingSourceOf(pod) is { } source && Cells.Text(pod, "status.phase") == "Running" && ports.TryGetValue(source, out var port) ? port : null;
}
