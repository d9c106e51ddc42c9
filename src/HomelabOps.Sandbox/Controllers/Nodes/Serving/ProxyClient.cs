using System.Net;
using System.Security.Authentication;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>
/// Carries requests of the proxy to pods, and their answers back. As the API server does, it keeps connections to those who speak TLS: a
/// handshake costs more than all else that a request does.
/// </summary>
internal sealed class ProxyClient : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private static readonly HttpRequestOptionsKey<Func<Stream>> Connection = new("connection");

    private static readonly string[] NotForwarded = ["Authorization", "Connection", "Content-Length", "Content-Type", "Host", "Transfer-Encoding", "Accept-Encoding"];

    // What belongs to one connection, and what is said anew.
    private static readonly string[] NotAnswered = ["Cache-Control", "Connection", "Content-Length", "Content-Type", "Date", "Keep-Alive", "Server", "Trailer", "Transfer-Encoding", "Upgrade"];

    private readonly HttpClient _client = Client();

    /// <summary>Forwards a request.</summary>
    /// <param name="call">The request.</param>
    /// <param name="connect">Makes a connection.</param>
    /// <param name="kept">By what connections are told apart that may serve further requests; null for one that serves this request only.</param>
    /// <param name="isSecure">Whether it speaks TLS.</param>
    /// <param name="address">Whom the request is for.</param>
    /// <param name="path">What of.</param>
    public async Task ForwardAsync(ApiCall call, Func<Stream> connect, string? kept, bool isSecure, string address, string path)
    {
        using var own = kept is null ? Client() : null;
        var query = call.Exchange.Target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? call.Exchange.Target[mark..] : "";
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), $"{(isSecure ? "https" : "http")}://{kept ?? address}{path}{query}");
        request.Headers.Host = address;
        request.Options.Set(Connection, connect);
        var body = await call.ReadBodyAsync();
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            if (call.ContentType.Length > 0)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", call.Exchange.Header("Content-Type"));
            }
        }

        foreach (var name in call.Exchange.HeaderNames.Except(NotForwarded, StringComparer.OrdinalIgnoreCase))
        {
            request.Headers.TryAddWithoutValidation(name, call.Exchange.Header(name));
        }

        HttpResponseMessage response;
        try
        {
            response = await (own ?? _client).SendAsync(request, call.Stopping);
        }
        catch (HttpRequestException error)
        {
            throw ApiErrors.Unavailable($"error trying to reach service: {(error.InnerException is AuthenticationException ? "tls: first record does not look like a TLS handshake" : error.InnerException?.Message ?? error.Message)}");
        }

        using (response)
        {
            var content = await response.Content.ReadAsByteArrayAsync(call.Stopping);
            var headers = response.Headers.Concat(response.Content.Headers).Where(header => !NotAnswered.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
                .SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value));
            await call.Response.SendAsync(content, (int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "text/plain", headers);
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpClient Client()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (context, _) => ValueTask.FromResult(context.InitialRequestMessage.Options.TryGetValue(Connection, out var connect) ? connect() : throw new IOException()),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = Kept,
        };

        // As the API server: it knows no authority of what it proxies to, so any certificate will do.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        return new(handler);
    }
}
