namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Leads the requests of a client in this process to the server without a connection between them: what acts inside the homelab asks much.</summary>
/// <param name="serve">Answers an exchange.</param>
internal sealed class LocalHandler(Func<ApiExchange, Task> serve) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var exchange = new LocalExchange(request, request.Content is { } content ? await content.ReadAsStreamAsync(cancellationToken) : Stream.Null);

        // An answer that was begun goes on beside the client, and a fault of ours must not keep him waiting.
        _ = serve(exchange).ContinueWith(_ => exchange.Abort(), CancellationToken.None, TaskContinuationOptions.NotOnRanToCompletion, TaskScheduler.Default);
        return await exchange.Answer.WaitAsync(cancellationToken);
    }
}
