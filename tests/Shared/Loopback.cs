using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Testing;

/// <summary>Ports of the loopback address for those who cannot choose one themselves.</summary>
internal static class Loopback
{
    // Below those that systems give to outgoing connections, of which tests have many.
    private const int First = 20000;
    private const int Last = 30000;

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody does.
            }
        }
    }

    /// <summary>Starts a listener for HTTP.</summary>
    public static (HttpListener Listener, Uri Address) Listen()
    {
        while (true)
        {
            var address = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}/";
            var listener = new HttpListener { Prefixes = { address } };
            try
            {
                listener.Start();
                return (listener, new Uri(address));
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }
}
