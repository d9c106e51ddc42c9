using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Repairs;
using HomelabOps.Core.Replication;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Diagnosis;

namespace HomelabOps.Sandbox.Tests.Repairs;

/// <summary>Every kind of repair does what it says, and nothing to what is well.</summary>
public sealed class HomelabRepairerTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>, IDisposable
{
    private const string Node = "k3s-w2";
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-repair-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ClusterClient Client => homelab.Homelab.Client;

    private ChangeJournal Journal => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_node_that_was_forgotten_takes_pods_again()
    {
        await homelab.UntilNothingIsFoundAsync();
        await Client.PatchAsync(ResourceType.Node, null, Node, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = true } }, Stop);
        var found = await homelab.FindUntilAsync(found => found.Count == 1, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(("NodeCordoned", HomelabRepairKind.UncordonNode), (found.Single().Reason, found.Single().Repair!.Kind));

        await RunAsync(found[0].Repair!);
        Assert.Equal([HomelabRepairResult.Gone], await new RepairProof(Client, new()).ProveAsync(found, Stop));
        Assert.Contains(Journal.Read(), entry => entry is { Kind: "Node", Name: Node });
    }

    [Theory]
    [InlineData("WireUnavailable", null)]
    [InlineData("WireForbidden", "nodes")]
    public async Task What_cannot_be_looked_at_afterwards_is_not_gone(string name, string? resource)
    {
        await homelab.UntilNothingIsFoundAsync();
        await Client.PatchAsync(ResourceType.Node, null, Node, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = true } }, Stop);
        var found = await homelab.FindUntilAsync(found => found.Count == 1, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await RunAsync(found.Single().Repair!);

        // A client as users have it: the homelab's own are not met by what goes wrong on the way.
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
        var mended = found.Select(finding => finding with { Target = On(client, finding.Target!), Repair = finding.Repair! with { Target = On(client, finding.Target!) } }).ToList();
        await using (var fault = await homelab.Faults.SwitchOnAsync(name, resource, Stop))
        {
            Assert.Equal([HomelabRepairResult.Unknown], await new RepairProof(client, new() { Timeout = TimeSpan.FromSeconds(1) }).ProveAsync(mended, Stop));
        }

        Assert.Equal([HomelabRepairResult.Gone], await new RepairProof(client, new()).ProveAsync(mended, Stop));
    }

    [Fact]
    public async Task Pods_that_were_evicted_are_deleted_and_those_that_live_are_not()
    {
        await homelab.UntilNothingIsFoundAsync();
        var node = homelab.Homelab.Nodes.Node("k3s-w1");
        node.HasDiskPressure = true;
        await homelab.UntilAsync(() => Task.FromResult(Evicted().Count > 0), "a pod is evicted", TimeSpan.FromSeconds(20));
        node.HasDiskPressure = false;
        await homelab.UntilAsync(async () => (await homelab.FindAsync()) is { Count: > 0 } found && found.All(finding => finding.Reason == "PodEvicted"), "only the leftovers are told", TimeSpan.FromSeconds(20));

        var (gone, alive) = (Evicted(), Living());
        var findings = await homelab.FindAsync();
        foreach (var finding in findings)
        {
            await RunAsync(finding.Repair!);
        }

        Assert.Equal(gone.Order(StringComparer.Ordinal), Journal.Read().Where(entry => entry.Change == "delete").Select(entry => entry.Name!).Order(StringComparer.Ordinal));
        await homelab.UntilAsync(() => Task.FromResult(Evicted().Count == 0), "they are gone", TimeSpan.Zero);
        Assert.Empty(alive.Except(Living()));
    }

    [Fact]
    public async Task A_Syncthing_is_restarted()
    {
        await homelab.UntilNothingIsFoundAsync();
        var before = Movers();
        await RunAsync(new() { Kind = HomelabRepairKind.RestartSyncthing, Target = Source("media", "sonarr-backup") });
        await homelab.UntilAsync(() => Task.FromResult(before.Except(Movers()).Count() == 1), "one of them is another pod", TimeSpan.Zero);
    }

    [Fact]
    public async Task A_replication_is_resumed_and_another_is_run()
    {
        await homelab.UntilNothingIsFoundAsync();
        var source = Source("media", "sonarr-primary");
        await ReplicationSuspender.SuspendAsync(Client, await ReadAsync(source), Suspensions.FromNow("a test", null), Journal, Stop);
        Assert.Equal(ReplicationState.Paused, (await ReadAsync(source)).State);
        await RunAsync(new() { Kind = HomelabRepairKind.ResumeReplication, Target = source });
        Assert.NotEqual(ReplicationState.Paused, (await ReadAsync(source)).State);

        var restic = Source("database", "postgres");
        var before = (await ReadAsync(restic)).LastManualSync;
        await RunAsync(new() { Kind = HomelabRepairKind.StartReplication, Target = restic });
        Assert.NotEqual(before, (await ReadAsync(restic)).LastManualSync);
    }

    [Fact]
    public async Task An_application_that_was_stopped_is_started()
    {
        await homelab.UntilNothingIsFoundAsync();
        var target = new ResourceReference(Client.Name, "Deployment", "media", "overseerr");
        var found = await AppTargets.FindAsync(Client, [new ResourcePattern(target)], new AppQuery(), Stop);
        await foreach (var _ in AppStopper.StopAsync(Client, found.Targets.Single(), Suspensions.FromNow("a test", null), new AppOptions(), Journal, Stop))
        {
        }

        await homelab.UntilAsync(() => Task.FromResult(!Running("overseerr")), "it is stopped", TimeSpan.Zero);
        await RunAsync(new() { Kind = HomelabRepairKind.StartApp, Target = target });
        await homelab.UntilAsync(() => Task.FromResult(Running("overseerr")), "it runs", TimeSpan.FromSeconds(5));
        await homelab.UntilNothingIsFoundAsync();
    }

    [Fact]
    public async Task Flux_looks_at_an_object_at_once()
    {
        await homelab.UntilNothingIsFoundAsync();
        await RunAsync(new() { Kind = HomelabRepairKind.ReconcileFlux, Target = new(Client.Name, "Kustomization", "flux-system", "apps") });
        Assert.Contains(Journal.Read(), entry => entry is { Kind: "Kustomization", Name: "apps" } && entry.Change!.Contains("requestedAt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_Secret_of_the_webhook_is_made_again_and_the_controller_fills_it()
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("MetalLBSecretMissing", null, Stop);
        IReadOnlyList<HomelabFinding> found = [];
        await homelab.UntilAsync(async () => (found = await homelab.FindAsync()) is [{ Reason: "WebhookSecretMissing" }], "the Secret is missing", TimeSpan.FromSeconds(20));
        Assert.Equal(HomelabRepairKind.RenewWebhookCert, found[0].Repair!.Kind);

        // Without what it mounts the controller does not start, whether it has a webhook or not.
        Assert.Empty(found[0].Choices);
        Assert.Equal("WebhookNeeded", (await Assert.ThrowsAsync<HomelabException>(() => RunAsync(new() { Kind = HomelabRepairKind.DisableWebhook, Target = found[0].Target! }))).Id);

        // The controller is restarted, and looks at its certificate some time after it has come up.
        var repair = RunAsync(found[0].Repair!);
        await homelab.UntilAsync(() => Task.FromResult(repair.IsCompleted), "it is repaired", TimeSpan.FromSeconds(5));
        await repair;
        await homelab.UntilAsync(async () => (await homelab.FindAsync()).Count == 0, "nothing is found", TimeSpan.FromSeconds(5));
        Assert.Contains(Journal.Read(), entry => entry is { Kind: "Secret", Name: "metallb-webhook-cert" });
    }

    [Fact]
    public async Task A_peer_that_has_moved_is_written_into_Git_and_nothing_beside_it()
    {
        await homelab.UntilNothingIsFoundAsync();
        var clone = homelab.Homelab.RepositoryPath;
        await using var fault = await homelab.Faults.SwitchOnAsync("SyncPeerDrift", null, Stop);
        IReadOnlyList<HomelabFinding> found = [];
        await homelab.UntilAsync(async () => (found = [.. (await homelab.FindAsync()).Where(finding => finding.Reason == "SyncPeerDrift")]).Count == 1, "the peer is seen to be wrong", TimeSpan.FromSeconds(20));
        Assert.Equal(HomelabRepairKind.CorrectPeer, found[0].Repair!.Kind);
        Assert.Equal("RepositoryRequired", (await Assert.ThrowsAsync<HomelabException>(() => RunAsync(found[0].Repair!))).Id);

        var repair = RunAsync(found[0].Repair!, new RepairOptions { Repository = clone });
        await homelab.UntilAsync(() => Task.FromResult(repair.IsCompleted), "it is repaired", TimeSpan.FromSeconds(5));
        await repair;
        await homelab.UntilAsync(async () => (await homelab.FindAsync()).Count == 0, "nothing is found", TimeSpan.FromSeconds(5));
        using var git = new LibGit2Sharp.Repository(clone);
        var tip = git.Branches["origin/main"].Tip;
        Assert.Equal($"Correct the peer of {found[0].Target!.Name}", tip.MessageShort);

        // The fault was one line, and so is its repair.
        Assert.Equal(tip.Parents.First().Parents.First().Tree.Sha, tip.Tree.Sha);
        Assert.NotEmpty(Journal.Read());
    }

    [Fact]
    public async Task A_peer_that_Git_has_right_is_left_to_Flux()
    {
        await homelab.UntilNothingIsFoundAsync();
        var type = new ResourceType("volsync.backube", "v1alpha1", "replicationsources", "ReplicationSource", true);
        var peers = (JsonArray)(await Client.FindObjectAsync(type, "media", "sonarr-primary", Stop))!["spec"]!["syncthing"]!["peers"]!.DeepClone();
        var (right, tip) = ((string)peers[0]!["address"]!, homelab.Homelab.Repository.Tip());
        peers[0]!["address"] = "tcp://10.97.255.9:22000";
        await Client.PatchAsync(type, "media", "sonarr-primary", PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["syncthing"] = new JsonObject { ["peers"] = peers } } }, Stop);

        var repair = RunAsync(new() { Kind = HomelabRepairKind.CorrectPeer, Target = Source("media", "sonarr-primary") }, new RepairOptions { Repository = homelab.Homelab.RepositoryPath });
        await homelab.UntilAsync(() => Task.FromResult(repair.IsCompleted), "it is repaired", TimeSpan.FromSeconds(5));
        await repair;
        Assert.Equal(right, (string?)(await Client.FindObjectAsync(type, "media", "sonarr-primary", Stop))!["spec"]!["syncthing"]!["peers"]![0]!["address"]);
        Assert.Equal(tip, homelab.Homelab.Repository.Tip());
        Assert.DoesNotContain(Journal.Read(), entry => entry.Kind == "Commit");
        Assert.Contains(Journal.Read(), entry => entry.Kind == "Kustomization");
        await homelab.UntilNothingIsFoundAsync();
    }

    [Fact]
    public async Task A_faulty_Secret_of_the_webhook_is_made_anew_unless_Flux_makes_it()
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("MetalLBCertificateExpired", null, Stop);
        IReadOnlyList<HomelabFinding> found = [];
        await homelab.UntilAsync(async () => (found = await homelab.FindAsync()) is [{ Reason: "WebhookExpired" }], "the certificate has expired", TimeSpan.FromSeconds(20));
        Assert.Null(found[0].Repair);

        await LeaveSecretAsync("disabled");
        try
        {
            await homelab.UntilAsync(async () => (found = await homelab.FindAsync()) is [{ Reason: "WebhookExpired", Repair.Kind: HomelabRepairKind.RenewWebhookCert }], "nobody else makes it", TimeSpan.Zero);
            var repair = RunAsync(found[0].Repair!);
            await homelab.UntilAsync(() => Task.FromResult(repair.IsCompleted), "it is repaired", TimeSpan.FromSeconds(5));
            await repair;
            Assert.Contains(Journal.Read(), entry => entry is { Kind: "Secret", Name: "metallb-webhook-cert" });
            Assert.DoesNotContain(await homelab.FindAsync(), finding => finding.Reason == "WebhookExpired");
        }
        finally
        {
            await LeaveSecretAsync(null);
        }
    }

    [Theory]
    [InlineData(HomelabRepairKind.CorrectPeer, "ReplicationSource")]
    [InlineData(HomelabRepairKind.DisableWebhook, "Deployment")]
    [InlineData(HomelabRepairKind.StartApp, "Deployment")]
    [InlineData(HomelabRepairKind.ResumeFlux, "Kustomization")]
    [InlineData(HomelabRepairKind.RestartSyncthing, "ReplicationSource")]
    [InlineData(HomelabRepairKind.ResumeReplication, "ReplicationSource")]
    [InlineData(HomelabRepairKind.StartReplication, "ReplicationSource")]
    public async Task What_is_gone_cannot_be_repaired(HomelabRepairKind kind, string of)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(new() { Kind = kind, Target = new(Client.Name, of, "media", "gone") }));
        Assert.Equal("RepairTargetGone", error.Id);
        Assert.Empty(Journal.Read());
    }

    private static ResourceReference On(ClusterClient client, ResourceReference item) => new(client.Name, item.Kind, item.Namespace, item.Name);

    private static string Name(JsonObject pod) => Cells.Text(pod, "metadata.name");

    private Task<JsonObject> LeaveSecretAsync(string? mark) => Client.PatchAsync(
        new ResourceType("", "v1", "secrets", "Secret", true),
        "metallb-system",
        "metallb-webhook-cert",
        PatchKind.Merge,
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["kustomize.toolkit.fluxcd.io/reconcile"] = mark } } },
        Stop);

    private ResourceReference Source(string space, string name) => new(Client.Name, "ReplicationSource", space, name);

    private List<string> Evicted() => [.. homelab.All(ResourceType.Pod).Where(pod => Cells.Text(pod, "status.phase") == "Failed").Select(Name)];

    private List<string> Living() => [.. homelab.All(ResourceType.Pod).Where(pod => Cells.Text(pod, "status.phase") == "Running" && Cells.Text(pod, "metadata.labels.app").Length > 0).Select(Name)];

    private bool Running(string app) => homelab.All(ResourceType.Pod).Any(pod => Cells.Text(pod, "metadata.labels.app") == app && Cells.Text(pod, "status.phase") == "Running");

    private List<string> Movers() => [.. homelab.All(ResourceType.Pod).Where(pod => Name(pod).StartsWith("volsync-sonarr-backup-", StringComparison.Ordinal)).Select(Name)];

    private async Task<ReplicationStatus> ReadAsync(ResourceReference source)
    {
        var found = new List<ReplicationStatus>();
        await foreach (var item in ReplicationReader.ReadAsync(Client, new ReplicationQuery { References = [source] }, Stop))
        {
            found.Add(item.Value!);
        }

        return found.Single();
    }

    private async Task RunAsync(HomelabRepairAction action, RepairOptions? options = null)
    {
        await foreach (var _ in new HomelabRepairer(Client, options ?? new(), Journal).RunAsync(action, Stop))
        {
        }
    }
}
