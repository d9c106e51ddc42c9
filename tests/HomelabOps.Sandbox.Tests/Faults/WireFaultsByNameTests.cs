using System.Net;
using HomelabOps.Core.Kubernetes.Configuration;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>The wire, as a client of the homelab meets it. The homelab itself goes on.</summary>
public sealed class WireFaultsByNameTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    [Theory]
    [InlineData("WireUnauthorized", 401)]
    [InlineData("WireForbidden", 403)]
    [InlineData("WireTooManyRequests", 429)]
    [InlineData("WireInternalError", 500)]
    [InlineData("WireUnavailable", 503)]
    [InlineData("WireGone", 410)]
    public Task A_client_is_refused(string fault, int status) => homelab.ProveAsync(
        fault,
        "pods",
        TimeSpan.FromSeconds(1),
        ("the status", async it => (int)(await AnswerAsync(it, "api/v1/pods")).Status == status),
        ("other resources are given", async it => (await AnswerAsync(it, "api/v1/nodes")).Status == HttpStatusCode.OK));

    [Fact]
    public async Task Too_many_requests_say_when_to_come_again()
    {
        await using var fault = await homelab.Faults.SwitchOnAsync("WireTooManyRequests", null, TestContext.Current.CancellationToken);
        Assert.NotNull((await AnswerAsync(homelab.Homelab, "api/v1/nodes")).RetryAfter);
    }

    [Fact]
    public Task A_connection_is_reset() => homelab.ProveAsync(
        "WireConnectionReset",
        null,
        TimeSpan.FromSeconds(1),
        ("no answer", async it => await Record.ExceptionAsync(() => AnswerAsync(it, "api/v1/pods")) is HttpRequestException));

    [Theory]
    [InlineData("WireStalledBody")]
    [InlineData("WireSlow")]
    public Task An_answer_is_late(string fault) => homelab.ProveAsync(
        fault,
        null,
        TimeSpan.FromSeconds(1),
        ("nothing within a second", async it => await Record.ExceptionAsync(() => AnswerAsync(it, "api/v1/pods").WaitAsync(TimeSpan.FromSeconds(1))) is TimeoutException));

    [Fact]
    public Task A_watch_ends_at_once() => homelab.ProveAsync(
        "WireWatchCut",
        null,
        TimeSpan.FromSeconds(1),
        ("an empty watch", async it => (await AnswerAsync(it, "api/v1/pods?watch=true")).Body.Length == 0));

    private static async Task<(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)> AnswerAsync(EmbeddedHomelab it, string path)
    {
        using var http = new HttpClient();
        var server = ClusterEndpoint.Resolve(KubeConfig.Load([it.KubeConfigPath]), null).Server;
        using var answer = await http.GetAsync(new Uri(server, path), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers.RetryAfter?.Delta);
    }
}
