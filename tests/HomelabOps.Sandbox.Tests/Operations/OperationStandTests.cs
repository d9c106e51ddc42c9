using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Operations that begin or go on after something has changed that they rest on.</summary>
public sealed class OperationStandTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static readonly FailoverRequest Planned = new() { Kind = OperationKind.PlannedFailover };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_has_changed_meanwhile_is_seen()
    {
        await homelab.UntilInSyncAsync();
        var plan = await PlanAsync("sonarr", Planned);
        var stale = await PlanAsync("radarr", new() { Fence = FailoverFence.None, Overrides = ["SourceNode", "DataComplete"] });
        stale.Overridden.Remove("SourceNode");
        Assert.Equal("OperationOutdated", (await Assert.ThrowsAsync<HomelabException>(() => homelab.RunAsync(stale))).Id);

        // Two consoles have made the same plan.
        var other = await PlanAsync("sonarr", Planned);
        await KilledAsync(plan, "Commit");
        Assert.Equal("OperationOpen", (await Assert.ThrowsAsync<HomelabException>(() => homelab.RunAsync(other))).Id);
        Assert.Equal(["OperationOpen Deployment/media/sonarr"], await LeftAsync());

        await CommitOfBeforeAsync(plan);
        await CommitTakenBackAsync(plan);

        // It has run on the target by now, and a plan of before knows nothing of it.
        Assert.Empty(await LeftAsync());
        Assert.Equal("OperationOutdated", (await Assert.ThrowsAsync<HomelabException>(() => homelab.RunAsync(other))).Id);
        await HomeAsync();
        await UndoBegunAsync();
    }

    // Somebody brings it home by hand while a way home is interrupted; and what is taken back waits until nothing talks any more.
    private async Task HomeAsync()
    {
        await homelab.UntilWellAsync();
        var plan = await PlanAsync("sonarr", new() { Kind = OperationKind.Failback });
        await KilledAsync(plan, "Readmit");
        await ClaimAsync("pvc-sonarr");
        var (_, failures) = await homelab.RunAsync(Read(plan));
        Assert.Equal("FolderInUse", (Assert.Single(failures).InnerException as HomelabException)?.Id);
        await ClaimAsync("pvc-sonarr-backup");
        await homelab.UntilWellAsync();

        await KilledAsync(Read(plan), "Seed");
        await ScaleAsync(0);
        await homelab.UntilAsync(() => Task.FromResult(!homelab.All(ResourceType.Pod).Any(pod => Cells.Text(pod, "metadata.namespace") == "volsync-system")), "VolSync is gone", TimeSpan.FromSeconds(5));
        var undo = new OperationUndo(homelab.Options with { Timeout = TimeSpan.FromSeconds(5) }, homelab.Store);
        Assert.Equal("SyncthingNotApart", (await Assert.ThrowsAsync<HomelabException>(() => homelab.DuringAsync(() => undo.RunAsync(Read(plan), _ => { }, Stop)))).Id);
        Assert.Equal("OperationNotResumable", (await Assert.ThrowsAsync<HomelabException>(() => homelab.RunAsync(Read(plan)))).Id);
        await ScaleAsync(1);
        await homelab.UntilWellAsync();
        undo = new OperationUndo(homelab.Options, homelab.Store);
        Assert.Equal(OperationStatus.Undone, (await homelab.DuringAsync(() => undo.RunAsync(Read(plan), _ => { }, Stop))).Status);
        await homelab.UntilWellAsync();
        Assert.Equal("k3s-w2", (await homelab.AppAsync("sonarr")).Node);
    }

    // What Test-Homelab says of operations that nobody works at.
    private async Task<List<string>> LeftAsync()
    {
        var query = new HomelabTestQuery { Areas = [HomelabArea.Pod], Operations = stop => OpenOperations.ReadAsync(homelab.Client, homelab.Store, stop) };
        var found = new List<string>();
        await foreach (var item in HomelabTester.TestAsync(homelab.Client, query, Stop))
        {
            found.AddRange(item.Value is { } finding && finding.Reason.StartsWith("Operation", StringComparison.Ordinal) ? [$"{finding.Reason} {finding.Target}"] : []);
        }

        return found;
    }

    private Task<JsonObject> ClaimAsync(string claim) => homelab.Client.PatchAsync(Types.Deployment, "media", "sonarr", PatchKind.Json, JsonNode.Parse($$"""[{"op":"replace","path":"/spec/template/spec/volumes/0/persistentVolumeClaim/claimName","value":"{{claim}}"}]""")!, Stop);

    // Flux would start it again with the commit that takes the move back.
    private Task<JsonObject> ScaleAsync(int replicas) => homelab.Client.PatchAsync(Types.Deployment, "volsync-system", "volsync", PatchKind.Merge, JsonNode.Parse($$"""{"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/reconcile":"{{(replicas == 0 ? "disabled" : "enabled")}}"} },"spec":{"replicas":{{replicas}} } }""")!, Stop);

    // The process ended between the push and writing it down.
    private async Task CommitOfBeforeAsync(OperationRecord plan)
    {
        var record = Read(plan);
        var (commit, caughtUp) = (record.Commit, Of(record, "CatchUp").Started);
        record.Commit = null;
        Of(record, "Commit").Status = OperationStepStatus.Running;
        homelab.Store.Save(record);
        await KilledAsync(record, "Commit");
        Assert.Equal((commit, caughtUp), (Read(plan).Commit, Of(Read(plan), "CatchUp").Started));
    }

    // Somebody takes the commit back and starts the application, which writes where it was.
    private async Task CommitTakenBackAsync(OperationRecord plan)
    {
        var caughtUp = Of(Read(plan), "CatchUp").Started;
        homelab.Git("pull", "--quiet", "--ff-only");
        homelab.Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "revert", "--no-edit", "HEAD");
        homelab.Git("push", "--quiet", "origin", "HEAD");
        var (result, failures) = await homelab.RunAsync(Read(plan));
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal((FailoverStatus.Completed, "k3s-w2"), (result!.Status, Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "sonarr")), "spec.nodeName")));
        Assert.True(Of(Read(plan), "CatchUp").Started > caughtUp);
    }

    private async Task UndoBegunAsync()
    {
        await homelab.UntilWellAsync();
        var plan = await PlanAsync("radarr", Planned);
        await KilledAsync(plan, "CatchUp");
        var record = Read(plan);
        record.Undoing = true;
        homelab.Store.Save(record);
        Assert.Equal("OperationNotResumable", (await Assert.ThrowsAsync<HomelabException>(() => homelab.RunAsync(record))).Id);
        var undo = new OperationUndo(homelab.Options, homelab.Store);
        Assert.Equal(OperationStatus.Undone, (await homelab.DuringAsync(() => undo.RunAsync(record, _ => { }, Stop))).Status);
        await homelab.UntilWellAsync();
        Assert.Equal("k3s-w1", (await homelab.AppAsync("radarr")).Node);

        // One that was overtaken by hand is closed as it is.
        await homelab.UntilWellAsync();
        var open = await PlanAsync("radarr", Planned);
        await KilledAsync(open, "Stop");
        Assert.Equal(OperationStatus.Undone, (await undo.CloseAsync(Read(open), _ => { }, Stop)).Status);
        Assert.True((await homelab.AppAsync("radarr")).Stopped);
        Assert.Equal("OperationNotUndoable", (await Assert.ThrowsAsync<HomelabException>(() => undo.CloseAsync(Read(open), _ => { }, Stop))).Id);
    }

    private async Task<OperationRecord> PlanAsync(string app, FailoverRequest request)
    {
        var (plans, _, notices) = await FailoverPlan.MakeAsync(homelab.Options, homelab.Store, [await homelab.AppAsync(app)], request, Stop);
        Assert.True(plans.Count == 1, string.Join('\n', notices));
        return plans[0].Record;
    }

    private async Task KilledAsync(OperationRecord record, string last)
    {
        var failures = await Assert.ThrowsAsync<KilledException>(() => homelab.RunAsync(record, step =>
        {
            if (step.Name == last && step.Status == OperationStepStatus.Completed)
            {
                throw new KilledException();
            }
        }));
        Assert.NotNull(failures);
    }

    private OperationRecord Read(OperationRecord record) => homelab.Store.Find(record.Id)!;

    private static OperationStepRecord Of(OperationRecord record, string step) => record.Steps.Single(item => item.Name == step);

    private sealed class KilledException : Exception;
}
