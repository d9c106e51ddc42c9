using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Flux.Tracing;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>Traces of objects that controllers have applied from a real Git repository.</summary>
public sealed class FluxTracerTests
{
    private const string Source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 1h, url: 'oci://ghcr.io/charts/app-template', ref: {tag: 3.7.3}}\n";
    private const string Release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 1h, chartRef: {kind: OCIRepository, name: app}, values: {controllers: {main: {containers: {main: {image: {repository: ghcr.io/app, tag: '1'}}}}}, service: {main: {ports: {http: {port: 80}}}}}}\n";
    private const string Child = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: child, namespace: flux-system}\nspec: {interval: 10m, prune: true, path: ./child, sourceRef: {kind: GitRepository, name: flux-system}}\n";
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {x: y}\n";

    [Fact]
    public async Task A_trace_goes_up_to_the_root_and_down_to_the_line()
    {
        await using var flux = await StartAsync(("apps/child.yaml", Child), ("child/maps.yaml", "# maps\n---\n" + Map));
        await flux.ReadyAsync("child");
        var first = flux.Git.Head;
        var second = flux.Git.Commit("something else", ("README.md", "x"));
        await ReconcileAsync(flux, "child");

        var trace = await TraceAsync(flux, "ConfigMap/default/a");
        Assert.Equal("Kustomization/flux-system/child", $"{trace.Kustomization}");
        Assert.Equal(["Kustomization/flux-system/apps"], trace.Parents.Select(parent => $"{parent}"));
        Assert.Equal(("GitRepository/flux-system/flux-system", flux.Git.Url, $"main@sha1:{second}"), ($"{trace.Source}", trace.SourceUrl, trace.Revision));
        Assert.Equal((second, "Anna", "something else"), (trace.Commit, trace.Author, trace.Subject));
        Assert.Equal(("child/maps.yaml", 3, first), (trace.File, trace.Line, trace.LastChange!.Commit));
        Assert.Equal((true, true, ""), (trace.Managed, trace.InInventory, trace.Message));
    }

    [Fact]
    public async Task The_line_follows_edits_above_the_object_and_is_that_of_what_is_applied()
    {
        await using var flux = await StartAsync(("apps/maps.yaml", Map));
        Assert.Equal(("apps/maps.yaml", 1), await PlaceAsync());

        var commit = flux.Git.Commit("more above", ("apps/maps.yaml", "# one\n# two\n" + Map.Replace("name: a", "name: before", StringComparison.Ordinal) + "---\n" + Map));

        // Not reconciled yet: the line is still that of what runs, and the trace says that there is another version.
        var old = await TraceAsync(flux, "ConfigMap/default/a");
        Assert.Equal(1, old.Line);
        Assert.Contains("another version of apps/maps.yaml", old.Message, StringComparison.Ordinal);

        await ReconcileAsync(flux, "apps");
        Assert.Equal(("apps/maps.yaml", 8), await PlaceAsync());
        Assert.Equal(commit, (await TraceAsync(flux, "ConfigMap/default/a")).LastChange!.Commit);

        flux.Git.Commit("moved", ("apps/maps.yaml", null), ("apps/deep/kustomization.yaml", "resources: [a.yaml]\n"), ("apps/deep/a.yaml", "\n\n" + Map));
        await ReconcileAsync(flux, "apps");
        Assert.Equal(("apps/deep/a.yaml", 3), await PlaceAsync());

        async Task<(string?, int?)> PlaceAsync() => await TraceAsync(flux, "ConfigMap/default/a") is var trace ? (trace.File, trace.Line) : default;
    }

    [Fact]
    public async Task What_a_chart_made_leads_to_its_release_by_chartRef_and_to_the_file_of_that()
    {
        await using var flux = await StartAsync(("apps/release.yaml", Source + "---\n" + Release));
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");

        var trace = await TraceAsync(flux, "Service/flux-system/app");
        Assert.Equal(("HelmRelease/flux-system/app", "Kustomization/flux-system/apps", true), ($"{trace.HelmRelease}", $"{trace.Kustomization}", trace.InInventory));
        Assert.Equal(("app-template@3.7.3", "OCIRepository/flux-system/app", "GitRepository/flux-system/flux-system"), (trace.Chart, $"{trace.ChartSource}", $"{trace.Source}"));
        Assert.Equal(("apps/release.yaml", 6), (trace.File, trace.Line));

        // Where a chart leaves the labels out, Helm's own annotations lead there.
        flux.World.SetStopped("helm-controller", true);
        var bare = JsonNode.Parse("""{"metadata":{"labels":{"helm.toolkit.fluxcd.io/name":null,"helm.toolkit.fluxcd.io/namespace":null},"annotations":{"meta.helm.sh/release-name":"app","meta.helm.sh/release-namespace":"flux-system"} } }""")!;
        await flux.Client.PatchAsync(Types.Service, "flux-system", "app", PatchKind.Merge, bare, Cluster.Stop);
        Assert.Equal("HelmRelease/flux-system/app", $"{(await TraceAsync(flux, "Service/flux-system/app")).HelmRelease}");
    }

    [Fact]
    public async Task A_release_that_Git_does_not_have_ends_at_its_chart()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        await flux.ApplyAsync(Source + "---\n" + Release);
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");
        var trace = await TraceAsync(flux, "Deployment/flux-system/app");
        Assert.Equal((null, "OCIRepository/flux-system/app", "oci://ghcr.io/charts/app-template", "3.7.3"), (trace.Kustomization, $"{trace.Source}", trace.SourceUrl, trace.Revision));
        Assert.Contains("not managed by Flux, so no file", trace.Message, StringComparison.Ordinal);
        Assert.Null(trace.File);
    }

    [Fact]
    public async Task Owners_lead_to_what_was_applied_and_one_that_is_gone_is_told()
    {
        const string Deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: default}\nspec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'}]}}}\n";
        await using var flux = await StartAsync(("apps/web.yaml", Deployment));
        const string Pod = "\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"web:1\"}]}";
        const string Template = "\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"web\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}}," + Pod + "}}";
        await flux.Cluster.CreateAsync(Types.ReplicaSet, Owned("web-1", "Deployment", "web", await UidAsync(flux, Types.Deployment, "web"), Template));
        await flux.Cluster.CreateAsync(ResourceType.Pod, Owned("web-1-x", "ReplicaSet", "web-1", await UidAsync(flux, Types.ReplicaSet, "web-1"), Pod));

        var trace = await TraceAsync(flux, "Pod/default/web-1-x");
        Assert.Equal(["ReplicaSet/default/web-1", "Deployment/default/web"], trace.Owners.Select(owner => $"{owner}"));
        Assert.Equal(("Kustomization/flux-system/apps", true, "apps/web.yaml", 1), ($"{trace.Kustomization}", trace.InInventory, trace.File, trace.Line));

        using var refused = flux.Cluster.Server.Faults.Add(new WireFault(WireFaultKind.Forbidden) { Verb = "get", Resource = "deployments.apps" });
        trace = await TraceAsync(flux, "Pod/default/web-1-x");
        Assert.False(trace.Managed);
        Assert.Contains("Deployment/default/web may not be read", trace.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_that_are_left_over_are_told()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        await flux.ApplyAsync(Map.Replace("name: a,", "name: copy, labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system},", StringComparison.Ordinal));
        var trace = await TraceAsync(flux, "ConfigMap/default/copy");
        Assert.Equal(("Kustomization/flux-system/apps", false), ($"{trace.Kustomization}", trace.InInventory));
        Assert.Contains("does not list it", trace.Message, StringComparison.Ordinal);
        Assert.Null(trace.File);

        // The Kustomization itself is gone, and Flux left the object behind.
        await flux.ApplyAsync(Map.Replace("name: a,", "name: orphan, labels: {kustomize.toolkit.fluxcd.io/name: gone, kustomize.toolkit.fluxcd.io/namespace: flux-system},", StringComparison.Ordinal));
        trace = await TraceAsync(flux, "ConfigMap/default/orphan");
        Assert.Equal(("Kustomization/flux-system/gone", false, null), ($"{trace.Kustomization}", trace.InInventory, trace.Revision));
        Assert.Contains("Kustomization/flux-system/gone does not exist any more", trace.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Flux_does_not_manage_is_no_error()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        var trace = await TraceAsync(flux, "Namespace/flux-system");
        Assert.Equal((false, null, null, "not managed by Flux"), (trace.Managed, trace.InInventory, trace.Kustomization, trace.Message));
    }

    [Fact]
    public async Task Without_the_right_clone_nothing_is_invented()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        using var other = new GitRemote();
        other.Commit("theirs", ("apps/a.yaml", Map));
        var folder = Directory.CreateTempSubdirectory("homelabops-none-");
        foreach (var (repository, said) in new[] { (null, "name it with -Repository"), (other.Url, "of another repository than"), (folder.FullName, "is not in a Git repository") })
        {
            var trace = await TraceAsync(flux, "ConfigMap/default/a", repository);
            Assert.Equal((null, null, null), (trace.File, trace.Line, trace.Author));
            Assert.Equal(flux.Git.Head, trace.Commit);
            Assert.Contains(said, trace.Message, StringComparison.Ordinal);
        }

        folder.Delete();
    }

    [Fact]
    public async Task A_clone_that_lacks_the_commit_shows_what_it_has_and_says_so()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        var clone = Path.Combine(Directory.CreateTempSubdirectory("homelabops-clone-").FullName, "homelab");
        LibGit2Sharp.Repository.Clone(flux.Git.Url, clone);
        var head = flux.Git.Commit("newer", ("apps/a.yaml", "# above\n" + Map));
        await ReconcileAsync(flux, "apps");

        var trace = await TraceAsync(flux, "ConfigMap/default/a", clone);
        Assert.Equal((head, null, "apps/a.yaml", 1), (trace.Commit, trace.Author, trace.File, trace.Line));
        Assert.Contains("git fetch", trace.Message, StringComparison.Ordinal);
        RuntimeFolder.Delete(Path.GetDirectoryName(clone)!);
    }

    [Fact]
    public async Task An_artifact_that_was_pushed_names_its_commit_itself()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        flux.World.SetStopped("source-controller", true);
        flux.World.SetStopped("kustomize-controller", true);
        var head = flux.Git.Head;
        await flux.ApplyAsync(Source);
        await StatusAsync(flux, Types.OciRepository, "app", $$"""{"status":{"artifact":{"revision":"latest@sha256:{{new string('a', 64)}}","path":"x","url":"http://x","lastUpdateTime":"2026-01-01T00:00:00Z","digest":"sha256:{{new string('a', 64)}}","metadata":{"org.opencontainers.image.revision":"main@sha1:{{head}}","org.opencontainers.image.source":"{{flux.Git.Url}}"} } } }""");
        await flux.Client.PatchAsync(Types.Kustomization, "flux-system", "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"sourceRef":{"kind":"OCIRepository","name":"app"} } }""")!, Cluster.Stop);
        await StatusAsync(flux, Types.Kustomization, "apps", $$"""{"status":{"lastAppliedRevision":"latest@sha256:{{new string('a', 64)}}","lastAttemptedRevision":"latest@sha256:{{new string('a', 64)}}"} }""");

        var trace = await TraceAsync(flux, "ConfigMap/default/a");
        Assert.Equal(("OCIRepository/flux-system/app", head, "apps/a.yaml", 1), ($"{trace.Source}", trace.Commit, trace.File, trace.Line));

        await StatusAsync(flux, Types.Kustomization, "apps", """{"status":{"lastAppliedRevision":"older@sha256:bbbb"} }""");
        trace = await TraceAsync(flux, "ConfigMap/default/a");
        Assert.Equal((null, null, "apps/a.yaml"), (trace.Commit, trace.Author, trace.File));
        Assert.Contains("has not applied", trace.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConfigMap/default/none", "ConfigMapNotFound")]
    [InlineData("Nonsense/none", "KindNotFound")]
    [InlineData("none", "KindRequired")]
    public async Task What_does_not_exist_is_an_error(string name, string id)
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        Assert.Equal(id, (await Assert.ThrowsAsync<HomelabException>(() => TraceAsync(flux, name))).Id);
    }

    private static string Owned(string name, string kind, string owner, string uid, string spec) =>
        $$"""{"metadata":{"name":"{{name}}","namespace":"default","labels":{"app":"web"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"{{kind}}","name":"{{owner}}","uid":"{{uid}}","controller":true}]},{{spec}} }""";

    private static async Task<string> UidAsync(FluxCluster flux, ResourceType type, string name) => (string)(await flux.Cluster.GetAsync(type, name))["metadata"]!["uid"]!;

    private static async Task<FluxCluster> StartAsync(params (string Path, string? Text)[] files)
    {
        var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", files);
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        return flux;
    }

    private static async Task ReconcileAsync(FluxCluster flux, string name)
    {
        await flux.FetchAsync();
        await flux.RequestAsync(Types.Kustomization, name);
        await Cluster.UntilAsync(
            async () => (string?)(await flux.Client.FindObjectAsync(Types.Kustomization, "flux-system", name, Cluster.Stop))!["status"]?["lastAppliedRevision"] == $"main@sha1:{flux.Git.Head}",
            $"{name} applies the newest commit");
    }

    private static Task<JsonObject> StatusAsync(FluxCluster flux, ResourceType type, string name, string json) =>
        flux.Client.PatchAsync(type, "flux-system", name, PatchKind.Merge, JsonNode.Parse(json)!, Cluster.Stop, new WriteOptions { Subresource = "status" });

    private static Task<FluxTrace> TraceAsync(FluxCluster flux, string name) => TraceAsync(flux, name, flux.Git.Url);

    private static async Task<FluxTrace> TraceAsync(FluxCluster flux, string name, string? repository)
    {
        var traces = new List<FluxTrace>();
        var query = new RawObjectQuery { Objects = new ObjectQuery { Names = [new ResourcePattern(name)] } };
        await foreach (var item in FluxTracer.ReadAsync(flux.Client, query, repository, Cluster.Stop))
        {
            traces.Add(item.Notice is FailureNotice failure ? throw failure.Error : item.Value!);
        }

        return Assert.Single(traces);
    }
}
