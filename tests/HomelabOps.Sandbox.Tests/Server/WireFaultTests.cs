using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Server;

/// <summary>Each fault of the wire shows as the real one does, and is gone when it is switched off.</summary>
public sealed class WireFaultTests : IDisposable
{
    private const string Pods = "/api/v1/namespaces/default/pods";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly RunningSandbox _sandbox = new();

    [Theory]
    [InlineData(WireFaultKind.Unauthorized, 401, "Unauthorized", "Unauthorized")]
    [InlineData(WireFaultKind.Forbidden, 403, "Forbidden", "pods is forbidden: User \"homelab-owner\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"")]
    [InlineData(WireFaultKind.TooManyRequests, 429, "TooManyRequests", "the server has received too many requests and has asked us to try again later")]
    [InlineData(WireFaultKind.InternalError, 500, "InternalError", "Internal error occurred: etcdserver: request timed out")]
    [InlineData(WireFaultKind.Unavailable, 503, "ServiceUnavailable", "the server is currently unable to handle the request")]
    [InlineData(WireFaultKind.Gone, 410, "Expired", "The resourceVersion for the provided list is too old.")]
    public async Task A_refusal_is_a_status_until_it_is_switched_off(WireFaultKind kind, int code, string reason, string message)
    {
        using (_sandbox.Server.Faults.Add(new(kind)))
        {
            using var answer = await _sandbox.Http.GetAsync(Pods);
            Assert.Equal(code, (int)answer.StatusCode);
            var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal(("Status", code, reason, message), ((string?)status["kind"], (int)status["code"]!, (string?)status["reason"], (string?)status["message"]));
        }

        Assert.Equal(HttpStatusCode.OK, (await _sandbox.Http.GetAsync(Pods)).StatusCode);
    }

    [Fact]
    public async Task Too_many_requests_say_when_to_come_again()
    {
        _sandbox.Server.Faults.Add(new(WireFaultKind.TooManyRequests) { RetryAfterSeconds = 7 });
        using var answer = await _sandbox.Http.GetAsync(Pods);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(7, (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["details"]!["retryAfterSeconds"]!);
    }

    [Fact]
    public async Task A_fault_meets_only_what_it_is_for()
    {
        _sandbox.Server.Faults.Add(new(WireFaultKind.Unavailable) { Verb = "list", Resource = "pods", Namespace = "default", Times = 1 });
        Assert.Equal(HttpStatusCode.OK, (await _sandbox.Http.GetAsync("/api/v1/pods")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _sandbox.Http.GetAsync("/api/v1/namespaces/default/secrets")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _sandbox.Http.GetAsync(Pods + "/none")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _sandbox.Http.GetAsync(Pods)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _sandbox.Http.GetAsync(Pods)).StatusCode);
    }

    [Fact]
    public async Task A_reset_connection_gives_no_answer()
    {
        _sandbox.Server.Faults.Add(new(WireFaultKind.ConnectionReset));
        await Assert.ThrowsAsync<HttpRequestException>(() => _sandbox.Http.GetAsync(Pods).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_stalled_body_begins_and_breaks()
    {
        _sandbox.Server.Faults.Add(new(WireFaultKind.StalledBody) { Delay = TimeSpan.FromMilliseconds(200) });
        using var answer = await _sandbox.Http.GetAsync(Pods, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var first = new byte[8];
        await body.ReadExactlyAsync(first);
        Assert.Equal("{\"kind\":"u8.ToArray(), first);
        var broken = await Assert.ThrowsAnyAsync<IOException>(async () => await body.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Patience));
        Assert.IsNotType<EndOfStreamException>(broken);
    }

    [Fact]
    public async Task A_slow_answer_comes_late_and_whole()
    {
        _sandbox.Server.Faults.Add(new(WireFaultKind.Slow) { Delay = TimeSpan.FromMilliseconds(300) });
        var clock = Stopwatch.StartNew();
        using var answer = await _sandbox.Http.GetAsync(Pods);
        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(290), $"it came after {clock.Elapsed}");
        Assert.Equal("PodList", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["kind"]);
    }

    [Fact]
    public async Task A_cut_ends_open_watches_and_new_ones_at_once()
    {
        using var open = await _sandbox.WatchAsync(Pods + "?watch=true");
        _sandbox.Server.Faults.Add(new(WireFaultKind.WatchCut));
        Assert.Equal("", (await open.Content.ReadAsStringAsync().WaitAsync(Patience)).Trim());
        Assert.Equal("", (await _sandbox.Http.GetStringAsync(Pods + "?watch=true").WaitAsync(Patience)).Trim());
        Assert.Equal(HttpStatusCode.OK, (await _sandbox.Http.GetAsync(Pods)).StatusCode);
    }

    [Fact]
    public async Task A_cut_of_one_resource_leaves_the_watches_of_others()
    {
        using var pods = await _sandbox.WatchAsync(Pods + "?watch=true");
        using var elsewhere = await _sandbox.WatchAsync("/api/v1/namespaces/kube-system/pods?watch=true");
        using var secrets = await _sandbox.WatchAsync("/api/v1/secrets?watch=true&timeoutSeconds=600");
        _sandbox.Server.Faults.Add(new(WireFaultKind.WatchCut) { Resource = "pods", Namespace = "default" });
        await pods.Content.ReadAsStringAsync().WaitAsync(Patience);
        var others = new[] { elsewhere, secrets }.Select(open => open.Content.ReadAsStringAsync()).ToList();
        await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(others).WaitAsync(TimeSpan.FromMilliseconds(300)));
        _sandbox.Server.Faults.CutWatches();
        await Task.WhenAll(others).WaitAsync(Patience);
    }

    [Theory]
    [InlineData("/api/v1/nodes", "nodes is forbidden: User \"homelab-owner\" cannot list resource \"nodes\" in API group \"\" at the cluster scope")]
    [InlineData("/apis/apps/v1/namespaces/media/deployments/sonarr", "deployments.apps \"sonarr\" is forbidden: User \"homelab-owner\" cannot get resource \"deployments\" in API group \"apps\" in the namespace \"media\"")]
    public async Task What_is_forbidden_is_named_as_it_was_asked_for(string path, string message)
    {
        _sandbox.Server.Faults.Add(new(WireFaultKind.Forbidden));
        using var answer = await _sandbox.Http.GetAsync(path);
        Assert.Equal(message, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"]);
    }

    [Fact]
    public async Task A_watch_of_what_is_gone_is_told_so()
    {
        _sandbox.Server.Faults.Add(new(WireFaultKind.Gone) { Verb = "watch", Times = 1 });
        using var answer = await _sandbox.WatchAsync(Pods + "?watch=true&resourceVersion=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var last = JsonNode.Parse(await answer.Content.ReadAsStringAsync().WaitAsync(Patience))!;
        Assert.Equal(("ERROR", 410, "Expired", "too old resource version: 1 (2)"), ((string?)last["type"], (int)last["object"]!["code"]!, (string?)last["object"]!["reason"], (string?)last["object"]!["message"]));
        using var again = await _sandbox.WatchAsync(Pods + "?watch=true&resourceVersion=1&timeoutSeconds=1");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    public void Dispose() => _sandbox.Dispose();
}
