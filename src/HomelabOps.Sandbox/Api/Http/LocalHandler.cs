namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Leads the requests of a client in this process to the server without a connection between them: what acts inside the homelab asks much.</summary>
/// <param name="serve">Answers an exchange; fails never.</param>
internal sealed class LocalHandler(Func<ApiExchange, Task> serve) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var exchange = new LocalExchange(request, request.Content is { } content ? await content.ReadAsStreamAsync(cancellationToken) : Stream.Null);
        _ = serve(exchange);
        return await exchange.Answer.WaitAsync(cancellationToken);
    }
}
