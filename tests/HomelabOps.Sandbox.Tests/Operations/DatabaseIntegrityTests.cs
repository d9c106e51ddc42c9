using HomelabOps.Core.Backups;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>A copy has all bytes, and its database is of no use.</summary>
public sealed class DatabaseIntegrityTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private const string Database = "/data/pods/sonarr/sonarr.db";
    private static readonly FailoverRequest Planned = new() { Kind = OperationKind.PlannedFailover };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_damaged_database_holds_an_application_up()
    {
        await homelab.UntilInSyncAsync();
        var (passed, message) = await GateAsync(planned: false);
        Assert.True(passed, message);
        Assert.Contains(Database, message, StringComparison.Ordinal);

        await NodeAsync($"cp /host{Database} /host/tmp/whole.db; printf 'SQLite format 3 and nothing else' > /host{Database}");
        (passed, message) = await GateAsync(planned: false);
        Assert.False(passed);
        Assert.Contains(Database, message, StringComparison.Ordinal);

        // While the application writes its copy may be in between, so it is stopped before anybody judges.
        (passed, message) = await GateAsync(planned: true);
        Assert.True(passed);
        Assert.Contains(Database, message, StringComparison.Ordinal);
        var failed = Assert.Single((await homelab.MoveAsync("sonarr", Planned)).Failures);
        Assert.Equal(("OperationStepFailed", "DatabaseDamaged"), (failed.Id, (failed.InnerException as HomelabOps.Core.HomelabException)?.Id));
        var record = Assert.Single(homelab.Store.Read());
        Assert.Equal("CatchUp", record.Steps.Find(step => step.Status == OperationStepStatus.Failed)?.Name);
        await homelab.DuringAsync(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(record, _ => { }, Stop));
        Assert.Equal("k3s-w1", Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "sonarr")), "spec.nodeName"));

        // Somebody may want it all the same.
        await homelab.UntilInSyncAsync();
        var (result, failures) = await homelab.MoveAsync("sonarr", Planned with { Overrides = ["databaseintegrity"] });
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal(FailoverStatus.Completed, result!.Status);
        Assert.Contains("DatabaseIntegrity", homelab.Git("log", "-1", "--format=%B", result.Commit), StringComparison.Ordinal);
        await NodeAsync($"cp /host/tmp/whole.db /host{Database}; rm -f /host{Database}-wal; mkdir /host{Database}-wal");

        // What cannot be read is not taken for whole.
        Assert.Equal("DatabaseUnreadable", (await Assert.ThrowsAsync<HomelabOps.Core.HomelabException>(() => DatabaseReader.CheckAsync(homelab.Options, "k3s-w2", ["/data/pods/sonarr"], Stop))).Id);
    }

    private async Task<(bool Passed, string Message)> GateAsync(bool planned)
    {
        await foreach (var item in FailoverTester.RunAsync(homelab.Options, [await homelab.AppAsync("sonarr")], null, null, planned, Stop))
        {
            if (item.Value is { } readiness)
            {
                var gate = readiness.Gates.Single(gate => gate.Name == "DatabaseIntegrity");
                return (gate.Passed, gate.Message);
            }
        }

        throw new InvalidOperationException("Nothing was found.");
    }

    private async Task NodeAsync(string script) => await NodeWork.RunAsync<object>(homelab.Client, "k3s-w2", homelab.Options.Probe with { Writable = true }, async (pod, stop) =>
    {
        Assert.Equal((0, "", ""), await NodeWork.CommandAsync(homelab.Client, pod, ["sh", "-c", script], null, stop));
        return pod;
    }, Stop);
}
