using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>
/// What a controller says that has not heard yet of what is new. Which of two controllers hears first is chance, so here the test
/// itself is both of them.
/// </summary>
public sealed class StaleSuccessTests : IAsyncDisposable
{
    private const string Before = "main@sha1:1111111111111111111111111111111111111111";
    private const string After = "main@sha1:2222222222222222222222222222222222222222";

    private readonly Cluster _cluster = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-stale-").FullName;

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_success_of_the_former_revision_is_waited_out()
    {
        await StartAsync();
        var running = ReconcileAsync();
        var token = await RequestedAsync(Types.GitRepository, "flux-system");
        await SayAsync(Types.GitRepository, "flux-system", $$$"""{"lastHandledReconcileAt":"{{{token}}}","observedGeneration":1,"artifact":{{{Artifact(After)}}},"conditions":[{{{Ready(1)}}}]}""");
        token = await RequestedAsync(Types.Kustomization, "apps");

        // Its answer is to this very request, and well, and of what its source had a moment ago.
        await SayAsync(Types.Kustomization, "apps", Applied(token, Before, 1));
        await StaysOpenAsync(running);
        await SayAsync(Types.Kustomization, "apps", Applied(token, After, 1));
        Assert.Equal(After, (await running).Revision);
    }

    [Fact]
    public async Task A_success_of_the_former_generation_is_waited_out()
    {
        await StartAsync();
        await _cluster.Client.PatchAsync(Types.Kustomization, "flux-system", "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"path":"./other"}}""")!, Cluster.Stop);
        var running = ReconcileAsync();
        var token = await RequestedAsync(Types.GitRepository, "flux-system");
        await SayAsync(Types.GitRepository, "flux-system", $$$"""{"lastHandledReconcileAt":"{{{token}}}","observedGeneration":1,"artifact":{{{Artifact(Before)}}},"conditions":[{{{Ready(1)}}}]}""");
        token = await RequestedAsync(Types.Kustomization, "apps");
        await SayAsync(Types.Kustomization, "apps", Applied(token, Before, 1));
        await StaysOpenAsync(running);
        await SayAsync(Types.Kustomization, "apps", Applied(token, Before, 2));
        Assert.Equal(Before, (await running).Revision);
    }

    private static string Ready(int generation) => $$"""{"type":"Ready","status":"True","reason":"Succeeded","message":"well","observedGeneration":{{generation}},"lastTransitionTime":"2026-01-01T00:00:00Z"}""";

    private static string Artifact(string revision) =>
        $$"""{"revision":"{{revision}}","path":"x","url":"http://x","digest":"sha256:{{new string('a', 64)}}","lastUpdateTime":"2026-01-01T00:00:00Z"}""";

    private static string Applied(string token, string revision, int generation) =>
        $$$"""{"lastHandledReconcileAt":"{{{token}}}","observedGeneration":{{{generation}}},"lastAppliedRevision":"{{{revision}}}","lastAttemptedRevision":"{{{revision}}}","conditions":[{{{Ready(generation)}}}]}""";

    private static async Task StaysOpenAsync(Task running)
    {
        // A success that were taken would be told within this.
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), Cluster.Stop));
        Assert.False(running.IsCompleted);
    }

    private async Task StartAsync()
    {
        await CustomKinds.InstallAsync(_cluster.Client, "source.toolkit.fluxcd.io");
        await CustomKinds.InstallAsync(_cluster.Client, "kustomize.toolkit.fluxcd.io");
        await FluxCluster.ApplyAsync(_cluster.Client, """
            apiVersion: v1
            kind: Namespace
            metadata: {name: flux-system}
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: flux-system, namespace: flux-system}
            spec: {interval: 1m, url: "https://git.invalid/homelab"}
            ---
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata: {name: apps, namespace: flux-system}
            spec: {interval: 10m, prune: true, path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}}

            """);
        await SayAsync(Types.GitRepository, "flux-system", $$$"""{"observedGeneration":1,"artifact":{{{Artifact(Before)}}},"conditions":[{{{Ready(1)}}}]}""");
        await SayAsync(Types.Kustomization, "apps", Applied("", Before, 1));
    }

    private async Task<FluxReconcileResult> ReconcileAsync()
    {
        var options = new FluxReconcileOptions { WithSource = true, Timeout = TimeSpan.FromMinutes(1) };
        var found = await FluxTargets.FindAsync(_cluster.Client, [new("Kustomization/apps")], [], [], Cluster.Stop);
        FluxReconcileResult? result = null;
        await foreach (var item in FluxReconciler.RunAsync(_cluster.Client, FluxReconcilePlan.Make(found.Targets, found.All, options), options, new ChangeJournal(_folder), Cluster.Stop))
        {
            Assert.IsNotType<FailureNotice>(item.Notice);
            result = item.Value ?? result;
        }

        return Assert.IsType<FluxReconcileResult>(result);
    }

    private async Task<string> RequestedAsync(ResourceType type, string name)
    {
        string? token = null;
        await Cluster.UntilAsync(
            async () => (token = (string?)(await _cluster.Client.FindObjectAsync(type, "flux-system", name, Cluster.Stop))?["metadata"]?["annotations"]?["reconcile.fluxcd.io/requestedAt"]) is not null,
            $"{name} is asked to reconcile");
        return token!;
    }

    private Task<JsonObject> SayAsync(ResourceType type, string name, string status) => _cluster.Client.PatchAsync(
        type, "flux-system", name, PatchKind.Merge, new JsonObject { ["status"] = JsonNode.Parse(status) }, Cluster.Stop, new WriteOptions { Subresource = "status" });
}
