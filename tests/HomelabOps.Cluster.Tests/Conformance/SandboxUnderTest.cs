using System.Net.Http.Headers;
using HomelabOps.Sandbox;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>An embedded server of its own for each class of checks.</summary>
public sealed class SandboxUnderTest : ServerUnderTest
{
    private const int HistoryEvents = 200;
    private readonly TemporaryFolder _folder = new();
    private SandboxServer? _server;

    /// <inheritdoc/>
    protected override string Root => _server!.Url.AbsoluteUri.TrimEnd('/');

    /// <inheritdoc/>
    protected override HttpClient Connect()
    {
        _server = SandboxServer.Start(new() { RuntimeFolder = _folder.Path, HistoryEvents = HistoryEvents });
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _server.Token);
        http.DefaultRequestHeaders.UserAgent.ParseAdd("homelabops-tests/1.0");
        return http;
    }

    /// <inheritdoc/>
    internal override void ForgetRevisions(string path)
    {
        // It forgets by number of events.
        var name = NewName("much");
        Call(new(HttpMethod.Post, path) { Json = $$"""{"metadata":{"name":"{{name}}" } }""" }).Created();
        for (var count = 0; count <= HistoryEvents; count++)
        {
            Call(new(HttpMethod.Patch, $"{path}/{name}") { Json = $$"""{"metadata":{"labels":{"count":"{{count}}" } } }""", Type = "application/merge-patch+json" }).Ok();
        }

        Call(new(HttpMethod.Delete, $"{path}/{name}")).Ok();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _server?.Dispose();
        _folder.Dispose();
    }
}
