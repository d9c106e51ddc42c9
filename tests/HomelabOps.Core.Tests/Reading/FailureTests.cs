using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Reading;

/// <summary>What every kind of failure of a request becomes.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_after_the_time_it_names()
    {
        var attempts = 0;
        await using var server = new FakeApiServer((_, reply) => Interlocked.Increment(ref attempts) == 1
            ? reply.FailAsync(429, "TooManyRequests", "later", headers: "Retry-After: 1")
            : reply.SendAsync(FakeCluster.List(FakeCluster.Items(0, 1))));
        using var client = server.Client();

        var clock = Stopwatch.StartNew();
        Assert.Single(await client.NamesAsync());
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(0.9), "the server asked for a second");
        Assert.Equal(2, attempts);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_that_stumbles_is_asked_again(int status)
    {
        var attempts = 0;
        await using var server = new FakeApiServer((_, reply) => Interlocked.Increment(ref attempts) < 5
            ? reply.FailAsync(status, "Scripted", "not now")
            : reply.SendAsync(FakeCluster.List(FakeCluster.Items(0, 2))));
        using var client = server.Client();

        Assert.Equal(2, (await client.NamesAsync()).Count);
        Assert.Equal(5, attempts);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_server_that_stays_down_is_given_up(int status)
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(status, "Scripted", "etcdserver: leader changed"));
        using var client = server.Client();

        var error = await client.FailureAsync();
        Assert.Equal(("ClusterError", ErrorKind.ConnectionError, 5), (error.Id, error.Kind, server.Requests.Count));
        Assert.Contains("etcdserver: leader changed", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{status}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_reset_before_the_answer_is_made_anew()
    {
        var attempts = 0;
        await using var server = new FakeApiServer((_, reply) =>
        {
            if (Interlocked.Increment(ref attempts) >= 3)
            {
                return reply.SendAsync(FakeCluster.List(FakeCluster.Items(0, 1)));
            }

            reply.Reset();
            return Task.CompletedTask;
        });
        using var client = server.Client();

        Assert.Single(await client.NamesAsync());
    }

    [Fact]
    public async Task A_connection_that_is_closed_before_the_answer_is_made_anew()
    {
        var attempts = 0;
        await using var server = new FakeApiServer((_, reply) => Interlocked.Increment(ref attempts) < 3
            ? Task.CompletedTask
            : reply.SendAsync(FakeCluster.List(FakeCluster.Items(0, 1))));
        using var client = server.Client();

        Assert.Single(await client.NamesAsync());
    }

    [Fact]
    public async Task A_server_that_always_resets_is_unreachable()
    {
        await using var server = new FakeApiServer((_, reply) =>
        {
            reply.Reset();
            return Task.CompletedTask;
        });
        using var client = server.Client(FakeCluster.Quick with { Attempts = 3 });

        Assert.Equal("ClusterUnreachable", (await client.FailureAsync()).Id);
    }

    [Fact]
    public async Task A_refused_connection_is_told_at_once()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        // Had it been tried again, it would have taken a minute.
        using var client = FakeCluster.Client(new Uri($"http://127.0.0.1:{port}/"), new() { FirstDelay = TimeSpan.FromMinutes(1) });
        var clock = Stopwatch.StartNew();
        var error = await client.FailureAsync();
        Assert.Equal(("ClusterUnreachable", ErrorKind.ConnectionError, true), (error.Id, error.Kind, error.Terminates));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"took {clock.Elapsed}");
        Assert.Equal(client.Endpoint.Server, error.Target);
    }

    [Fact]
    public async Task An_unknown_host_is_unreachable()
    {
        using var client = FakeCluster.Client(new Uri("http://no-such-host.invalid/"), FakeCluster.Quick);

        Assert.Equal("ClusterUnreachable", (await client.FailureAsync()).Id);
    }

    [Fact]
    public async Task Refused_credentials_are_refreshed_once_and_work_again()
    {
        await using var server = new FakeApiServer((request, reply) => (request.Header("Authorization"), request.Query("continue")) switch
        {
            ("Bearer old", _) => reply.FailAsync(401, "Unauthorized", "Unauthorized"),
            (_, null) => reply.SendAsync(FakeCluster.List(FakeCluster.Items(0, 1), "t1")),
            _ => reply.SendAsync(FakeCluster.List(FakeCluster.Items(1, 1))),
        });
        var credentials = new RecordingCredentials("old", "new");
        using var client = server.Client(credentials: credentials);

        Assert.Equal(FakeCluster.Names(0, 2), await client.NamesAsync());
        Assert.Equal([false, true, false], credentials.Asked);
    }

    [Fact]
    public async Task Credentials_that_stay_refused_are_an_authentication_failure()
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(401, "Unauthorized", "Unauthorized"));
        var credentials = new RecordingCredentials("old", "new");
        using var client = server.Client(credentials: credentials);

        var error = await client.FailureAsync();
        Assert.Equal(("AuthenticationFailed", ErrorKind.AuthenticationError, true), (error.Id, error.Kind, error.Terminates));
        Assert.Equal([false, true], credentials.Asked);
        Assert.DoesNotContain("old", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_not_refreshed_again_because_the_server_stumbles_after_the_refresh()
    {
        var attempts = 0;
        await using var server = new FakeApiServer((_, reply) => Interlocked.Increment(ref attempts) switch
        {
            1 => reply.FailAsync(401, "Unauthorized", "Unauthorized"),
            2 or 3 => reply.FailAsync(503, "ServiceUnavailable", "not now"),
            _ => reply.SendAsync(FakeCluster.List([])),
        });
        var credentials = new RecordingCredentials("old", "new");
        using var client = server.Client(credentials: credentials);

        Assert.Empty(await client.NamesAsync());
        Assert.Equal([false, true, false, false], credentials.Asked);
    }

    [Fact]
    public async Task A_forbidden_list_names_verb_resource_and_namespace()
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(403, "Forbidden", "pods is forbidden"));
        using var client = server.Client();

        var error = await client.FailureAsync();
        Assert.Equal(("AccessDenied", ErrorKind.PermissionDenied, false), (error.Id, error.Kind, error.Terminates));
        Assert.Contains("You may not list pods in the namespace 'media'", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_type_that_is_not_served_is_told_apart_from_an_object_that_is_missing()
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(404, "NotFound", "the server could not find the requested resource"));
        using var client = server.Client();

        Assert.Equal("ResourceTypeNotServed", (await client.FailureAsync()).Id);
        Assert.Null(await client.FindAsync(ResourceType.Pod, "media", "a", WireContext.Default.PodWire, default));
        var error = await Assert.ThrowsAsync<HomelabException>(() => client.GetAsync("x", WireContext.Default.PodWire, new ApiRequest("get", "pods", "media", "a"), default));
        Assert.Equal(("ResourceNotFound", "a"), (error.Id, error.Target));
    }

    [Theory]
    [InlineData(400, "RequestInvalid", ErrorKind.InvalidData)]
    [InlineData(422, "RequestInvalid", ErrorKind.InvalidData)]
    [InlineData(409, "ResourceConflict", ErrorKind.ResourceBusy)]
    [InlineData(410, "ResourceExpired", ErrorKind.ResourceUnavailable)]
    [InlineData(418, "ClusterError", ErrorKind.ConnectionError)]
    [InlineData(302, "ClusterError", ErrorKind.ConnectionError)]
    public async Task Every_other_status_has_its_error(int status, string id, ErrorKind kind)
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(status, "Scripted", "because", headers: "Location: /elsewhere"));
        using var client = server.Client();

        var error = await client.FailureAsync();
        Assert.Equal((id, kind), (error.Id, error.Kind));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(403)]
    public async Task A_proxy_that_fails_in_HTML_shows_its_status_and_none_of_its_markup(int status)
    {
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync("<html><h1>Oh no</h1></html>", status, "text/html"));
        using var client = server.Client();

        var error = await client.FailureAsync();
        Assert.Equal(status == 403 ? "AccessDenied" : "ClusterError", error.Id);
        Assert.DoesNotContain("<h1>", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html><h1>Log in</h1></html>", "text/html")]
    [InlineData("pods: many", "text/plain")]
    [InlineData("""{"items":[{"metadata":7}]}""", "application/json")]
    [InlineData("""{"items":[{"metadata":{}},,]}""", "application/json")]
    [InlineData("""{"metadata":[],"items":[]}""", "application/json")]
    [InlineData("""{"items":{"items":[]}}""", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("null", "application/json")]
    public async Task An_answer_that_is_no_list_is_invalid_and_not_asked_for_again(string body, string type)
    {
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(body, type: type));
        using var client = server.Client();

        var error = await client.FailureAsync();
        Assert.Equal(("ResponseInvalid", ErrorKind.InvalidData, "pods"), (error.Id, error.Kind, error.Target));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_answers_is_a_timeout()
    {
        await using var server = new FakeApiServer((_, reply) => reply.StallAsync());
        using var client = server.Client(responseTimeout: TimeSpan.FromMilliseconds(300));

        var error = await client.FailureAsync();
        Assert.Equal(("RequestTimeout", ErrorKind.OperationTimeout), (error.Id, error.Kind));
        await Assert.Single(server.Requests).ClosedByClient.Soon();
    }

    [Fact]
    public void What_is_no_failure_of_the_network_is_a_request_that_could_not_be_made()
    {
        var error = new ApiFailures(FakeCluster.Endpoint(new Uri("http://127.0.0.1:1"))).Transport(new InvalidOperationException("a header that is none"), new ApiRequest("list", "pods"));

        Assert.Equal(("RequestFailed", ErrorKind.NotSpecified, "pods"), (error.Id, error.Kind, error.Target));
        Assert.Contains("a header that is none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_with_a_limit_of_its_own_names_that_limit()
    {
        await using var server = new FakeApiServer((_, reply) => reply.StallAsync());
        using var client = server.Client();

        var request = new ApiRequest("get", "/slow") { ResponseTimeout = TimeSpan.FromSeconds(0.5), Attempts = 1 };
        var error = await Assert.ThrowsAsync<HomelabException>(() => client.SendAsync("slow", request, default).Soon());
        Assert.Equal("RequestTimeout", error.Id);
        Assert.Contains("0.5 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_whose_explanation_never_comes_is_told_without_it()
    {
        await using var server = new FakeApiServer(async (_, reply) =>
        {
            await reply.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"u8.ToArray());
            await reply.StallAsync();
        });
        using var client = server.Client(responseTimeout: TimeSpan.FromMilliseconds(300));

        Assert.Equal("AccessDenied", (await client.FailureAsync()).Id);
    }

    [Fact]
    public async Task A_document_that_falls_silent_is_a_timeout()
    {
        await using var server = new FakeApiServer(async (_, reply) =>
        {
            await reply.CutAsync("{\"metadata\":{}}", 8);
            await reply.StallAsync();
        });
        using var client = server.Client(responseTimeout: TimeSpan.FromMilliseconds(300));

        var error = await Assert.ThrowsAsync<HomelabException>(() => client.FindAsync(ResourceType.Pod, "media", "a", WireContext.Default.PodWire, default).Soon());
        Assert.Equal("RequestTimeout", error.Id);
    }
}
