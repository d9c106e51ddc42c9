using System.Collections.Concurrent;
using System.Net;
using System.Text;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>Answers /version on loopback and knows nothing else, which is all that a connection needs.</summary>
internal sealed class MinimalApiServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public MinimalApiServer()
    {
        (_listener, var address) = Loopback.Listen();
        KubeConfig = Path.Combine(_folder, "config");
        File.WriteAllText(
            KubeConfig,
            $$"""
            apiVersion: v1
            kind: Config
            current-context: one
            contexts:
            - name: one
              context: { cluster: c, user: u }
            - name: two
              context: { cluster: c, user: u }
            clusters:
            - name: c
              cluster:
                server: http://127.0.0.1:{{address.Port}}
            users:
            - name: u
            """);
        _ = Task.Run(ServeAsync);
    }

    public string KubeConfig { get; }

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Requests.Enqueue($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}");
            var isVersion = context.Request.Url.AbsolutePath == "/version";
            var body = Encoding.UTF8.GetBytes(isVersion ? """{"gitVersion":"v1.36.0"}""" : """{"kind":"Status","message":"unknown"}""");
            context.Response.StatusCode = isVersion ? 200 : 404;
            context.Response.ContentLength64 = body.Length;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }
}
