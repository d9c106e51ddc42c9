namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>
/// The processes that move an application on a real cluster are killed after each step, there and on the way home; others take back what
/// they did, or go on.
/// </summary>
[Collection(nameof(LabOperations))]
public sealed class LabKilledTests
{
    [Fact]
    public async Task A_move_survives_the_death_of_its_processes()
    {
        await using var app = await LabApp.StartAsync();
        var (owner, kills, before) = (app.Owner, new LabKills(app), app.Tree());
        var there = $"$null = Invoke-HomelabFailover {app.Space}/sonarr -Planned -OverrideGate {LabApp.Overridden} -ProbeNamespace {app.Space} -Confirm:$false";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Controllers.Cluster.Stop);
        var watching = app.WatchPodsAsync(stop.Token);

        // Stop, CatchUp, Silence, Protect and Commit: the application has not run on the target after any of them.
        for (var steps = 1; steps <= 5; steps++)
        {
            Assert.NotNull(await kills.BeginAsync(there, steps));
            await UndoAsync(app, before);
        }

        // Nor after Reconcile, where it does not come to run there: Flux has applied the move, and its pod waits for the volume.
        Assert.True(await kills.BeginAsync(there, 6, (4, () => app.Hold("k3s-w2", isOn: true))) is "Reconcile" or "Start");
        await UndoAsync(app, before);
        app.Hold("k3s-w2", isOn: false);

        var killed = await kills.RunAsync(there);
        Assert.Equal(("k3s-w2 on k3s-w2", "", (2, 2)), (await app.WhereAsync(), app.Uncommitted(), app.Changes()));
        var back = await kills.RunAsync($"$null = Invoke-HomelabFailback {app.Space}/sonarr -OverrideGate {LabApp.Overridden} -ProbeNamespace {app.Space} -Confirm:$false");
        Assert.Equal((before, "", "k3s-w1 on k3s-w1"), (app.Tree(), app.Uncommitted(), await app.WhereAsync()));
        TestContext.Current.TestOutputHelper?.WriteLine($"Killed after {string.Join(", ", killed)}; on the way home after {string.Join(", ", back)}");

        // A process may have got further before it died, but not all of them.
        Assert.True(killed.Count >= 5, string.Join(", ", killed));
        Assert.True(back.Count >= 6, string.Join(", ", back));
        await stop.CancelAsync();
        Assert.Equal(1, await watching);
    }

    private static async Task UndoAsync(LabApp app, string before)
    {
        Assert.Equal(["Undone"], await app.Owner.RunAsync($"(Get-HomelabOperation | Where-Object Status -EQ Interrupted | Undo-HomelabOperation -ProbeNamespace {app.Space} -Confirm:$false).Status", "homelabops-operations"));
        Assert.Equal((before, "", "k3s-w1 on k3s-w1"), (app.Tree(), app.Uncommitted(), await app.WhereAsync()));
    }
}
