using System.Net;
using HomelabOps.Sandbox.Api.Access;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>One request on its way through the server.</summary>
internal sealed class ApiCall(HttpListenerContext http, string path, RequestQuery query, ApiUser user, CancellationToken stopping)
{
    private const int BodyLimit = 3 * 1024 * 1024;

    public HttpListenerContext Http => http;

    public string Method => http.Request.HttpMethod;

    /// <summary>Behind the secret, decoded by segment where it is cut up.</summary>
    public string Path => path;

    public RequestQuery Query => query;

    public ApiUser User => user;

    public CancellationToken Stopping => stopping;

    public ApiResponse Response { get; } = new(http.Response);

    public Accepted Accept { get; } = new(http.Request.Headers["Accept"] ?? "");

    /// <summary>The media type of the body, without its parameters.</summary>
    public string ContentType => (http.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public async Task<byte[]> ReadBodyAsync()
    {
        if (http.Request.ContentLength64 > BodyLimit)
        {
            throw ApiErrors.TooLargeBody(BodyLimit);
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.InputStream.ReadAsync(buffer, stopping)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > BodyLimit)
            {
                throw ApiErrors.TooLargeBody(BodyLimit);
            }
        }

        return body.ToArray();
    }
}
