using HomelabOps.Sandbox.Api.Access;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>One request on its way through the server.</summary>
internal sealed class ApiCall(ApiExchange exchange, string path, RequestQuery query, ApiUser user, CancellationToken stopping)
{
    private const int BodyLimit = 3 * 1024 * 1024;

    // A client that still writes does not read the answer; so a little more is taken and thrown away.
    private const int DrainLimit = 2 * BodyLimit;

    public ApiExchange Exchange => exchange;

    public string Method => exchange.Method;

    /// <summary>Behind the secret, decoded by segment where it is cut up.</summary>
    public string Path => path;

    public RequestQuery Query => query;

    public ApiUser User => user;

    public CancellationToken Stopping => stopping;

    public ApiResponse Response { get; } = new(exchange) { Pretty = query.Flag("pretty") };

    public Accepted Accept { get; } = new(exchange.Header("Accept") ?? "");

    /// <summary>The media type of the body, without its parameters.</summary>
    public string ContentType => (exchange.Header("Content-Type") ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public async Task<byte[]> ReadBodyAsync()
    {
        if (exchange.Body is MemoryStream whole && whole.Length <= BodyLimit)
        {
            return whole.ToArray();
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        long total = 0;
        int read;
        while ((read = await exchange.Body.ReadAsync(buffer, stopping)) > 0)
        {
            total += read;
            if (total <= BodyLimit)
            {
                body.Write(buffer, 0, read);
            }
            else if (total > DrainLimit)
            {
                break;
            }
        }

        return total <= BodyLimit ? body.ToArray() : throw ApiErrors.TooLargeBody(BodyLimit);
    }
}
