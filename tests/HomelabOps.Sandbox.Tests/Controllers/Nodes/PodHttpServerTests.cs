using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

public sealed class PodHttpServerTests
{
    [Fact]
    public async Task A_client_gets_answers_one_after_the_other_on_one_connection()
    {
        using var pair = await StreamPair.OpenAsync();
        var serving = PodHttpServer.ServeAsync(pair.Server, Echo, Cluster.Stop);
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult(pair.Client) };
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://pod/") };

        Assert.Equal("GET|/a b|x=1 2,y=|", await client.GetStringAsync("a%20b?x=1+2&y", Cluster.Stop));
        using var posted = await client.PostAsync("upload", new StringContent(new string('z', 100_000)), Cluster.Stop);
        Assert.Equal($"POST|/upload||{new string('z', 100_000)}", await posted.Content.ReadAsStringAsync(Cluster.Stop));
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "head"), Cluster.Stop);
        Assert.Equal("HEAD|/head||".Length, head.Content.Headers.ContentLength);
        using var last = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "last") { Headers = { ConnectionClose = true } }, Cluster.Stop);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        await serving.WaitAsync(TimeSpan.FromSeconds(90), Cluster.Stop);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET nowhere HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nbroken\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411)]
    public async Task What_it_cannot_read_it_refuses(string request, int status)
    {
        using var pair = await StreamPair.OpenAsync();
        var serving = PodHttpServer.ServeAsync(pair.Server, Echo, Cluster.Stop);
        await pair.Client.WriteAsync(Encoding.ASCII.GetBytes(request), Cluster.Stop);
        await serving.WaitAsync(TimeSpan.FromSeconds(90), Cluster.Stop);
        var buffer = new byte[1024];
        var read = await pair.Client.ReadAtLeastAsync(buffer, 16, throwOnEndOfStream: false, Cluster.Stop);
        Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_an_end_is_refused()
    {
        using var pair = await StreamPair.OpenAsync();
        var serving = PodHttpServer.ServeAsync(pair.Server, Echo, Cluster.Stop);
        await pair.Client.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nX: " + new string('x', 80_000)), Cluster.Stop);
        await serving.WaitAsync(TimeSpan.FromSeconds(90), Cluster.Stop);
        var buffer = new byte[64];
        var read = await pair.Client.ReadAtLeastAsync(buffer, 16, throwOnEndOfStream: false, Cluster.Stop);
        Assert.StartsWith("HTTP/1.1 431 ", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_it()
    {
        using var pair = await StreamPair.OpenAsync();
        var serving = PodHttpServer.ServeAsync(pair.Server, Echo, Cluster.Stop);
        await pair.Client.DisposeAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(90), Cluster.Stop);
    }

    [Fact]
    public void Json_is_indented_as_the_program_writes_it()
    {
        var response = PodHttpResponse.Json(new JsonObject { ["ping"] = "pong", ["über"] = "<>" });
        Assert.Equal("{\n  \"ping\": \"pong\",\n  \"über\": \"<>\"\n}\n", Encoding.UTF8.GetString(response.Body).ReplaceLineEndings("\n"));
    }

    private static Task<PodHttpResponse> Echo(PodHttpRequest request, CancellationToken cancellationToken) => Task.FromResult(PodHttpResponse.Text(
        200,
        $"{request.Method}|{request.Path}|{string.Join(',', request.Query.Select(pair => $"{pair.Key}={pair.Value}"))}|{Encoding.UTF8.GetString(request.Body)}"));
}
