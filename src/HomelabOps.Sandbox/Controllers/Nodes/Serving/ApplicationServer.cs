using System.Globalization;
using System.Text;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>The HTTP server of a simulated application: it answers its pages and its health path, one request after the other.</summary>
internal static class ApplicationServer
{
    private const int HeadLimit = 32 * 1024;

    // The first byte of who speaks TLS to a server that does not.
    private const byte Handshake = 0x16;

    /// <param name="application">Who answers.</param>
    /// <param name="isHealthy">Whether it says that all is well.</param>
    /// <param name="connection">The client.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ServeAsync(ApplicationProfile application, Func<bool> isHealthy, Stream connection, CancellationToken cancellationToken)
    {
        while (await ReadHeadAsync(connection, cancellationToken) is { } head)
        {
            var lines = head.Split("\r\n");
            if (lines[0].Split(' ') is not [var method, var path, var version])
            {
                await SendAsync(connection, 400, "Bad Request", "text/plain", "malformed request", close: true, cancellationToken);
                return;
            }

            await SkipBodyAsync(connection, Number(lines, "Content-Length"), cancellationToken);
            var close = version == "HTTP/1.0" || Array.Exists(lines, line => line.Equals("Connection: close", StringComparison.OrdinalIgnoreCase));
            var (code, reason, type, body) = Answer(application, path, isHealthy());
            await SendAsync(connection, code, reason, type, method == "HEAD" ? "" : body, close, cancellationToken);
            if (close)
            {
                return;
            }
        }
    }

    private static (int Code, string Reason, string Type, string Body) Answer(ApplicationProfile application, string path, bool isHealthy) =>
        !isHealthy ? (503, "Service Unavailable", "text/plain", "unhealthy")
        : !application.Answers(path) ? (404, "Not Found", "text/plain", "404 page not found")
        : path is "/" or "" ? (200, "OK", "text/html; charset=utf-8", $"<!doctype html><title>{application.Name}</title><h1>{application.Name}</h1>\n")
        : (200, "OK", "application/json", $"{{\"status\":\"OK\",\"appName\":\"{application.Name}\"}}");

    private static async Task<string?> ReadHeadAsync(Stream connection, CancellationToken cancellationToken)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < HeadLimit && await connection.ReadAsync(one, cancellationToken) == 1)
        {
            if (head.Count == 0 && one[0] == Handshake)
            {
                return "";
            }

            head.Add(one[0]);
            if (head.Count >= 4 && one[0] == '\n' && head[^2] == '\r' && head[^3] == '\n')
            {
                return Encoding.ASCII.GetString([.. head]);
            }
        }

        return null;
    }

    private static async Task SkipBodyAsync(Stream connection, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (length > 0 && await connection.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), cancellationToken) is > 0 and var read)
        {
            length -= read;
        }
    }

    private static long Number(string[] lines, string header) => lines
        .Where(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => long.TryParse(line[(header.Length + 1)..], CultureInfo.InvariantCulture, out var number) ? number : 0)
        .FirstOrDefault();

    private static async Task SendAsync(Stream connection, int code, string reason, string type, string body, bool close, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes(body);
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {code} {reason}\r\nContent-Type: {type}\r\nContent-Length: {content.Length}\r\nConnection: {(close ? "close" : "keep-alive")}\r\n\r\n");
        await connection.WriteAsync(Encoding.ASCII.GetBytes(head).Concat(content).ToArray(), cancellationToken);
        await connection.FlushAsync(cancellationToken);
    }
}
