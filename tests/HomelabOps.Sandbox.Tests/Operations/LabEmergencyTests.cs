using System.Diagnostics;
using HomelabOps.Cluster.Tests;
using HomelabOps.Sandbox.Tests.Controllers.Flux;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>
/// A node of a real cluster is cut off, and then killed, and applications leave it. It has to be run alone, as every other test on the lab loses that
/// node with it; <c>.ci/run</c> does so when all others have ended.
/// </summary>
public sealed class LabEmergencyTests
{
    private const string Failover = "-From k3s-w1 -Confirm:$false -OverrideGate";

    [Fact(Explicit = true)]
    public async Task An_application_leaves_a_node_that_is_dead_and_comes_home()
    {
        await using var app = await LabApp.StartAsync(replicates: true);
        await using var other = await LabApp.StartAsync(replicates: true);
        var (owner, name, took) = (app.Owner, $"{app.Space}/sonarr", Stopwatch.StartNew());
        var before = other.Tree();
        Assert.Equal("k3s-w1 on k3s-w1", await app.WhereAsync());
        try
        {
            // Cut off and writing on, which looks the same from here as one that is dead.
            NodeShell.Unplug("k3s-w1");
            var arrived = app.Journal("k3s-w2");
            await UntilAsync(owner, "(Get-HomelabNode k3s-w1).Ready", "False");
            Assert.Contains("Fence", (await owner.ConsoleAsync($"Invoke-HomelabFailover {name} {Failover} Flux", Controllers.Cluster.Stop)).Error, StringComparison.Ordinal);
            Assert.Empty(await owner.RunAsync("Get-HomelabOperation"));
            NodeShell.Power("k3s-w1", isOn: false);
            Assert.Contains(await owner.RunAsync("Test-Homelab -Area Cluster | ForEach-Object { \"$($_.Reason) $($_.Name) $($_.RootCause)\" }"), line => line.Trim() == "NodeNotReady k3s-w1");

            var told = await owner.RunAsync($"Invoke-HomelabFailover {name} {Failover} Flux -Fence None | ForEach-Object {{ \"$($_.Status) $($_.To)\"; \"$($_.Duration)\"; $_.Steps | ForEach-Object {{ \"$($_.Name) $($_.Duration) $($_.Message)\" }} }}");
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', told));
            Assert.Equal("Completed k3s-w2", told[0]);
            Assert.Equal("k3s-w1 on k3s-w2", await app.WhereAsync());
            Assert.Equal(arrived, app.Journal("k3s-w2")[..arrived.Length]);
            await owner.RunAsync($"(Invoke-HomelabPod {app.Space}/sonarr-* -Command 'echo newer > /config/where').ExitCode");

            // The side that is used now gets another device, with which VolSync makes all of its peers anew: none of them is paused any more.
            await Task.WhenAll(LeaveAsync(other, took), app.ShareAsync(isOn: true));
        }
        finally
        {
            NodeShell.Power("k3s-w1", isOn: true);
        }

        // Nobody watches: what has been written since stays, where it is, while the old side runs with the peer that it had.
        await UntilAsync(owner, "(Get-HomelabNode k3s-w1).Ready", "True");
        await UntilAsync(owner, $"@(Get-HomelabPod -App sonarr -Namespace {app.Space}).Count", "1");
        await Task.WhenAll(app.FollowedAsync("backup"), other.FollowedAsync("backup"));
        await Task.WhenAll(UntilAsync(owner, RunsAtHome(app), "True"), UntilAsync(other.Owner, RunsAtHome(other), "True"));
        Assert.Equal(("newer on k3s-w2", "k3s-w1 on k3s-w2"), (await app.WhereAsync(), await other.WhereAsync()));
        string[] lost = app.Journal("k3s-w1"), kept = app.Written("k3s-w2");
        Assert.Empty(app.Written("k3s-w1").Except(lost));
        Assert.NotEmpty(lost.Except(app.Journal("k3s-w2")));
        Assert.Empty(kept.Except(app.Journal("k3s-w2")));

        Assert.Empty(app.Conflicts());
        await Task.WhenAll(ComeHomeAsync(other, before, took), app.ShareAsync(isOn: false));
        Assert.Equal(["Completed k3s-w1"], await owner.RunAsync($"Invoke-HomelabFailback {name} -OverrideGate Flux -Confirm:$false | ForEach-Object {{ \"$($_.Status) $($_.To)\" }}"));
        Assert.Equal("newer on k3s-w1", await app.WhereAsync());

        // All that was written on the other node is at home; what never got there is aside.
        string[] written = app.Written("k3s-w2"), journal = app.Journal("k3s-w1");
        Assert.True(written.Length > kept.Length);
        Assert.Empty(written.Except(journal));
        Assert.Equal(lost, app.Aside("k3s-w1"));
        Assert.Empty(app.Conflicts());
        await Controllers.Cluster.UntilAsync(() => Task.FromResult(app.Journal("k3s-w2").Length > journal.Length), "it is replicated on", TimeSpan.FromMinutes(3));
    }

    // Another owner's processes die after each step.
    private static async Task LeaveAsync(LabApp other, Stopwatch took)
    {
        var killed = await new LabKills(other).RunAsync($"$null = Invoke-HomelabFailover {other.Space}/sonarr {Failover} Flux -Fence None -ProbeNamespace {other.Space}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{took.Elapsed} killed after {string.Join(", ", killed)}");
        Assert.True(killed.Count >= 5, string.Join(", ", killed));
        await other.FreeLeaseAsync();
        Assert.Equal(("k3s-w1 on k3s-w2", "", (2, 10)), (await other.WhereAsync(), other.Uncommitted(), other.Changes()));
    }

    // And on its way home as well.
    private static async Task ComeHomeAsync(LabApp other, string before, Stopwatch took)
    {
        string[] late = other.Journal("k3s-w1"), there = other.Written("k3s-w2");
        var back = await new LabKills(other).RunAsync($"$null = Invoke-HomelabFailback {other.Space}/sonarr -OverrideGate Flux -ProbeNamespace {other.Space} -Confirm:$false");
        TestContext.Current.TestOutputHelper?.WriteLine($"{took.Elapsed} killed on the way home after {string.Join(", ", back)}");
        Assert.True(back.Count >= 6, string.Join(", ", back));
        await other.FreeLeaseAsync();
        Assert.Equal(("k3s-w1 on k3s-w1", before, ""), (await other.WhereAsync(), other.Tree(), other.Uncommitted()));
        Assert.True(other.Written("k3s-w2").Length >= there.Length);
        Assert.Empty(other.Written("k3s-w2").Except(other.Journal("k3s-w1")));
        Assert.Equal(late, other.Aside("k3s-w1"));
        Assert.Empty(other.Conflicts());
    }

    private static string RunsAtHome(LabApp app) => $"$null -ne (Get-SyncthingReplication -Namespace {app.Space} | Where-Object Name -EQ sonarr-primary).NeedBytes";

    private static Task UntilAsync(LabOwner owner, string script, string wanted) =>
        Controllers.Cluster.UntilAsync(async () => (await owner.RunAsync(script)).LastOrDefault() == wanted, $"{script} is {wanted}", TimeSpan.FromMinutes(3));
}
