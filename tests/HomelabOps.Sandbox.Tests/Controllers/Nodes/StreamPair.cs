using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

/// <summary>Both ends of a connection on loopback.</summary>
internal sealed class StreamPair : IDisposable
{
    private StreamPair(Stream client, Stream server) => (Client, Server) = (client, server);

    public Stream Client { get; }

    public Stream Server { get; }

    public static async Task<StreamPair> OpenAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint);
        var server = await listener.AcceptSocketAsync();
        return new(new NetworkStream(client, ownsSocket: true), new NetworkStream(server, ownsSocket: true));
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
