using System.Globalization;
using HomelabOps.Cluster.Tests;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>
/// A planned move there and back on a real cluster: real kubelets, scheduler and volume binder, volumes of the runbook's kind on both
/// nodes, a real remote, and the module in processes of its own, one of which is killed in the middle.
/// </summary>
[Collection(nameof(LabOperations))]
public sealed class LabFailoverTests
{
    private const string Role = "homelabops-operations";

    [Fact]
    public async Task An_application_moves_to_its_other_node_and_home_again()
    {
        await using var app = await LabApp.StartAsync();
        var (owner, space, before) = (app.Owner, app.Space, app.Tree());
        Assert.Equal("k3s-w1 on k3s-w1", await app.WhereAsync());
        Assert.Equal(["OutOfServiceUnsupported"], await owner.RunAsync($"try {{ Invoke-HomelabFailover {space}/sonarr -OutOfService -Fence Confirm -Confirm:$false }} catch {{ $_.FullyQualifiedErrorId.Split(',')[0] }}"));

        // A copy that is cut off, as its database finds out.
        var gate = $"(Test-HomelabFailover {space}/sonarr -Planned:$false).Gates | Where-Object Name -EQ DatabaseIntegrity | ForEach-Object {{ \"$($_.Passed) $($_.Message)\" }}";
        NodeShell.Run("k3s-w2", $"truncate -s 8192 {app.Folder}/library.db");
        Assert.StartsWith($"False The database {app.Folder}/library.db", Assert.Single(await owner.RunAsync(gate)), StringComparison.Ordinal);
        app.WriteDatabase("k3s-w2");
        Assert.StartsWith("True", Assert.Single(await owner.RunAsync(gate)), StringComparison.Ordinal);

        // Killed when the commit is made and nothing has come of it; another process goes on.
        using (var kill = CancellationTokenSource.CreateLinkedTokenSource(Controllers.Cluster.Stop))
        {
            var moving = owner.ConsoleAsync($"Invoke-HomelabFailover {space}/sonarr -Planned -OverrideGate {LabApp.Overridden} -Confirm:$false", kill.Token, Role);
            await Controllers.Cluster.UntilAsync(() => Task.FromResult(app.HasCommitted() || moving.IsCompleted), "it has committed");
            Assert.False(moving.IsCompleted, moving.IsCompletedSuccessfully ? (await moving).Error : "it failed");
            await kill.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => moving);
        }

        Assert.Equal(["Interrupted"], await owner.RunAsync("(Get-HomelabOperation).Status"));
        Assert.Equal(["Completed k3s-w2 1"], await owner.RunAsync("Resume-HomelabOperation -Confirm:$false | ForEach-Object { \"$($_.Status) $($_.To) $($_.Protected.Count)\" }", Role));
        Assert.Equal("k3s-w2 on k3s-w2", await app.WhereAsync());
        Assert.Equal((2, 2), app.Changes());
        Assert.Equal("k3s-w2", NodeShell.Run("k3s-w2", $"cat {app.Folder}/../.data.homelabops-*/where"));

        // Home again: the bytes of the beginning.
        Assert.Equal(["Completed k3s-w1"], await owner.RunAsync($"Invoke-HomelabFailback {space}/sonarr -OverrideGate {LabApp.Overridden} -Confirm:$false | ForEach-Object {{ \"$($_.Status) $($_.To)\" }}", Role));
        Assert.Equal("k3s-w1 on k3s-w1", await app.WhereAsync());
        Assert.Equal(before, app.Tree());
    }

    [Fact]
    public async Task Nothing_that_an_application_has_written_is_lost_on_its_way_there_and_home()
    {
        await using var app = await LabApp.StartAsync(replicates: true);
        var (owner, space, before) = (app.Owner, app.Space, app.Tree());
        string[] replications = ["Destination InSync", "Source InSync"];
        Assert.Equal(replications, await owner.RunAsync($"Get-SyncthingReplication -Namespace {space} | ForEach-Object {{ \"$($_.Role) $($_.State)\" }}"));
        Assert.Equal(["Completed k3s-w2"], await owner.RunAsync($"Invoke-HomelabFailover {space}/sonarr -Planned -OverrideGate Flux -Confirm:$false | ForEach-Object {{ \"$($_.Status) $($_.To)\" }}", Role));
        Assert.Equal("k3s-w1 on k3s-w2", await app.WhereAsync());
        Assert.Equal((2, 10), app.Changes());
        var there = app.Journal("k3s-w2");
        Assert.Equal(app.Written("k3s-w1"), there[..app.Written("k3s-w1").Length]);
        await Controllers.Cluster.UntilAsync(() => Task.FromResult(app.Written("k3s-w2").Length > 5), "it writes there", TimeSpan.FromMinutes(1));

        await app.FollowedAsync("backup");
        Assert.Equal(["Completed k3s-w1"], await owner.RunAsync($"Invoke-HomelabFailback {space}/sonarr -OverrideGate Flux -Confirm:$false | ForEach-Object {{ \"$($_.Status) $($_.To)\" }}", Role));
        Assert.Equal(("k3s-w1 on k3s-w1", before), (await app.WhereAsync(), app.Tree()));
        string[] written = [.. app.Written("k3s-w1"), .. app.Written("k3s-w2")], journal = app.Journal("k3s-w1");
        Assert.Empty(written.Except(journal));
        Assert.Empty(app.Conflicts());
        Assert.Equal(Enumerable.Range(1, journal.Length), journal.Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)));
        await Controllers.Cluster.UntilAsync(() => Task.FromResult(app.Journal("k3s-w2").Length > journal.Length), "it is replicated on", TimeSpan.FromMinutes(3));
    }
}
