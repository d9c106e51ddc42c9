using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Breaks the connection of a request.</summary>
internal static class ConnectionReset
{
    /// <summary>
    /// The client sees a reset. Outside Windows HttpListener finishes even an aborted answer properly, and there is no public
    /// way to its socket; were the private one not found, that is what would happen.
    /// </summary>
    public static void Run(HttpListenerContext http)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var connection = typeof(HttpListenerContext).GetProperty("Connection", Hidden)?.GetValue(http);
        if (connection?.GetType().GetField("_socket", Hidden)?.GetValue(connection) is Socket socket)
        {
            // Closing without waiting for what was sent is a reset.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        }

        try
        {
            http.Response.Abort();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or HttpListenerException or SocketException or InvalidOperationException)
        {
            // It wanted to write to the connection that is gone.
        }
    }
}
