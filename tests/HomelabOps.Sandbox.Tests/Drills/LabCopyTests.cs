using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Copying;
using HomelabOps.Sandbox.Tests.Operations;

namespace HomelabOps.Sandbox.Tests.Drills;

/// <summary>A real cluster in a sandbox.</summary>
[Collection(nameof(LabOperations))]
public sealed class LabCopyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_real_cluster_runs_on_in_a_copy_which_says_what_is_missing_for_a_failover()
    {
        await using var app = await LabApp.StartAsync();
        using var lab = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));
        var before = await lab.FindObjectAsync(Types.Deployment, app.Space, "sonarr", Stop);
        var options = new FailoverOptions { Client = lab, Config = new(), Repository = RepositoryLocation.OfFolder(app.Owner.Clone), Journal = new ChangeJournal(app.Owner.State) };
        var plan = await CopyPlan.MakeAsync(options, CopyDrills.Scenarios([]), [new ResourcePattern($"{app.Space}/sonarr")], Stop);
        TestContext.Current.TestOutputHelper?.WriteLine($"{plan.Cluster.Count} objects of {plan.Cluster.Kinds.Count} kinds; {string.Join('\n', plan.Notices.OfType<WarningNotice>().Select(notice => notice.Text))}");

        // Definitions of other tests come and go between being seen and being listed.
        Assert.DoesNotContain(plan.Cluster.Unread, error => error.Kind != ErrorKind.ObjectNotFound);

        // Nothing replicates there, and so the drill ends at the gates.
        await using var copy = await HomelabCopy.StartAsync(plan, Stop);
        var objects = copy.Cluster.Client;
        Assert.Equal("Bound", Cells.Text(await objects.FindObjectAsync(Types.PersistentVolumeClaim, app.Space, "pvc-sonarr", Stop), "status.phase"));

        // What it serves is its data, which is not copied, so that it does not become ready.
        await Controllers.Cluster.UntilAsync(
            async () =>
            {
                var pods = new List<(string Node, string Phase)>();
                await foreach (var pod in objects.ListAsync(ResourceType.Pod, new() { Namespace = app.Space, LabelSelector = "app=sonarr" }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Stop))
                {
                    pods.Add((Cells.Text(pod.Json, "spec.nodeName"), Cells.Text(pod.Json, "status.phase")));
                }

                return pods is [("k3s-w1", "Running")];
            },
            "its pod runs on its node");
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([copy.KubeConfigPath]), null));
        var results = new List<DrillResult>();
        await foreach (var item in new DrillRunner(new CopyGround(copy, client)).RunAsync(plan.Drills, Stop))
        {
            results.AddRange(item.Value is { } result ? [result] : []);
        }

        Assert.Equal((true, "k3s-w1", $"{app.Space}/sonarr"), (results.Single().Detected, results[0].Target, results[0].App));
        Assert.Contains("DataComplete", results[0].Message, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(before!["spec"], (await lab.FindObjectAsync(Types.Deployment, app.Space, "sonarr", Stop))!["spec"]));
    }
}
