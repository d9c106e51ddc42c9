using System.Net.Http.Headers;
using System.Text;

namespace HomelabOps.Sandbox.Tests.Server;

/// <summary>A server with a folder of its own for its kubeconfig, and a client that it knows as its owner.</summary>
internal sealed class RunningSandbox : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public RunningSandbox(SandboxOptions? options = null)
    {
        Server = SandboxServer.Start((options ?? new()) with { RuntimeFolder = _folder });
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Server.Url.Port}"), Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Server.Token);
    }

    public SandboxServer Server { get; }

    public HttpClient Http { get; }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, string type = "application/json") =>
        Http.SendAsync(new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, type) });

    /// <summary>A watch, from its head on.</summary>
    public Task<HttpResponseMessage> WatchAsync(string path) => Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    public void Dispose()
    {
        Http.Dispose();
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
