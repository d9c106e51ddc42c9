using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Homelab;

public sealed class EmbeddedHomelabTests
{
    [Fact]
    public async Task It_comes_up_well_and_leaves_nothing()
    {
        var clock = Stopwatch.StartNew();
        string kubeConfig, repository;
        await using (var homelab = await EmbeddedHomelab.StartAsync(null, TestContext.Current.CancellationToken))
        {
            TestContext.Current.SendDiagnosticMessage($"up after {clock.Elapsed.TotalSeconds:0.00} s");
            (kubeConfig, repository) = (homelab.KubeConfigPath, homelab.RepositoryPath);
            Assert.True(File.Exists(Path.Combine(repository, "clusters", "homelab", "kustomization.yaml")));
            await EventuallyAsync(async () => (await ListAsync(homelab, ResourceType.Pod)).Where(pod => !IsWell(pod)).Select(pod => $"{ObjectName.Of(pod)} {pod["status"]?.ToJsonString()}"));
            Assert.Equal(3, (await ListAsync(homelab, ResourceType.Node)).Count);
            Assert.Empty((await ListAsync(homelab, ResourceType.Event)).Where(item => Cells.Text(item, "type") == "Warning").Select(item => $"{Cells.Text(item, "involvedObject.name")} {Cells.Text(item, "reason")}: {Cells.Text(item, "message")}"));
            var proxies = (await ListAsync(homelab, ResourceType.Pod)).Where(pod => Cells.Text(pod, "metadata.namespace") == "traefik").Select(pod => Cells.Text(pod, "spec.nodeName")).ToList();
            Assert.Equal(2, proxies.Distinct().Count());
            Assert.Empty(homelab.Host.Faults);
        }

        Assert.False(File.Exists(kubeConfig));
        Assert.False(Directory.Exists(repository));
    }

    [Fact]
    public async Task Nobody_has_waited_long_for_anything_when_it_is_given_out()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(null, TestContext.Current.CancellationToken);
        var now = homelab.Clock.GetUtcNow();
        Assert.InRange(DateTimeOffset.UtcNow - now, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        Assert.Empty((await ListAsync(homelab, ResourceType.Pod)).Where(pod => Cells.Text(pod, "status.phase") is "" or "Pending" && IsOld(pod)).Select(ObjectName.Of));
        Assert.Empty((await ListAsync(homelab, Types.PersistentVolumeClaim)).Where(claim => Cells.Text(claim, "status.phase") != "Bound" && IsOld(claim)).Select(ObjectName.Of));

        // A backup may have become due with the last minute.
        bool IsOld(JsonObject item) => now - DateTimeOffset.Parse(Cells.Text(item, "metadata.creationTimestamp"), CultureInfo.InvariantCulture) > TimeSpan.FromSeconds(5);
    }

    [Fact]
    public async Task One_that_does_not_come_up_says_what_is_open_and_leaves_nothing()
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => EmbeddedHomelab.StartAsync(null, TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
        Assert.Equal(("SandboxNotReady", ErrorKind.OperationTimeout), (error.Id, error.Kind));
    }

    [Fact]
    public async Task A_larger_one_runs_all_its_pods()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Nodes = 5, Pods = 300 }, TestContext.Current.CancellationToken);
        await EventuallyAsync(async () => (await ListAsync(homelab, ResourceType.Pod)).Where(pod => !IsWell(pod)).Select(pod => $"{ObjectName.Of(pod)} {pod["status"]?.ToJsonString()}"));

        // Movers come and go beside them.
        Assert.InRange((await ListAsync(homelab, ResourceType.Pod)).Count(pod => Cells.Text(pod, "status.phase") == "Running"), 300, 320);
        Assert.Empty(homelab.Host.Faults);
    }

    [Fact]
    public async Task Without_its_pod_a_controller_does_nothing_and_catches_up_later()
    {
        await using var homelab = await EmbeddedHomelab.StartAsync(null, TestContext.Current.CancellationToken);
        await ScaleAsync(homelab, "kustomize-controller", 0);
        await EventuallyAsync(async () => (await ListAsync(homelab, ResourceType.Pod)).Select(pod => Cells.Text(pod, "metadata.name")).Where(name => name.StartsWith("kustomize-controller", StringComparison.Ordinal)));
        await RequestAsync(homelab, Types.Kustomization, "apps");

        // The source's controller works on, and has had as much time.
        await RequestAsync(homelab, Types.GitRepository, "flux-system");
        await EventuallyAsync(() => OpenAsync(homelab, Types.GitRepository, "flux-system"));
        Assert.NotEmpty(await OpenAsync(homelab, Types.Kustomization, "apps"));

        await ScaleAsync(homelab, "kustomize-controller", 1);
        await EventuallyAsync(() => OpenAsync(homelab, Types.Kustomization, "apps"));
        Assert.Empty(homelab.Host.Faults);
    }

    [Theory]
    [InlineData(0, 3, 0)]
    [InlineData(12, 2, 0)]
    [InlineData(12, 3, 20_001)]
    public async Task A_size_that_cannot_be_is_told(int apps, int nodes, int pods)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => EmbeddedHomelab.StartAsync(new SandboxOption { Apps = apps, Nodes = nodes, Pods = pods }, TestContext.Current.CancellationToken));
        Assert.Equal(("SandboxOptionInvalid", ErrorKind.InvalidArgument), (error.Id, error.Kind));
    }

    private static Task<JsonObject> ScaleAsync(EmbeddedHomelab homelab, string controller, int replicas) =>
        MergeAsync(homelab, Types.Deployment, controller, $$"""{"spec":{"replicas":{{replicas}} } }""");

    private static Task<JsonObject> RequestAsync(EmbeddedHomelab homelab, ResourceType type, string name) =>
        MergeAsync(homelab, type, name, $$"""{"metadata":{"annotations":{"{{FluxController.RequestedAt}}":"now"} } }""");

    private static Task<JsonObject> MergeAsync(EmbeddedHomelab homelab, ResourceType type, string name, string json) =>
        homelab.Client.PatchAsync(type, "flux-system", name, PatchKind.Merge, JsonNode.Parse(json)!, TestContext.Current.CancellationToken, new WriteOptions { FieldManager = "flux-client-side-apply" });

    private static async Task<IEnumerable<string>> OpenAsync(EmbeddedHomelab homelab, ResourceType type, string name) =>
        Cells.Text(await homelab.Client.FindObjectAsync(type, "flux-system", name, TestContext.Current.CancellationToken), "status.lastHandledReconcileAt") == "now" ? [] : [$"{type.Kind} {name}"];

    private static bool IsWell(JsonObject pod) => Cells.Text(pod, "status.phase") == "Succeeded"
        || Cells.Items(pod, "status.conditions").Any(condition => Cells.Text(condition, "type") == "Ready" && Cells.Text(condition, "status") == "True");

    private static async Task<List<JsonObject>> ListAsync(EmbeddedHomelab homelab, ResourceType type)
    {
        var result = new List<JsonObject>();
        await foreach (var item in homelab.Client.ListAsync(type, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: TestContext.Current.CancellationToken))
        {
            result.Add(item.Json);
        }

        return result;
    }

    private static async Task EventuallyAsync(Func<Task<IEnumerable<string>>> open)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            var left = (await open()).ToList();
            if (left.Count == 0)
            {
                return;
            }

            Assert.True(DateTime.UtcNow < end, string.Join('\n', left));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
