using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Drills;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Faults.Effects;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Drills;

/// <summary>Every breakdown that can be rehearsed is found, mended and over.</summary>
public sealed class DrillTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void There_is_a_drill_for_every_fault() =>
        Assert.Empty(HomelabFaults.Known.Where(fault => fault.TargetKind != FaultTargetKind.Resource).Select(fault => fault.Name).Except(DrillCatalog.All.Select(scenario => scenario.Fault), StringComparer.Ordinal));

    // Headings of the runbook under which something is mended: troubleshooting, a mount that fails, a sync that is stuck, failover, disaster recovery.
    [Theory]
    [InlineData("Cluster Health")]
    [InlineData("NFS Media Library")]
    [InlineData("Flux Not Reconciling")]
    [InlineData("PVC Not Binding")]
    [InlineData("Application Pod Not Starting")]
    [InlineData("VolSync Replication Not Syncing")]
    [InlineData("MetalLB Controller Not Starting")]
    [InlineData("Manual Failover (Emergency)")]
    [InlineData("Full Cluster Recovery from Git")]
    [InlineData("Recovering from Accidental Deletion")]
    public void There_is_a_drill_for_every_section_of_the_runbook_that_mends_something(string section) => Assert.Contains(DrillCatalog.All, scenario => scenario.Section == section);

    [Fact]
    public async Task A_cluster_that_is_lost_comes_back_from_its_repository_beside_the_one_that_is_there()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 3 }, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null));
        var revisions = homelab.Host.Informer(Types.Kustomization).All.Select(item => Cells.Text(item, "status.lastAppliedRevision")).ToList();
        var result = await RunAsync(new DrillRunner(new SandboxGround(homelab, client)), DrillCatalog.Find(["FullRecovery"])[0]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{result.Duration.TotalSeconds:0.0}s {string.Join(", ", result.Steps.Select(step => $"{step.Name} {step.Duration!.Value.TotalSeconds:0.0} {step.Message}"))}");
        Assert.True(result.Passed, result.Message);
        Assert.Equal(["Look", "Break", "Detect", "RestoreCluster", "Verify"], result.Steps.Select(step => step.Name));
        Assert.Contains("gotk-sync.yaml", result.Steps[2].Message, StringComparison.Ordinal);
        Assert.Contains(homelab.Repository.Tip()[..7], result.Steps[3].Message, StringComparison.Ordinal);
        Assert.True(result.TimeToRecover > TimeSpan.Zero);
        Assert.Equal(revisions, homelab.Host.Informer(Types.Kustomization).All.Select(item => Cells.Text(item, "status.lastAppliedRevision")));
    }

    [Fact]
    public void A_name_that_is_of_no_drill_is_refused()
    {
        Assert.Equal("DrillUnknown", Assert.Throws<HomelabException>(() => DrillCatalog.Find(["Nfs*", "Meteorite"])).Id);
        Assert.All(DrillCatalog.Find(["nfs*"]), scenario => Assert.StartsWith("Nfs", scenario.Name, StringComparison.Ordinal));
        Assert.Equal(DrillCatalog.All, DrillCatalog.Find(["*", "NodeDown"]));
    }

    // One for each sort of remedy.
    [Fact]
    public Task Drills_pass() => RunAsync(["MemoryPressure", "NfsStale", "GitUnreachable", "BuildError", "ManifestUnlisted", "SuspendedForgotten", "OutOfMemory", "ImageNotFound", "PvcTooSmall", "SyncPeerDrift", "MetalLBSecretMissing"]);

    [Fact(Explicit = true)]
    public Task All_drills_pass_one_after_the_other() => RunAsync(["*"]);

    private static async Task RunAsync(IReadOnlyList<string> names)
    {
        var scenarios = DrillCatalog.Find(names);
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 11 }, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null));
        var results = new List<DrillResult>();
        await foreach (var item in new DrillRunner(new SandboxGround(homelab, client)).RunAsync(scenarios, Stop))
        {
            if (item.Value is { } result)
            {
                results.Add(result);
                TestContext.Current.TestOutputHelper?.WriteLine($"{result} {result.Duration.TotalSeconds:0.0}s {string.Join(", ", result.Steps.Select(step => $"{step.Name} {step.Duration!.Value.TotalSeconds:0.0}"))} {result.Message}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"all: {results.Sum(result => result.Duration.TotalSeconds):0.0}s");
        Assert.Equal(scenarios.Select(scenario => scenario.Name), results.Select(result => result.Scenario));
        Assert.Equal("", string.Join('\n', results.Where(result => !result.Passed).Select(result => $"{result}: {result.Message}")));
        Assert.Empty(homelab.Faults.On);
    }

    [Fact]
    public async Task An_application_that_is_stopped_is_not_broken()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 2 }, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null));
        var ground = new SandboxGround(homelab, client);
        var targets = homelab.Faults.TargetsOf("ImageNotFound");
        await StopAsync(targets[0]);
        var fault = await ground.BreakAsync("ImageNotFound", null, Stop);
        Assert.Equal(targets[1], fault.Target);
        await fault.EndAsync(Stop);
        await StopAsync(targets[1]);
        Assert.Equal("SandboxFaultNotPossible", (await Assert.ThrowsAsync<HomelabException>(() => ground.BreakAsync("ImageNotFound", null, Stop))).Id);

        async Task StopAsync(string app)
        {
            // As Stop-HomelabApp does it: Flux, which the fault wakes, would start it again.
            var zero = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["kustomize.toolkit.fluxcd.io/reconcile"] = "disabled" } }, ["spec"] = new JsonObject { ["replicas"] = 0 } };
            await client.PatchAsync(Types.Deployment, "media", app, PatchKind.Merge, zero, Stop);
            await Controllers.Cluster.UntilAsync(() => Task.FromResult(homelab.Host.Informer(Types.Deployment).All.Any(item => ObjectName.Of(item).Name == app && Cells.Number(item, "spec.replicas") == 0)), "it is stopped");
        }
    }

    // Flux applies no further commit while it waits for what the last one has changed.
    [Fact]
    public async Task Time_passes_where_a_fault_waits_for_flux()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 2 }, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null));
        var branch = new RemoteBranch(new FaultScene(homelab, new HomelabPlan(new SandboxOption { Apps = 2 })));
        await branch.CommitAsync("Take a new controller for good late", [FileEdit.Of($"{HomelabManifests.Root}/infrastructure/metallb/controller.yaml", text => ManifestText.InsertAfter(ManifestText.InsertAfter(text, "revisionHistoryLimit: 3", "minReadySeconds: 60"), "prometheus.io/port: \"7472\"", "tried: \"late\""))], Stop);
        await Controllers.Cluster.UntilAsync(() => Task.FromResult(homelab.Host.Informer(Types.Deployment).Find("metallb-system", "controller") is { } found && Cells.Number(found, "spec.minReadySeconds") == 60), "it is applied");

        var fault = await new SandboxGround(homelab, client).BreakAsync("MetalLBSecretRenamed", null, Stop);
        Assert.True(await fault.HoldsAsync(Stop));
        await fault.EndAsync(Stop);
    }

    [Fact]
    public async Task A_drill_that_fails_says_why_and_leaves_nothing_broken()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 3 }, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null));
        var runner = new DrillRunner(new SandboxGround(homelab, client)) { Patience = TimeSpan.FromSeconds(5) };
        var node = new DrillScenario("Memory", "Cluster Health", HomelabArea.Cluster, "NodeMemoryPressure", "Node", DrillAction.Repair) { Fault = "MemoryPressure" };
        var target = "Node/k3s-w1";

        var unseen = await RunAsync(runner, node with { Reason = "NodeOnFire" });
        Assert.StartsWith(Errors.Text("DrillNotDetected", "Memory", "NodeOnFire", ""), unseen.Message, StringComparison.Ordinal);
        Assert.Equal((false, null, false, OperationStepStatus.Failed), (unseen.Detected, unseen.TimeToDetect, unseen.Passed, unseen.Steps[^1].Status));

        var unmended = await RunAsync(runner, node with { Actions = [] });
        Assert.Equal(Errors.Text("DrillNotRecovered", "Memory", $"NodeMemoryPressure {target}"), unmended.Message);
        Assert.Equal((true, false, false, null), (unmended.Detected, unmended.Recovered, unmended.Passed, unmended.TimeToRecover));

        Assert.Equal(Errors.Text("DrillRemedyMissing", target, "NodeMemoryPressure"), (await RunAsync(runner, node)).Message);
        Assert.Empty(homelab.Faults.On);
    }

    [Fact]
    public async Task One_that_is_broken_off_leaves_nothing_broken()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 3 }, Stop);
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var ground = new SandboxGround(homelab, client);
        var running = RunAsync(new DrillRunner(ground), DrillCatalog.Find(["MemoryPressure"])[0] with { Reason = "NodeOnFire" }, stop.Token);
        while (homelab.Faults.On.Count == 0)
        {
            await Task.Delay(20, Stop);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(homelab.Faults.On);
    }

    private static Task<DrillResult> RunAsync(DrillRunner runner, DrillScenario scenario) => RunAsync(runner, scenario, Stop);

    private static async Task<DrillResult> RunAsync(DrillRunner runner, DrillScenario scenario, CancellationToken cancellationToken)
    {
        DrillResult? result = null;
        await foreach (var item in runner.RunAsync([scenario], cancellationToken))
        {
            result = item.Value ?? result;
        }

        return result!;
    }
}
