using HomelabOps.Cluster.Tests;
using HomelabOps.Sandbox.Tests.Controllers.Flux;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>
/// A node of a real cluster is cut off, and then killed, and applications leave it. It has to be run alone, as every other test on the lab loses that
/// node with it; <c>.ci/run</c> does so when all others have ended.
/// </summary>
public sealed class LabEmergencyTests
{
    private const string Failover = $"-From k3s-w1 -OverrideGate {LabApp.Overridden} -Confirm:$false";

    [Fact(Explicit = true)]
    public async Task An_application_leaves_a_node_that_is_dead_and_comes_home()
    {
        await using var app = await LabApp.StartAsync();
        await using var other = await LabApp.StartAsync();
        var (owner, name) = (app.Owner, $"{app.Space}/sonarr");
        Assert.Equal("k3s-w1 on k3s-w1", await app.WhereAsync());
        try
        {
            // Cut off and writing on, which looks the same from here as one that is dead.
            NodeShell.Unplug("k3s-w1");
            await UntilAsync(owner, "(Get-HomelabNode k3s-w1).Ready", "False");
            Assert.Contains("Fence", (await owner.ConsoleAsync($"Invoke-HomelabFailover {name} {Failover}", Controllers.Cluster.Stop)).Error, StringComparison.Ordinal);
            Assert.Empty(await owner.RunAsync("Get-HomelabOperation"));
            NodeShell.Power("k3s-w1", isOn: false);
            Assert.Contains(await owner.RunAsync("Test-Homelab -Area Cluster | ForEach-Object { \"$($_.Reason) $($_.Name) $($_.RootCause)\" }"), line => line.Trim() == "NodeNotReady k3s-w1");

            var told = await owner.RunAsync($"Invoke-HomelabFailover {name} {Failover} -Fence None | ForEach-Object {{ \"$($_.Status) $($_.To)\"; \"$($_.Duration)\"; $_.Steps | ForEach-Object {{ \"$($_.Name) $($_.Duration) $($_.Message)\" }} }}");
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', told));
            Assert.Equal("Completed k3s-w2", told[0]);
            Assert.Equal("k3s-w2 on k3s-w2", await app.WhereAsync());
            await owner.RunAsync($"(Invoke-HomelabPod {app.Space}/sonarr-* -Command 'echo newer > /config/where').ExitCode");

            // Another owner's processes die after each step.
            var killed = await new LabKills(other).RunAsync($"$null = Invoke-HomelabFailover {other.Space}/sonarr {Failover} -Fence None -ProbeNamespace {other.Space}");
            TestContext.Current.TestOutputHelper?.WriteLine($"Killed after {string.Join(", ", killed)}");
            Assert.True(killed.Count >= 5, string.Join(", ", killed));
            await other.FreeLeaseAsync();
            Assert.Equal(("k3s-w2 on k3s-w2", "", (2, 2)), (await other.WhereAsync(), other.Uncommitted(), other.Changes()));
        }
        finally
        {
            NodeShell.Power("k3s-w1", isOn: true);
        }

        // Nobody watches: what has been written since stays, where it is.
        await UntilAsync(owner, "(Get-HomelabNode k3s-w1).Ready", "True");
        await UntilAsync(owner, $"@(Get-HomelabPod -Namespace {app.Space}).Count", "1");
        Assert.Equal(("newer on k3s-w2", "k3s-w2 on k3s-w2"), (await app.WhereAsync(), await other.WhereAsync()));
        Assert.Equal("newer", NodeShell.Run("k3s-w2", $"cat {app.Folder}/where"));

        // Nothing replicates here, so the owner brings the data home himself, and says so.
        NodeShell.Run("k3s-w1", $"echo newer > {app.Folder}/where");
        Assert.Equal(["Completed k3s-w1"], await owner.RunAsync($"Invoke-HomelabFailback {name} -OverrideGate {LabApp.Overridden} -Confirm:$false | ForEach-Object {{ \"$($_.Status) $($_.To)\" }}"));
        Assert.Equal("newer on k3s-w1", await app.WhereAsync());
    }

    private static Task UntilAsync(LabOwner owner, string script, string wanted) =>
        Controllers.Cluster.UntilAsync(async () => (await owner.RunAsync(script)).LastOrDefault() == wanted, $"{script} is {wanted}", TimeSpan.FromMinutes(3));
}
