using System.Collections.Concurrent;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Applications are moved off a node that is alive, whatever ends the process meanwhile.</summary>
public sealed class PlannedFailoverTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static readonly FailoverRequest Planned = new() { Kind = OperationKind.PlannedFailover };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operation_is_undone_after_each_step_and_resumed_after_each_step()
    {
        await homelab.UntilInSyncAsync();
        var before = await StateAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var watching = WatchAsync(stop.Token);

        // Undone after each step that comes before the application runs on the target.
        foreach (var last in new[] { "Stop", "CatchUp", "Silence", "Protect", "Commit", "Reconcile" })
        {
            var record = await BeginAsync(last);
            Assert.Equal("OperationOpen", Assert.Single((await homelab.MoveAsync("sonarr", Planned)).Failures).Id);
            Assert.Equal(OperationStatus.Interrupted, (await OperationQuery.ReadAsync(homelab.Store, [record.Id], _ => { }, Stop)).Single().Status);
            var undone = await homelab.DuringAsync(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(record, _ => { }, Stop));
            Assert.Equal(OperationStatus.Undone, undone.Status);
            await homelab.UntilInSyncAsync();
            var after = await StateAsync();
            Assert.True(before == after, $"After {last}:\n{before}\n{after}");
        }

        // The same operation, killed after each of its steps and resumed by another process.
        var moving = await BeginAsync("Stop");
        FailoverResult? result = null;
        foreach (var last in new[] { "CatchUp", "Silence", "Protect", "Commit", "Reconcile", "Start", "Rollout", "Probe", "" })
        {
            var read = homelab.Store.Read().Single(record => record.Id == moving.Id);
            try
            {
                (result, var failures) = await homelab.RunAsync(read, KillAfter(last));
                Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
            }
            catch (KilledException)
            {
                Assert.NotEqual("", last);
            }

            if (last == "Rollout")
            {
                Assert.True(homelab.Store.Read().Single(record => record.Id == moving.Id).HasRun);
                Assert.Equal("OperationNotUndoable", (await Assert.ThrowsAsync<HomelabException>(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(read, _ => { }, Stop))).Id);
            }
        }

        Assert.Equal((FailoverStatus.Completed, true, TimeSpan.Zero), (result!.Status, result.Planned, result.DataLossWindow));
        Assert.Equal("k3s-w2", Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "sonarr")), "spec.nodeName"));
        await stop.CancelAsync();
        await Task.WhenAny(watching);
        Assert.True(watching.IsCanceled, $"{watching.Exception}");
        Assert.Equal(["k3s-w1", "k3s-w2"], Seen.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(Doubled);
        await homelab.UntilWellAsync();
    }

    private ConcurrentBag<string> Doubled { get; } = [];

    private ConcurrentDictionary<string, bool> Seen { get; } = new(StringComparer.Ordinal);

    private async Task<OperationRecord> BeginAsync(string last)
    {
        var (plans, _, notices) = await FailoverPlan.MakeAsync(homelab.Options, homelab.Store, [await homelab.AppAsync("sonarr")], Planned, Stop);
        Assert.True(plans.Count == 1, string.Join('\n', notices));
        try
        {
            var (_, failures) = await homelab.RunAsync(plans[0].Record, KillAfter(last));
            Assert.Fail(string.Join('\n', failures.Select(failure => failure.Message)));
        }
        catch (KilledException)
        {
            // As it should be.
        }

        return homelab.Store.Read().Single(record => record.Id == plans[0].Record.Id);
    }

    private static Action<OperationStepRecord> KillAfter(string last) => step =>
    {
        if (step.Name == last && step.Status == OperationStepStatus.Completed)
        {
            throw new KilledException();
        }
    };

    // What Git has, what the cluster has of the application, and how its replications stand.
    private async Task<string> StateAsync()
    {
        homelab.Git("fetch", "--quiet", "origin");
        var app = await homelab.AppAsync("sonarr");
        var sources = homelab.All(HomelabOps.Sandbox.Controllers.Runtime.Types.ReplicationSource).Where(source => Cells.Text(source, "metadata.name").StartsWith("sonarr-", StringComparison.Ordinal)).OrderBy(source => Cells.Text(source, "metadata.name"), StringComparer.Ordinal);
        return $"{homelab.Git("rev-parse", "origin/main^{tree}")} {app.Node} {app.Replicas} {app.Ready} {app.Stopped} {string.Join(',', app.Volumes)} {string.Join(' ', sources.Select(source => source["spec"]!.ToJsonString()))}";
    }

    // No two of its pods are ever alive at the same time.
    private async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var alive = FaultyHomelab.PodsOf(homelab.Homelab, "sonarr").Where(pod => Cells.Text(pod, "status.phase") == "Running").Select(pod => Cells.Text(pod, "spec.nodeName")).ToList();
            alive.ForEach(node => Seen[node] = true);
            if (alive.Count > 1)
            {
                Doubled.Add(string.Join(", ", alive));
            }

            await Task.Delay(20, stop);
        }
    }

    private sealed class KilledException : Exception;
}
