using System.Net;
using System.Text;
using HomelabOps.Core.Tests.Fakes;
using HomelabOps.Core.Tests.Kubernetes.Execution;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Kubernetes.Probing;

/// <summary>Has no pods, and refuses to create any. Unlike the scripted server it reads what is sent.</summary>
internal sealed class RefusingServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private readonly int _status;
    private readonly string _body;

    public RefusingServer(int status, string words)
    {
        (_status, _body) = (status, $$"""{"kind":"Status","status":"Failure","reason":"Forbidden","message":{{System.Text.Json.JsonSerializer.Serialize(words)}},"code":{{status}} }""");
        (_listener, Address) = Loopback.Listen();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>How often somebody wanted to create something.</summary>
    public int Created { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            var context = await _listener.GetContextAsync();
            var isCreation = context.Request.HttpMethod == "POST";
            Created += isCreation ? 1 : 0;
            await context.Request.InputStream.CopyToAsync(Stream.Null);

            // A watch ends at once, without an event.
            var bytes = Encoding.UTF8.GetBytes(isCreation ? _body : context.Request.QueryString["watch"] == "true" ? "" : FakeCluster.List([]));
            context.Response.StatusCode = isCreation ? _status : 200;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(bytes);
            context.Response.Close();
        }
    }
}
