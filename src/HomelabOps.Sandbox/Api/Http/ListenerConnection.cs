using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>The connection below a request. Outside Windows HttpListener has no public way to it; were the private one not found, nothing would happen here.</summary>
internal static class ListenerConnection
{
    /// <summary>
    /// The body of an answer without a length, whose chunks are sent at once: a watch would otherwise hold a second event back until the client
    /// has acknowledged the first, up to 40 ms later.
    /// </summary>
    public static Stream ChunkedBody(HttpListenerContext http)
    {
        try
        {
            if (Socket(http) is { } socket)
            {
                socket.NoDelay = true;
                return new ChunkStream(http.Response.OutputStream, socket);
            }
        }
        catch (Exception error) when (IsGone(error))
        {
            // The answer will find out.
        }

        return http.Response.OutputStream;
    }

    /// <summary>Breaks the connection. The client sees a reset, where HttpListener itself finishes even an aborted answer properly.</summary>
    public static void Reset(HttpListenerContext http)
    {
        try
        {
            if (Socket(http) is { } socket)
            {
                // Closing without waiting for what was sent is a reset.
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
            }

            http.Response.Abort();
        }
        catch (Exception error) when (IsGone(error))
        {
            // It wanted to write to the connection that is gone.
        }
    }

    private static bool IsGone(Exception error) => error is IOException or ObjectDisposedException or HttpListenerException or SocketException or InvalidOperationException;

    private static Socket? Socket(HttpListenerContext http)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var connection = typeof(HttpListenerContext).GetProperty("Connection", Hidden)?.GetValue(http);
        return connection?.GetType().GetField("_socket", Hidden)?.GetValue(connection) as Socket;
    }
}
