using System.Diagnostics;
using System.Globalization;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>
/// The processes that move an application on a real cluster, with its data on a real Syncthing pair, are killed after each step, there and
/// on the way home; others take back what they did, or go on.
/// </summary>
[Collection(nameof(LabOperations))]
public sealed class LabKilledTests
{
    [Fact]
    public async Task Nothing_that_was_written_is_lost_whatever_processes_die()
    {
        await using var app = await LabApp.StartAsync(replicates: true);
        var (kills, before, took) = (new LabKills(app), app.Tree(), Stopwatch.StartNew());
        var there = $"$null = Invoke-HomelabFailover {app.Space}/sonarr -Planned -OverrideGate Flux -ProbeNamespace {app.Space} -Confirm:$false";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Controllers.Cluster.Stop);
        var watching = app.WatchPodsAsync(stop.Token);

        // Stop, CatchUp, Silence, Protect and Commit: the application has not run on the target after any of them.
        for (var steps = 1; steps <= 5; steps++)
        {
            var last = await kills.BeginAsync(there, steps);
            Assert.NotNull(last);
            await UndoAsync(app, before);
            AssertWhole(app, "k3s-w1");
            Tell($"undone after {last}");

            // VolSync replaces its Syncthing when the application stops, and once more when it is back.
            await app.FollowedAsync("primary");

            // Syncthings whose pods were made anew take a while to meet.
            await Controllers.Cluster.UntilAsync(async () => (await app.Owner.RunAsync($"@(Get-SyncthingReplication -Namespace {app.Space}).Where({{ -not $_.Connected }}).Count")).Last() == "0", "both sides talk to each other again", TimeSpan.FromMinutes(2));
        }

        var killed = await kills.RunAsync(there);
        Tell($"killed after {string.Join(", ", killed)}");
        Assert.Equal(("k3s-w1 on k3s-w2", "", (2, 10)), (await app.WhereAsync(), app.Uncommitted(), app.Changes()));
        AssertWhole(app, "k3s-w2");
        await Controllers.Cluster.UntilAsync(() => Task.FromResult(app.Written("k3s-w2").Length > 5), "it writes there", TimeSpan.FromMinutes(1));

        await app.FollowedAsync("backup");
        var back = await kills.RunAsync($"$null = Invoke-HomelabFailback {app.Space}/sonarr -OverrideGate Flux -ProbeNamespace {app.Space} -Confirm:$false");
        Tell($"killed on the way home after {string.Join(", ", back)}");
        Assert.Equal((before, "", "k3s-w1 on k3s-w1"), (app.Tree(), app.Uncommitted(), await app.WhereAsync()));
        AssertWhole(app, "k3s-w1");

        // A process may have got further before it died, but not all of them.
        Assert.True(killed.Count >= 5, string.Join(", ", killed));
        Assert.True(back.Count >= 6, string.Join(", ", back));
        await stop.CancelAsync();
        Assert.Equal(1, await watching);

        void Tell(string what) => TestContext.Current.TestOutputHelper?.WriteLine($"{took.Elapsed} {what}");
    }

    // Nor has it run there after Reconcile, where it does not come to that: Flux has applied the move, and its pod waits for the volume.
    [Fact]
    public async Task A_move_that_Flux_has_applied_is_taken_back_while_nothing_runs_there()
    {
        await using var app = await LabApp.StartAsync();
        var before = app.Tree();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Controllers.Cluster.Stop);
        var watching = app.WatchPodsAsync(stop.Token);
        var there = $"$null = Invoke-HomelabFailover {app.Space}/sonarr -Planned -OverrideGate {LabApp.Overridden} -ProbeNamespace {app.Space} -Confirm:$false";
        Assert.True(await new LabKills(app).BeginAsync(there, 6, (4, () => app.Hold("k3s-w2", isOn: true))) is "Reconcile" or "Start");
        await UndoAsync(app, before);
        app.Hold("k3s-w2", isOn: false);
        await stop.CancelAsync();
        Assert.Equal(1, await watching);
    }

    // All that was written anywhere is where it runs, and one after the other: who writes beside another counts what he has counted.
    private static void AssertWhole(LabApp app, string node)
    {
        // What is written meanwhile is not asked for.
        string[] written = [.. app.Written("k3s-w1"), .. app.Written("k3s-w2")], journal = app.Journal(node);
        Assert.Empty(written.Except(journal));
        Assert.Empty(app.Conflicts());
        Assert.Equal(Enumerable.Range(1, journal.Length), journal.Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)));
    }

    private static async Task UndoAsync(LabApp app, string before)
    {
        Assert.Equal(["Undone"], await app.Owner.RunAsync($"(Get-HomelabOperation | Where-Object Status -EQ Interrupted | Undo-HomelabOperation -ProbeNamespace {app.Space} -Confirm:$false).Status", "homelabops-operations"));
        Assert.Equal((before, "", "k3s-w1 on k3s-w1"), (app.Tree(), app.Uncommitted(), await app.WhereAsync()));
    }
}
