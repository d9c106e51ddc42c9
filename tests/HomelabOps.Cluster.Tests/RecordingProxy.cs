using System.Collections.Concurrent;
using System.Net;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Passes requests on to a cluster and keeps which rights they need. WebSockets are refused, since nothing passes them on.</summary>
internal sealed class RecordingProxy : IDisposable
{
    private static readonly HttpClient Client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly HttpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _cluster;

    public RecordingProxy(string cluster)
    {
        _cluster = cluster.TrimEnd('/');
        (_listener, var address) = Loopback.Listen();
        Address = $"{address}";
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>What was needed since the last time that it was cleared.</summary>
    public ConcurrentBag<Right> Rights { get; } = [];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Close();
        _stop.Dispose();
    }

    /// <summary>The right that a request needs; null for what everybody may ask.</summary>
    public static Right? RightOf(string method, string path, bool isWatch)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, rest) = parts switch
        {
            ["api", _, .. var core] => ("", core),
            ["apis", var named, _, .. var other] => (named, other),
            _ => ("", []),
        };
        if (rest.Length == 0)
        {
            return null;
        }

        string[] own = rest is ["namespaces", _, _, ..] ? rest[2..] : rest;
        var resource = own.Length > 2 ? $"{own[0]}/{own[2]}" : own[0];
        var verb = (method, own.Length > 1) switch
        {
            ("GET", true) => "get",
            ("GET", false) => isWatch ? "watch" : "list",
            ("POST", _) => "create",
            ("PUT", _) => "update",
            ("PATCH", _) => "patch",
            ("DELETE", true) => "delete",
            _ => "deletecollection",
        };
        return new(verb, group, resource);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (asked, answer) = (context.Request, context.Response);
        if (RightOf(asked.HttpMethod, asked.Url!.AbsolutePath, asked.QueryString["watch"] is "true" or "1") is { } right)
        {
            Rights.Add(right);
        }

        try
        {
            if (asked.Headers["Upgrade"] is not null)
            {
                answer.StatusCode = 403;
                return;
            }

            using var request = new HttpRequestMessage(new HttpMethod(asked.HttpMethod), _cluster + asked.Url.PathAndQuery);
            if (asked.HasEntityBody)
            {
                request.Content = new StreamContent(asked.InputStream);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
            }

            request.Headers.TryAddWithoutValidation("Accept", asked.Headers["Accept"]);
            using var reply = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            answer.StatusCode = (int)reply.StatusCode;
            answer.ContentType = reply.Content.Headers.ContentType?.ToString();
            answer.SendChunked = true;
            await using var body = await reply.Content.ReadAsStreamAsync(_stop.Token);
            var buffer = new byte[32 * 1024];
            for (int length; (length = await body.ReadAsync(buffer, _stop.Token)) > 0;)
            {
                await answer.OutputStream.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
                await answer.OutputStream.FlushAsync(_stop.Token);
            }
        }
        catch (Exception error) when (error is HttpListenerException or HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of both sides has gone.
        }
        finally
        {
            try
            {
                answer.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // It has gone already.
            }
        }
    }
}
