using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Flux.Tree;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>Trees of what controllers have applied from a real Git repository.</summary>
public sealed class FluxTreeTests
{
    private const string Source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 1h, url: 'oci://ghcr.io/charts/app-template', ref: {tag: 3.7.3}}\n";
    private const string Release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 1h, chartRef: {kind: OCIRepository, name: app}, values: {controllers: {main: {containers: {main: {image: {repository: ghcr.io/app, tag: '1'}}}}}, service: {main: {ports: {http: {port: 80}}}}}}\n";
    private const string Role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'media:reader'}\nrules: []\n";

    [Fact]
    public async Task A_tree_goes_from_the_root_by_children_and_releases_to_their_objects()
    {
        await using var flux = await StartAsync(("apps/release.yaml", Source + "---\n" + Release), ("apps/role.yaml", Role), ("apps/child.yaml", Child("child")), ("child/map.yaml", Map("a")));
        await flux.ReadyAsync("child");
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");

        var nodes = await ReadAsync(flux);
        Assert.Equal(
            [
                "0 Kustomization/flux-system/apps", "1 ClusterRole/media:reader",
                "1 HelmRelease/flux-system/app", "2 Deployment/flux-system/app", "2 Service/flux-system/app",
                "1 Kustomization/flux-system/child", "2 ConfigMap/default/a", "1 OCIRepository/flux-system/app",
            ],
            nodes.Select(node => $"{node.Depth} {node}"));
        var role = nodes[1];
        Assert.Equal(("rbac.authorization.k8s.io/v1", ObjectHealth.Current, "Kustomization/flux-system/apps"), (role.ApiVersion, role.Health, role.Parent!.ToString()));
        Assert.Equal((ConditionStatus.True, true), (nodes[0].Ready, nodes[0].Healthy));
        Assert.StartsWith("main@sha1:", nodes[0].Revision, StringComparison.Ordinal);

        // Nobody runs its pods here.
        Assert.Equal((ObjectHealth.InProgress, null), (nodes[3].Health, nodes[3].Ready));
        Assert.Equal(nodes.Where(node => node.ApiVersion.Contains("fluxcd", StringComparison.Ordinal)).Select(node => $"{node}"), (await ReadAsync(flux, compact: true)).Select(node => $"{node}"));
    }

    [Fact]
    public async Task What_is_not_as_it_ought_to_be_says_so()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map("a")), ("apps/b.yaml", Map("b")), ("apps/child.yaml", Child("broken")), ("broken/kustomization.yaml", "resources: [missing.yaml]\n"));
        await flux.ReadyAsync("broken", "False", "BuildFailed");
        await flux.Client.DeleteAsync(Types.ConfigMap, "default", "a", new DeleteRequest(), Cluster.Stop);
        await SuspendAsync(flux, "apps");

        var nodes = (await ReadAsync(flux)).ToDictionary(node => node.Name, StringComparer.Ordinal);
        Assert.Equal((ObjectHealth.Current, true, false), (nodes["apps"].Health, nodes["apps"].Suspended, nodes["apps"].Healthy));
        Assert.Equal((ObjectHealth.NotFound, "Kustomization/flux-system/apps"), (nodes["a"].Health, nodes["a"].Parent!.ToString()));
        Assert.Equal(ObjectHealth.Current, nodes["b"].Health);
        Assert.Equal((ObjectHealth.Failed, ConditionStatus.False), (nodes["broken"].Health, nodes["broken"].Ready));
        Assert.Contains("missing.yaml", nodes["broken"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_choose_where_trees_begin_and_nothing_is_shown_twice()
    {
        await using var flux = await StartAsync(("apps/child.yaml", Child("child")), ("child/map.yaml", Map("a")));
        await flux.ReadyAsync("child");

        Assert.Equal(["0 Kustomization/flux-system/child", "1 ConfigMap/default/a"], (await ReadAsync(flux, "child")).Select(node => $"{node.Depth} {node}"));
        Assert.Equal(["apps", "child", "a"], (await ReadAsync(flux, "child", "Kustomization/apps", "flux-system/child")).Select(node => node.Name));
        Assert.Equal(["child", "a"], (await ReadAsync(flux, "ConfigMap/default/a")).Select(node => node.Name));
        Assert.Empty(await ReadAsync(flux, "none*"));
    }

    [Theory]
    [InlineData("none", "FluxResourceNotFound")]
    [InlineData("GitRepository/flux-system/flux-system", "FluxTreeUnsupported")]
    [InlineData("Namespace/flux-system", "FluxOwnerNotFound")]
    [InlineData("ConfigMap/default/none", "ConfigMapNotFound")]
    [InlineData("Nonsense/none", "KindNotFound")]
    public async Task What_has_no_tree_is_an_error(string name, string id)
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map("a")));
        var failures = new List<HomelabException>();
        Assert.Empty(await ReadAsync(flux, failures, name));
        Assert.Equal(id, Assert.Single(failures).Id);
    }

    [Fact]
    public async Task A_circle_ends_where_it_closes()
    {
        await using var flux = await StartAsync(("apps/one.yaml", Child("one")), ("one/two.yaml", Child("two")), ("two/one.yaml", Child("one")));
        await flux.ReadyAsync("two");
        await Cluster.UntilAsync(async () => (await ReadAsync(flux, "two")).Count > 1, "two has applied one");

        var nodes = await ReadAsync(flux, "one", "two");
        Assert.Equal(["0 one", "1 two", "2 one"], nodes.Select(node => $"{node.Depth} {node.Name}"));
        Assert.Contains("applies itself", nodes[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inventory_in_the_status_of_a_release_comes_before_its_storage()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map("a")));
        await flux.ApplyAsync(Source + "---\n" + Release);
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");
        flux.World.SetStopped("helm-controller", true);
        await StatusAsync(flux, Types.HelmRelease, "app", """{"status":{"inventory":{"entries":[{"id":"default_a__ConfigMap","v":"v1"},{"id":"default_x_example.org_Thing","v":"v2"},{"id":"odd","v":""}]} } }""");

        var nodes = await ReadAsync(flux, "HelmRelease/app");
        Assert.Equal(["HelmRelease/flux-system/app", "ConfigMap/default/a", "Thing/default/x", "/odd"], nodes.Select(node => $"{node}"));
        Assert.Equal([ObjectHealth.Current, ObjectHealth.Current, ObjectHealth.NotFound, ObjectHealth.Unknown], nodes.Select(node => node.Health));
        Assert.Contains("serves no kind Thing", nodes[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_whose_storage_is_gone_or_broken_says_so_and_the_rest_is_shown()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map("a")));
        await flux.ApplyAsync(Source + "---\n" + Release);
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");
        flux.World.SetStopped("helm-controller", true);
        await flux.Cluster.RestAsync();
        await flux.Client.PatchAsync(Types.Secret, "flux-system", "sh.helm.release.v1.app.v1", PatchKind.Merge, JsonNode.Parse("""{"data":{"release":"bm9uc2Vuc2U="} }""")!, Cluster.Stop);
        var failures = new List<HomelabException>();
        Assert.Single(await ReadAsync(flux, failures, "HelmRelease/app"));
        Assert.Equal("HelmStorageInvalid", Assert.Single(failures).Id);

        await flux.Client.DeleteAsync(Types.Secret, "flux-system", "sh.helm.release.v1.app.v1", new DeleteRequest(), Cluster.Stop);
        Assert.Contains("sh.helm.release.v1.app.v1 does not exist", Assert.Single(await ReadAsync(flux, "HelmRelease/app")).Message, StringComparison.Ordinal);
        Assert.Equal(["app", "apps", "a"], (await ReadAsync(flux)).Select(node => node.Name).OrderBy(name => name != "app"));
    }

    [Fact]
    public async Task What_lies_in_another_cluster_is_not_looked_for_in_this_one()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map("a")));
        flux.World.SetStopped("kustomize-controller", true);
        await flux.Client.PatchAsync(Types.Kustomization, "flux-system", "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"kubeConfig":{"secretRef":{"name":"there"} } } }""")!, Cluster.Stop);
        var map = (await ReadAsync(flux))[^1];
        Assert.Equal(("a", ObjectHealth.Unknown, "lies in another cluster"), (map.Name, map.Health, map.Message));
    }

    [Fact]
    public async Task What_may_not_be_read_is_shown_without_health_and_told_once()
    {
        await using var flux = await StartAsync([("apps/role.yaml", Role), .. Enumerable.Range(0, 6).Select(map => ($"apps/{map}.yaml", (string?)Map($"m{map}")))]);
        await flux.ApplyAsync(Source + "---\n" + Release);
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");
        using var maps = flux.Cluster.Server.Faults.Add(new WireFault(WireFaultKind.Forbidden) { Verb = "list", Resource = "configmaps" });
        using var secrets = flux.Cluster.Server.Faults.Add(new WireFault(WireFaultKind.Forbidden) { Verb = "get", Resource = "secrets" });

        var failures = new List<HomelabException>();
        var nodes = await ReadAsync(flux, failures);
        Assert.All(nodes.Where(node => node.Kind == "ConfigMap"), node => Assert.Equal((ObjectHealth.Unknown, "may not be read"), (node.Health, node.Message)));
        Assert.Equal(6, nodes.Count(node => node.Kind == "ConfigMap"));
        Assert.Equal(ObjectHealth.Current, nodes.Single(node => node.Kind == "ClusterRole").Health);
        Assert.Contains("Secret/flux-system/sh.helm.release.v1.app.v1, which may not be read", nodes.Single(node => node.Kind == "HelmRelease").Message, StringComparison.Ordinal);
        Assert.Equal(["AccessDenied", "AccessDenied"], failures.Select(failure => failure.Id));
        Assert.Contains("configmaps", failures[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_objects_are_not_a_thousand_requests()
    {
        await using var flux = await StartAsync([.. Enumerable.Range(0, 10).Select(file => ($"apps/{file}.yaml", (string?)string.Join("---\n", Enumerable.Range(0, 100).Select(map => Map($"m-{file}-{map}")))))]);
        using var counting = new RequestCounter(flux.Client.Endpoint.Server);
        var nodes = await ReadAsync(flux);
        Assert.Equal(1001, nodes.Count);
        Assert.All(nodes, node => Assert.Equal(ObjectHealth.Current, node.Health));
        TestContext.Current.TestOutputHelper?.WriteLine($"{counting.Paths.Count} requests: {string.Join(' ', counting.Paths)}");
        Assert.InRange(counting.Paths.Count, 1, 20);
    }

    private static string Map(string name) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: default}}\ndata: {{x: y}}\n";

    private static string Child(string name) =>
        $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec: {{interval: 10m, prune: true, path: ./{name}, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n";

    private static async Task<FluxCluster> StartAsync(params (string Path, string? Text)[] files)
    {
        var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", files);
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        return flux;
    }

    private static async Task SuspendAsync(FluxCluster flux, string name) =>
        await flux.Client.PatchAsync(Types.Kustomization, "flux-system", name, PatchKind.Merge, JsonNode.Parse("""{"spec":{"suspend":true} }""")!, Cluster.Stop);

    private static Task<JsonObject> StatusAsync(FluxCluster flux, ResourceType type, string name, string json) =>
        flux.Client.PatchAsync(type, "flux-system", name, PatchKind.Merge, JsonNode.Parse(json)!, Cluster.Stop, new WriteOptions { Subresource = "status" });

    private static Task<List<FluxTreeNode>> ReadAsync(FluxCluster flux, params string[] names) => ReadAsync(flux, null, names);

    private static Task<List<FluxTreeNode>> ReadAsync(FluxCluster flux, bool compact) => ReadAsync(flux, null, [], compact);

    private static async Task<List<FluxTreeNode>> ReadAsync(FluxCluster flux, List<HomelabException>? failures, params string[] names) => await ReadAsync(flux, failures, names, compact: false);

    private static async Task<List<FluxTreeNode>> ReadAsync(FluxCluster flux, List<HomelabException>? failures, string[] names, bool compact)
    {
        var nodes = new List<FluxTreeNode>();
        var query = new FluxTreeQuery { Objects = new ObjectQuery { Names = [.. names.Select(name => new ResourcePattern(name))] }, Compact = compact };
        await foreach (var item in FluxTree.ReadAsync(flux.Client, query, Cluster.Stop))
        {
            if (item.Notice is FailureNotice failure)
            {
                (failures ?? throw failure.Error).Add(failure.Error);
            }
            else
            {
                nodes.Add(item.Value!);
            }
        }

        return nodes;
    }
}
