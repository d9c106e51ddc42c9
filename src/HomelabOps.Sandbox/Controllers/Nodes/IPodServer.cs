using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// What listens within pods on behalf of another simulated part: the REST API of a mover, a webhook. Port forwards and
/// proxied requests are carried to it. Safe for use by several threads.
/// </summary>
internal interface IPodServer
{
    /// <summary>Whether this is a port of a pod that it serves; asked for each connection to a running pod.</summary>
    bool Serves(JsonObject pod, int port);

    /// <summary>
    /// Speaks with one client until one of both is done. The bytes are those on the wire: a server of HTTPS does its own
    /// handshake. The connection is closed by the caller.
    /// </summary>
    Task ServeAsync(JsonObject pod, int port, Stream connection, CancellationToken cancellationToken);
}
