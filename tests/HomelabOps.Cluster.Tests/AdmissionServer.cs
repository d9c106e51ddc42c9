using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>A real webhook on loopback, over HTTPS with a given pair: it answers each AdmissionReview, and keeps what it was asked.</summary>
internal sealed class AdmissionServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<JsonObject> _reviews = [];

    public AdmissionServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it shows. Until there is one, nobody is answered.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Why it refuses; null to let everything pass.</summary>
    public string? Refusal { get; set; }

    /// <summary>The requests of all reviews.</summary>
    public IReadOnlyList<JsonObject> Reviews => [.. _reviews];

    public void Dispose()
    {
        _listener.Dispose();
        Certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync();
                _ = ServeAsync(connection);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        try
        {
            using (connection)
            {
                await using var tls = new SslStream(connection.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate });
                while (await ReadAsync(tls) is { } review)
                {
                    var request = review["request"]!.AsObject();
                    _reviews.Enqueue(request);
                    await AnswerAsync(tls, (string)request["uid"]!);
                }
            }
        }
        catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException or NotSupportedException or ArgumentException)
        {
            // Who does not trust it hangs up.
        }
    }

    private static async Task<JsonObject?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var length = Encoding.ASCII.GetString([.. head]).Split("\r\n").Select(line => line.Split(':')).Where(parts => parts[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Select(parts => int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)).Single();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return JsonNode.Parse(body)!.AsObject();
    }

    private async Task AnswerAsync(Stream stream, string uid)
    {
        var response = new JsonObject { ["uid"] = uid, ["allowed"] = Refusal is null };
        if (Refusal is not null)
        {
            response["status"] = new JsonObject { ["code"] = 403, ["message"] = Refusal };
        }

        var body = Encoding.UTF8.GetBytes(new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response }.ToJsonString());
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
    }
}
