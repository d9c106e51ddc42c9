using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Applications.Scaffolding;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>
/// A commit on its way to what runs, through Kustomizations that do not wait for what they apply. Nothing makes pods here: the test
/// itself tells how far a Deployment is, so that what is not waited for is seen.
/// </summary>
public sealed partial class DeliveryTests : IAsyncDisposable
{
    internal const string Release = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: OCIRepository
        metadata: {name: app, namespace: default}
        spec: {interval: 1h, url: 'oci://ghcr.io/charts/app-template', ref: {tag: 3.7.3}}
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: app, namespace: default}
        spec:
          interval: 1h
          chartRef: {kind: OCIRepository, name: app}
          values: {controllers: {main: {replicas: 0, containers: {main: {image: {repository: ghcr.io/app, tag: '1'}}}}}}

        """;

    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          replicas: 0
          selector: {matchLabels: {app: web}}
          template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'}]}}

        """;

    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {x: '1'}\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-delivery-").FullName;
    private readonly List<string> _warnings = [];
    private FluxCluster? _flux;

    private FluxCluster Flux => _flux ?? throw new InvalidOperationException("It has not begun.");

    private ResourceReference AppRelease => new(Flux.Client.Name, "HelmRelease", "default", "app");

    private ChangeJournal Journal => new(Path.Combine(_folder, "journal"));

    public async ValueTask DisposeAsync()
    {
        if (_flux is not null)
        {
            await _flux.DisposeAsync();
        }

        RuntimeFolder.Delete(_folder);
    }

    [Fact]
    public async Task A_former_success_of_a_release_is_waited_out()
    {
        await StartAsync(("apps/release.yaml", Release));
        await SettledAsync("app", "ghcr.io/app:1");
        Flux.World.SetStopped("helm-controller", true);
        var commit = Flux.Git.Commit("two", ("apps/release.yaml", Release.Replace("tag: '1'", "tag: '2'", StringComparison.Ordinal)));
        var running = WaitAsync("app", new() { Commit = commit });
        await Flux.FetchAsync();
        await AppliedAsync(commit);

        // It was ready of the former generation all the time, and its Deployment complete.
        await StaysOpenAsync(running);
        Flux.World.SetStopped("helm-controller", false);
        await SettledAsync("app", "ghcr.io/app:2");
        Assert.Equal((true, $"main@sha1:{commit}"), ((await running).Complete, (await running).Revision));
    }

    [Fact]
    public async Task A_release_answers_the_very_request_also_in_the_same_generation()
    {
        await StartAsync(("apps/release.yaml", Release), ("apps/map.yaml", Map));
        await SettledAsync("app", "ghcr.io/app:1");
        Flux.World.SetStopped("helm-controller", true);
        var commit = Flux.Git.Commit("two", ("apps/map.yaml", Map.Replace("'1'", "'2'", StringComparison.Ordinal)));
        var running = WaitAsync("app", new() { Commit = commit, Reconcile = true });
        await UntilAskedAsync();
        await StaysOpenAsync(running);
        Flux.World.SetStopped("helm-controller", false);
        Assert.True((await running).Complete);
    }

    [Fact]
    public async Task A_release_and_its_workloads_are_waited_for_where_the_Kustomization_does_not()
    {
        await StartAsync(("apps/release.yaml", Release));
        await SettledAsync("app", "ghcr.io/app:1");
        Flux.World.SetStopped("helm-controller", true);
        var commit = Flux.Git.Commit("two", ("apps/release.yaml", Release.Replace("tag: '1'", "tag: '2'", StringComparison.Ordinal)));
        var running = DeliverAsync(commit, ["flux-system/apps"], AppRelease);
        await UntilAskedAsync();
        await StaysOpenAsync(running);
        Flux.World.SetStopped("helm-controller", false);
        await UntilImageAsync("app", "ghcr.io/app:2");
        await StaysOpenAsync(running);
        await SettledAsync("app", "ghcr.io/app:2");
        AssertRuns(await running);
    }

    [Fact]
    public async Task A_Kustomization_that_comes_with_the_commit_is_waited_for()
    {
        await StartAsync(("apps/map.yaml", Map));
        var commit = Flux.Git.Commit("two", ("apps/child.yaml", Child("child", ", dependsOn: [{name: first}]")), ("child/web.yaml", Web), ("first/map.yaml", Map.Replace("name: a", "name: first", StringComparison.Ordinal)));
        var running = DeliverAsync(commit, ["flux-system/apps", "child", "flux-system/elsewhere"], new ResourceReference(null, "Deployment", "default", "web"));
        await Flux.ReadyAsync("child", "False", "DependencyNotReady");

        // All that was there before has applied the commit by now, and has no reason to wait.
        await AppliedAsync(commit);
        await StaysOpenAsync(running);
        await Flux.ApplyAsync(Child("first", ""));
        await UntilImageAsync("web", "web:1");
        await StaysOpenAsync(running);
        await SettledAsync("web", "web:1");
        AssertRuns(await running);
    }

    [Fact]
    public async Task A_Kustomization_that_stands_still_is_told_once_and_the_others_are_waited_for()
    {
        await StartAsync(("apps/web.yaml", Web), ("child/map.yaml", Map));
        await SettledAsync("web", "web:1");
        await Flux.AddKustomizationAsync("apps", ", suspend: true");
        await Flux.ApplyAsync(Child("child", ", dependsOn: [{name: first}]"));
        await Flux.ReadyAsync("child", "False", "DependencyNotReady");
        var commit = Flux.Git.Commit("two", ("apps/web.yaml", Web.Replace("web:1", "web:2", StringComparison.Ordinal)), ("first/map.yaml", Map.Replace("name: a", "name: first", StringComparison.Ordinal)));
        var running = DeliverAsync(commit, ["flux-system/apps", "flux-system/child"], new ResourceReference(null, "Deployment", "default", "web"));
        await StaysOpenAsync(running);
        await Flux.ApplyAsync(Child("first", ""));
        var (runs, failures) = await running;
        Assert.Equal((false, "FluxSuspended"), (runs, Assert.Single(failures).Id));
    }

    [Fact]
    public async Task What_runs_in_another_cluster_is_not_waited_for()
    {
        await StartAsync(("apps/web.yaml", Web));
        await SettledAsync("web", "web:1");
        var commit = Flux.Git.Commit("two", ("apps/web.yaml", Web.Replace("web:1", "web:2", StringComparison.Ordinal)), ("other/web.yaml", Web));
        var running = DeliverAsync(commit, ["flux-system/apps", "flux-system/other"], Of("Deployment", "web"), Of("Deployment", "elsewhere"), Of("HelmRelease", "elsewhere"));
        await SettledAsync("web", "web:2");
        AssertRuns(await running);

        static ResourceReference Of(string kind, string name) => new(null, kind, "default", name);
    }

    // The API takes names in any case as those of one object.
    [Fact]
    public async Task Kustomizations_are_found_in_whatever_case_they_are_written()
    {
        await StartAsync(("apps/map.yaml", Map));
        AssertRuns(await DeliverAsync(Flux.Git.Commit("two", ("apps/map.yaml", Map.Replace("'1'", "'2'", StringComparison.Ordinal))), ["flux-system/APPS"]));
    }

    [Fact]
    public async Task The_waiting_for_a_release_can_be_broken_off_and_is_then_no_failure()
    {
        await StartAsync(("apps/release.yaml", Release));
        await SettledAsync("app", "ghcr.io/app:1");
        Flux.World.SetStopped("helm-controller", true);
        var commit = Flux.Git.Commit("two", ("apps/release.yaml", Release.Replace("tag: '1'", "tag: '2'", StringComparison.Ordinal)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cluster.Stop);
        var failures = new List<HomelabException>();
        var running = DeliverAsync(new(Committer(Clone()), commit, ["flux-system/apps"], [AppRelease]), failures, stop.Token);
        await UntilAskedAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(failures);
    }

    [Fact]
    public async Task A_later_commit_that_has_ours_is_as_good_and_another_is_not()
    {
        await StartAsync(("apps/map.yaml", Map));
        var commit = Flux.Git.Commit("two", ("apps/map.yaml", Map.Replace("'1'", "'2'", StringComparison.Ordinal)));

        // The clone does not know what somebody else has pushed since.
        var clone = Clone();
        var later = Flux.Git.Commit("three", ("apps/map.yaml", Map.Replace("'1'", "'3'", StringComparison.Ordinal)));
        AssertRuns(await DeliverAsync(clone, commit, ["flux-system/apps"]));
        await AppliedAsync(later);
        Assert.False((await DeliverAsync(clone, new string('1', 40), ["flux-system/apps"])).Runs);
    }

    [Fact]
    public async Task An_application_with_a_Kustomization_of_its_own_comes_and_goes()
    {
        await StartAsync(
            ("cluster/apps.yaml", Child("apps", "")),
            ("apps/default/kustomization.yaml", "namespace: default\nresources:\n  - ./web/ks.yaml\n"),
            ("apps/default/web/ks.yaml", Child("web", ", targetNamespace: default").Replace(", namespace: flux-system}\nspec", "}\nspec", StringComparison.Ordinal).Replace("./web", "./apps/default/web/app", StringComparison.Ordinal).Replace("name: flux-system}", "name: flux-system, namespace: flux-system}", StringComparison.Ordinal)),
            ("apps/default/web/app/kustomization.yaml", "resources:\n  - web.yaml\n"),
            ("apps/default/web/app/web.yaml", Web));
        var clone = Clone();
        using (var remote = new Repository(Flux.Git.Url))
        {
            // Else it takes no pushes.
            remote.Config.Set("core.bare", true);
        }

        var running = ChangeAsync(clone, new NewAppEdit(new() { Name = "radarr", Category = "default", Image = "a/radarr:1" }, new()));
        await SettledAsync("radarr", "a/radarr:1");
        AssertRuns(await running);
        AssertRuns(await ChangeAsync(clone, new RemoveAppEdit(new("radarr"), new(), withVolumes: true)));
        await Cluster.UntilAsync(async () => await Flux.Client.FindObjectAsync(Types.Deployment, "default", "radarr", Cluster.Stop) is null, "the Deployment is gone");
    }

    private static string Child(string name, string more) =>
        $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec: {{interval: 10m, prune: true, path: ./{name}, sourceRef: {{kind: GitRepository, name: flux-system}}{more}}}\n";

    private static void AssertRuns((bool Runs, List<HomelabException> Failures) result)
    {
        Assert.Empty(result.Failures);
        Assert.True(result.Runs);
    }

    private static async Task StaysOpenAsync(Task running)
    {
        // An end that were too early would come within this.
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), Cluster.Stop));
        Assert.False(running.IsCompleted);
    }

    private async Task StartAsync(params (string Path, string? Text)[] files)
    {
        _flux = await FluxCluster.StartAsync();
        Flux.Git.Commit("one", files);
        await Flux.AddSourceAsync();
        await Flux.AddKustomizationAsync("apps", "");
        await Flux.ReadyAsync("apps");
    }

    private string Clone()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        Repository.Clone(Flux.Git.Url, folder);
        using var clone = new Repository(folder);
        clone.Config.Set("user.name", "Anna");
        clone.Config.Set("user.email", "anna@example.org");
        return folder;
    }

    private async Task<RolloutStatus> WaitAsync(string deployment, DeliveryOptions options)
    {
        RolloutStatus? status = null;
        await foreach (var item in DeliveryWaiter.WaitAsync(Flux.Client, new(Flux.Client.Name, "Deployment", "default", deployment), options with { Timeout = TimeSpan.FromMinutes(1) }, Journal, Cluster.Stop))
        {
            Assert.Null((item.Notice as FailureNotice)?.Error);
            status = item.Value ?? status;
        }

        return Assert.IsType<RolloutStatus>(status);
    }

    private Task<(bool Runs, List<HomelabException> Failures)> DeliverAsync(string commit, string[] kustomizations, params ResourceReference[] runs) => DeliverAsync(Clone(), commit, kustomizations, runs);

    private Task<(bool Runs, List<HomelabException> Failures)> DeliverAsync(string clone, string commit, string[] kustomizations, params ResourceReference[] runs) =>
        DeliverAsync(new(Committer(clone), commit, kustomizations, runs));

    private async Task<(bool Runs, List<HomelabException> Failures)> ChangeAsync(string clone, IRepositoryEdit edit)
    {
        var plan = await ChangePlan.MakeAsync(Committer(clone), edit, Flux.Client, Cluster.Stop);
        var (change, _) = await Committer(clone).CommitAsync(edit, Cluster.Stop);
        return await DeliverAsync(new(Committer(clone), change.Commit, plan.Remaining, edit.Runs));
    }

    private RepositoryCommitter Committer(string clone) => new(RepositoryLocation.OfFolder(clone), Journal) { Cache = Path.Combine(_folder, "cache") };

    private async Task<(bool Runs, List<HomelabException> Failures)> DeliverAsync(ChangeToDeliver change)
    {
        var failures = new List<HomelabException>();
        return (await DeliverAsync(change, failures, Cluster.Stop), failures);
    }

    private async Task<bool> DeliverAsync(ChangeToDeliver change, List<HomelabException> failures, CancellationToken stop)
    {
        var result = false;
        await foreach (var item in ChangeDelivery.RunAsync(Flux.Client, change, TimeSpan.FromMinutes(1), Journal, stop))
        {
            if (item.Notice is FailureNotice failure)
            {
                failures.Add(failure.Error);
            }
            else if (item.Notice is WarningNotice warning)
            {
                _warnings.Add(warning.Text);
            }

            result = item.Notice is null ? item.Value : result;
        }

        return result;
    }

    private Task AppliedAsync(string commit) => Cluster.UntilAsync(
        async () => Cells.Text(await Flux.Client.FindObjectAsync(Types.Kustomization, "flux-system", "apps", Cluster.Stop), "status.lastAppliedRevision") == $"main@sha1:{commit}", "the commit is applied");

    private Task UntilAskedAsync() => Cluster.UntilAsync(
        async () => (await Flux.Client.FindObjectAsync(Types.HelmRelease, "default", "app", Cluster.Stop))?["metadata"]?["annotations"]?["reconcile.fluxcd.io/requestedAt"] is not null, "the release is asked for");

    private async Task<JsonObject> UntilImageAsync(string deployment, string image)
    {
        JsonObject? found = null;
        await Cluster.UntilAsync(
            async () => Cells.Items(found = await Flux.Client.FindObjectAsync(Types.Deployment, "default", deployment, Cluster.Stop), "spec.template.spec.containers").Any(container => Cells.Text(container, "image") == image),
            $"{deployment} has {image}");
        return found!;
    }

    // What the controller of Deployments would say.
    private async Task SettledAsync(string deployment, string image)
    {
        var found = await UntilImageAsync(deployment, image);
        var (generation, replicas) = (Cells.Number(found, "metadata.generation"), Cells.Number(found, "spec.replicas"));
        var status = new JsonObject { ["observedGeneration"] = generation, ["replicas"] = replicas, ["updatedReplicas"] = replicas, ["readyReplicas"] = replicas, ["availableReplicas"] = replicas };
        status["conditions"] = JsonNode.Parse("""[{"type":"Available","status":"True","reason":"MinimumReplicasAvailable"},{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"}]""");
        await Flux.Client.PatchAsync(Types.Deployment, "default", deployment, PatchKind.Merge, new JsonObject { ["status"] = status }, Cluster.Stop, new WriteOptions { Subresource = "status" });
    }
}
