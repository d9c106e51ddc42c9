using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>One operation is let through at a time, and what cannot go on says why.</summary>
public sealed class OperationLeaseTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_operations_one_is_let_through()
    {
        await using (await OperationLease.TakeAsync(homelab.Client, "flux-system", "first", homelab.Store, Stop))
        {
            Assert.Equal("OperationBusy", (await Assert.ThrowsAsync<HomelabException>(() => OperationLease.TakeAsync(homelab.Client, "flux-system", "second", homelab.Store, Stop))).Id);

            // The same one from another process, whose own has died.
            await using var again = await OperationLease.TakeAsync(homelab.Client, "flux-system", "first", homelab.Store, Stop);
        }

        await using var next = await OperationLease.TakeAsync(homelab.Client, "flux-system", "second", homelab.Store, Stop);
        Assert.False(next.Lost.IsCancellationRequested);
    }

    // As of one that was killed when its operation was done, and before it gave the lease back.
    [Fact]
    public async Task The_lease_of_a_process_that_is_gone_is_free_where_its_record_is()
    {
        var record = new OperationRecord { Id = "gone", Status = OperationStatus.Completed, By = "anna@elsewhere" };
        homelab.Store.Save(record);
        var left = await OperationLease.TakeAsync(homelab.Client, "kube-system", "gone", homelab.Store, Stop);
        using (await homelab.Store.TakeAsync("gone", Stop))
        {
            Assert.Equal("OperationBusy", (await Assert.ThrowsAsync<HomelabException>(() => OperationLease.TakeAsync(homelab.Client, "kube-system", "next", homelab.Store, Stop))).Id);
        }

        // A process of another machine holds no lock here.
        Assert.Equal("OperationBusy", (await Assert.ThrowsAsync<HomelabException>(() => OperationLease.TakeAsync(homelab.Client, "kube-system", "next", homelab.Store, Stop))).Id);
        record.By = $"anna@{Environment.MachineName}";
        homelab.Store.Save(record);
        await using var next = await OperationLease.TakeAsync(homelab.Client, "kube-system", "next", homelab.Store, Stop);
        await left.DisposeAsync();
        Assert.Equal("OperationBusy", (await Assert.ThrowsAsync<HomelabException>(() => OperationLease.TakeAsync(homelab.Client, "kube-system", "third", homelab.Store, Stop))).Id);
    }

    [Fact]
    public async Task Of_two_processes_one_works_at_an_operation()
    {
        var record = new OperationRecord { Id = "held", Status = OperationStatus.Running };
        homelab.Store.Save(record);
        using (await homelab.Store.TakeAsync("held", Stop))
        {
            Assert.Equal(OperationStatus.Running, (await OperationQuery.ReadAsync(homelab.Store, ["held"], _ => { }, Stop)).Single().Status);
            var held = await Assert.ThrowsAsync<HomelabException>(async () =>
            {
                await foreach (var _ in new OperationRunner(homelab.Options, homelab.Store).RunAsync(record, Stop))
                {
                    // Nothing comes.
                }
            });
            Assert.Equal("OperationHeld", held.Id);
        }

        Assert.Equal(OperationStatus.Interrupted, (await OperationQuery.ReadAsync(homelab.Store, ["held"], _ => { }, Stop)).Single().Status);
    }

    [Theory]
    [InlineData(HomelabNodeKind.Host, "FenceImpossible")]
    [InlineData(HomelabNodeKind.Lxc, "FenceUnknown")]
    public async Task A_node_that_cannot_be_stopped_is_not_left_behind(HomelabNodeKind kind, string cause)
    {
        var options = homelab.Options with { Config = homelab.Config with { Nodes = [new() { Name = "k3s-w1", Kind = kind }] } };
        var record = new OperationRecord { Id = "fence-" + kind, Kind = OperationKind.Failover, Cluster = options.Client.Name, From = "k3s-w1", To = "k3s-w2", Fence = FailoverFence.Proxmox, Overridden = ["SourceNode"] };
        record.Steps.AddRange(OperationPlan.Steps(record).Select(step => new OperationStepRecord { Name = step.Name }));
        var failures = new List<HomelabException>();
        await foreach (var item in new OperationRunner(options, homelab.Store).RunAsync(record, Stop))
        {
            if (item.Notice is Core.Streaming.FailureNotice failure)
            {
                failures.Add(failure.Error);
            }
        }

        Assert.Equal(("OperationStepFailed", cause), (Assert.Single(failures).Id, ((HomelabException)failures[0].InnerException!).Id));
        Assert.Equal((OperationStatus.Failed, OperationStepStatus.Failed, OperationStepStatus.Pending), (record.Status, record.Steps[0].Status, record.Steps[1].Status));
    }

    [Fact]
    public async Task Data_that_cannot_be_kept_and_an_application_that_does_not_answer_are_told()
    {
        await homelab.UntilWellAsync();
        var app = await homelab.AppAsync("radarr");
        var record = new OperationRecord { Id = "steps", Started = DateTimeOffset.UtcNow, To = "k3s-w2", Apps = [new() { Kind = app.Kind, Namespace = app.Namespace, Name = app.Name, Paths = ["/data/pods/none"] }] };
        var context = new OperationContext(homelab.Options, record, _ => { });
        Assert.Equal("ProtectFailed", (await Assert.ThrowsAsync<HomelabException>(() => new ProtectStep().RunAsync(context, Stop))).Id);
        Assert.Empty(record.Apps[0].Protected);

        Assert.Contains("200", await new ProbeStep().RunAsync(context, Stop), StringComparison.Ordinal);
        var type = (await Core.Workloads.WorkloadTypes.FindAsync(homelab.Client, app.Kind, Stop))!;
        await homelab.Client.PatchAsync(type, app.Namespace, app.Name, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 0 } }, Stop);
        await homelab.UntilAsync(() => Task.FromResult(!FaultyHomelab.PodsOf(homelab.Homelab, "radarr").Any()), "nothing answers", TimeSpan.Zero);
        Assert.Equal("FailoverProbeFailed", (await Assert.ThrowsAsync<HomelabException>(() => new ProbeStep { Patience = TimeSpan.Zero }.RunAsync(context, Stop))).Id);
    }
}
