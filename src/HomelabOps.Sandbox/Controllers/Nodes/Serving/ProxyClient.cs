using System.Net;
using System.Security.Authentication;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>Carries a request of the proxy over a connection, and its answer back.</summary>
internal static class ProxyClient
{
    private static readonly string[] NotForwarded = ["Authorization", "Connection", "Content-Length", "Content-Type", "Host", "Transfer-Encoding", "Accept-Encoding"];

    // What belongs to one connection, and what is said anew.
    private static readonly string[] NotAnswered = ["Cache-Control", "Connection", "Content-Length", "Content-Type", "Date", "Keep-Alive", "Server", "Trailer", "Transfer-Encoding", "Upgrade"];

    public static async Task ForwardAsync(ApiCall call, Stream connection, bool isSecure, string address, string path)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult(connection), AllowAutoRedirect = false, UseCookies = false, UseProxy = false };

        // As the API server: it knows no authority of what it proxies to, so any certificate will do.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), $"{(isSecure ? "https" : "http")}://{address}{path}{(call.Exchange.Target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? call.Exchange.Target[mark..] : "")}");
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
            response = await client.SendAsync(request, call.Stopping);
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
}
