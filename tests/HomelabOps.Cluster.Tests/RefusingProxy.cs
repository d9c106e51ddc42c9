using System.Net;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Passes requests on to a cluster, without those that it refuses as a server does that has no such right for the user. Answers are gathered first.</summary>
internal sealed class RefusingProxy : IDisposable
{
    private static readonly HttpClient Client = new();
    private readonly HttpListener _listener;
    private readonly Func<string, string, bool> _refuses;
    private readonly Func<string, byte[], byte[]?> _adds;
    private readonly string _cluster;

    /// <param name="cluster">Address of the cluster.</param>
    /// <param name="refuses">Whether a request of this method and path is refused.</param>
    /// <param name="adds">Takes a path and what the cluster answers, and gives another answer; null for that one.</param>
    public RefusingProxy(string cluster, Func<string, string, bool> refuses, Func<string, byte[], byte[]?>? adds = null)
    {
        (_cluster, _refuses, _adds) = (cluster.TrimEnd('/'), refuses, adds ?? ((_, _) => null));
        (_listener, var address) = Loopback.Listen();
        Address = $"{address}";
        _ = ServeAsync();
    }

    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = TryAnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    // Whatever goes wrong, nobody is left waiting.
    private async Task TryAnswerAsync(HttpListenerContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception)
        {
            context.Response.Abort();
            throw;
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (asked, answer) = (context.Request, context.Response);
        if (_refuses(asked.HttpMethod, asked.Url!.AbsolutePath))
        {
            answer.StatusCode = 403;
            answer.ContentType = "application/json";
            await answer.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(LoopbackServer.Status(403, "forbidden: as the test says")));
            answer.Close();
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(asked.HttpMethod), _cluster + asked.Url.PathAndQuery);
        if (asked.HasEntityBody)
        {
            request.Content = new StreamContent(asked.InputStream);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        }

        request.Headers.TryAddWithoutValidation("Accept", asked.Headers["Accept"]);
        using var reply = await Client.SendAsync(request);
        var body = await reply.Content.ReadAsByteArrayAsync();
        var other = _adds(asked.Url.AbsolutePath, body);
        answer.StatusCode = other is null ? (int)reply.StatusCode : 200;
        answer.ContentType = reply.Content.Headers.ContentType?.ToString();
        await answer.OutputStream.WriteAsync(other ?? body);
        answer.Close();
    }
}
