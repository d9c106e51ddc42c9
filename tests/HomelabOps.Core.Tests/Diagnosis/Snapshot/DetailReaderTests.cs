using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Tests.Diagnosis.Checks;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Diagnosis.Snapshot;

/// <summary>Of which pods warnings and logs are read.</summary>
public sealed class DetailReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly PodFacts Killed = Pod(4, "2026-11-26T11:58:00Z");

    [Fact]
    public async Task One_that_is_ready_between_two_kills_is_explained()
    {
        await using var server = new FakeApiServer((request, reply) => reply.SendAsync(request.Path.EndsWith("/log", StringComparison.Ordinal)
            ? "listening\nstopping\n"
            : FakeCluster.List(["""{"metadata":{"name":"e","namespace":"media"},"involvedObject":{"kind":"Pod","namespace":"media","name":"app-1"},"type":"Warning","reason":"Unhealthy","message":"Liveness probe failed: timeout"}"""])));
        using var client = server.Client();
        var details = await new DetailReader(client).ReadAsync([Killed], Now, lacksPods: false, TestContext.Current.CancellationToken);
        Assert.Equal(["listening", "stopping"], details.LastWords[(Killed.Reference, "app")]);

        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Now = Now, Pods = [Killed], Warnings = details.Warnings, LastWords = details.LastWords };
        var problem = new PodJudge(snapshot).Judge(Killed);
        Assert.Equal(("LivenessProbeFailed", "Liveness probe failed: timeout"), (problem!.Reason, problem.Words));
        Assert.Contains(server.Requests, request => request.Query("previous") == "true");
    }

    [Fact]
    public async Task Nothing_is_read_of_those_that_were_killed_long_ago_or_once()
    {
        await using var server = new FakeApiServer((_, reply) => reply.SendAsync(FakeCluster.List([])));
        using var client = server.Client();
        await new DetailReader(client).ReadAsync([Pod(4, "2026-11-26T09:00:00Z"), Pod(1, "2026-11-26T11:58:00Z")], Now, lacksPods: false, TestContext.Current.CancellationToken);
        Assert.Empty(server.Requests);
    }

    private static PodFacts Pod(int restarts, string end) => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
            {"metadata":{"name":"app-1","namespace":"media"},"spec":{"nodeName":"w1","containers":[{"name":"app"}]},
             "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"app","ready":true,"restartCount":{{{restarts}}},"state":{"running":{} },"lastState":{"terminated":{"exitCode":137,"reason":"Error","finishedAt":"{{{end}}}"} } }]} }
            """),
        new(Made.Cluster, "Pod", "media", "app-1"),
        new(Made.Cluster, "Deployment", "media", "app"));
}
