using System.Net;
using System.Text;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Server;

/// <summary>The way in without a connection answers as the one with a connection does.</summary>
public sealed class LocalHandlerTests : IDisposable
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private readonly RunningSandbox _sandbox = new();
    private readonly HttpClient _inside;

    public LocalHandlerTests() => _inside = new HttpClient(_sandbox.Server.CreateLocalHandler()) { BaseAddress = _sandbox.Server.Url };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("version")]
    [InlineData("apis")]
    [InlineData("api/v1/namespaces?limit=1")]
    [InlineData("api/v1/namespaces/none/pods/none")]
    [InlineData("nothing/at/all")]
    public async Task Both_ways_give_the_same_answer(string path)
    {
        using var inside = await _inside.GetAsync(path, Stop);
        using var outside = await _sandbox.Http.GetAsync("/" + path, Stop);
        Assert.Equal(outside.StatusCode, inside.StatusCode);
        Assert.Equal(outside.Content.Headers.ContentType, inside.Content.Headers.ContentType);
        Assert.Equal(await outside.Content.ReadAsStringAsync(Stop), await inside.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task What_is_written_inside_is_seen_outside()
    {
        using var body = new StringContent("""{"kind":"ConfigMap","metadata":{"name":"inside"},"data":{"a":"b"}}""", Encoding.UTF8, "application/json");
        using var created = await _inside.PostAsync(Maps[1..] + "?fieldManager=inside", body, Stop);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Contains("\"manager\":\"inside\"", await _sandbox.Http.GetStringAsync(Maps + "/inside", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_secret_nobody_is_let_in()
    {
        using var stranger = new HttpClient(_sandbox.Server.CreateLocalHandler()) { BaseAddress = new Uri(_sandbox.Server.Url.GetLeftPart(UriPartial.Authority)) };
        using var answer = await stranger.GetAsync(Maps, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_watch_tells_at_once_and_ends_when_it_is_cut()
    {
        using var watch = await _inside.GetAsync(Maps[1..] + "?watch=1&resourceVersion=0", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var lines = new StreamReader(await watch.Content.ReadAsStreamAsync(Stop));
        using var _ = await _sandbox.SendAsync(HttpMethod.Post, Maps, """{"kind":"ConfigMap","metadata":{"name":"seen"}}""");
        string? line;
        do
        {
            line = await lines.ReadLineAsync(Stop);
            Assert.NotNull(line);
        }
        while (!line.Contains("\"name\":\"seen\"", StringComparison.Ordinal));

        _sandbox.Server.Faults.CutWatches();
        Assert.Null(await lines.ReadLineAsync(Stop));
    }

    [Fact]
    public async Task Faults_of_the_wire_do_not_meet_who_needs_no_wire()
    {
        using var fault = _sandbox.Server.Faults.Add(new(WireFaultKind.Unavailable));
        using var inside = await _inside.GetAsync(Maps[1..], Stop);
        using var outside = await _sandbox.Http.GetAsync(Maps, Stop);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (inside.StatusCode, outside.StatusCode));
    }

    [Fact]
    public async Task A_server_that_has_stopped_answers_nobody()
    {
        await _sandbox.Server.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => _inside.GetAsync(Maps[1..], Stop));
    }

    public void Dispose()
    {
        _inside.Dispose();
        _sandbox.Dispose();
    }
}
