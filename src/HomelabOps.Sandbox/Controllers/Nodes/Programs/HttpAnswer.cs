namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>What a server within the cluster answers to one request over plain HTTP.</summary>
/// <param name="Code">The number of its status.</param>
/// <param name="Status">The first line, without its end.</param>
/// <param name="Head">The first line and the fields.</param>
/// <param name="Body">What follows them.</param>
internal sealed record HttpAnswer(int Code, string Status, string Head, byte[] Body)
{
    // Of the real time: what is asked lives in this process, and answers at once or never.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Asks over a connection, which ends with that.</summary>
    /// <returns>The answer; null for none.</returns>
    public static async Task<HttpAnswer?> AskAsync(Stream connection, string method, Uri url, string agent, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult(connection), AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), url);
            request.Headers.ConnectionClose = true;
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            using var response = await client.SendAsync(request, cancellationToken);
            var status = $"HTTP/{response.Version} {(int)response.StatusCode} {response.ReasonPhrase}";
            var fields = response.Headers.Concat(response.Content.Headers).SelectMany(field => field.Value, (field, value) => $"{field.Key}: {value}");
            return new((int)response.StatusCode, status, string.Join("\r\n", fields.Prepend(status)), await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or FormatException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
