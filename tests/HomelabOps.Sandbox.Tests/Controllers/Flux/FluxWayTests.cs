using HomelabOps.Core.Flux.Tracing;
using HomelabOps.Core.Flux.Tree;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>The way from Git to objects and back, on the embedded server and on a real one.</summary>
public abstract class FluxWayTests
{
    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: $space}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: 'docker.io/library/busybox:1.36', imagePullPolicy: IfNotPresent, command: [sleep, '3600']}]}

        """;

    private const string Release = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: OCIRepository
        metadata: {name: app, namespace: $space}
        spec: {interval: 1h, url: 'oci://ghcr.io/charts/app-template', ref: {tag: 3.7.3}}
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: app, namespace: $space}
        spec:
          interval: 1h
          chartRef: {kind: OCIRepository, name: app}
          values: {controllers: {main: {replicas: 0, containers: {main: {image: {repository: ghcr.io/app, tag: '1'}}}}}, service: {main: {ports: {http: {port: 80}}}}}

        """;

    private const string Child = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: child, namespace: $space}\nspec: {interval: 10m, prune: true, path: ./child, sourceRef: {kind: GitRepository, name: git}}\n";
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: $space}\ndata: {x: y}\n";

    private protected abstract Task<FluxPlace> StartAsync();

    [Fact]
    public async Task From_Git_to_objects_and_back()
    {
        await using var place = await StartAsync();
        var first = place.Commit("one", ("apps/web.yaml", Web), ("apps/release.yaml", Release), ("apps/child.yaml", Child), ("child/a.yaml", Map));
        await place.ApplyAsync($"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: git, namespace: $space}}\nspec: {{interval: 1h, url: '{place.Url}', ref: {{branch: main}}}}\n");
        await place.ApplyAsync(Child.Replace("child", "apps", StringComparison.Ordinal));
        await place.UntilAsync(Types.Kustomization, "child", item => (string?)item["status"]?["lastAppliedRevision"] == $"main@sha1:{first}");
        await place.UntilAsync(Types.HelmRelease, "app", item => item["status"]?["history"] is not null);

        var tree = await TreeAsync(place);
        Assert.Equal(
            ["0 Kustomization/apps", "1 Deployment/web", "1 HelmRelease/app", "2 Deployment/app", "2 Service/app", "1 Kustomization/child", "2 ConfigMap/a", "1 OCIRepository/app"],
            tree.Select(node => $"{node.Depth} {node.Kind}/{node.Name}"));
        Assert.Equal(ObjectHealth.Current, tree.Single(node => node.Name == "a").Health);
        Assert.Equal(ConditionStatus.True, tree.Single(node => node is { Kind: "HelmRelease" }).Ready);

        var trace = await TraceAsync(place, $"ConfigMap/{place.Space}/a");
        Assert.Equal(("child", "apps", true, "child/a.yaml", 1), (trace.Kustomization!.Name, Assert.Single(trace.Parents).Name, trace.InInventory, trace.File, trace.Line));
        trace = await TraceAsync(place, $"Service/{place.Space}/app");
        Assert.Equal(("app", "app-template@3.7.3", "OCIRepository", true, "apps/release.yaml", 6), (trace.HelmRelease!.Name, trace.Chart, trace.ChartSource!.Kind, trace.InInventory, trace.File, trace.Line));

        var second = place.Commit("two", ("apps/web.yaml", "# one more line\n---\n" + Map.Replace("name: a", "name: above", StringComparison.Ordinal) + "---\n" + Web));
        await place.ReconcileAsync("apps");
        trace = await TraceAsync(place, await PodAsync(place) is { } pod ? $"Pod/{place.Space}/{pod}" : $"Deployment/{place.Space}/web");
        Assert.Equal(("apps", "apps/web.yaml", 8, second, "Anna", "two"), (trace.Kustomization!.Name, trace.File, trace.Line, trace.Commit, trace.Author, trace.LastChange!.Subject));
        Assert.Equal("", trace.Message);
    }

    /// <summary>A pod of the Deployment, where something makes them.</summary>
    private protected abstract Task<string?> PodAsync(FluxPlace place);

    private static async Task<List<FluxTreeNode>> TreeAsync(FluxPlace place)
    {
        var nodes = new List<FluxTreeNode>();
        await foreach (var item in FluxTree.ReadAsync(place.Client, new FluxTreeQuery { Objects = new ObjectQuery { Namespaces = [place.Space] } }, Cluster.Stop))
        {
            nodes.Add(item.Notice is FailureNotice failure ? throw failure.Error : item.Value!);
        }

        return nodes;
    }

    private static async Task<FluxTrace> TraceAsync(FluxPlace place, string name)
    {
        var traces = new List<FluxTrace>();
        await foreach (var item in FluxTracer.ReadAsync(place.Client, new RawObjectQuery { Objects = new ObjectQuery { Names = [new ResourcePattern(name)] } }, place.Git.Url, Cluster.Stop))
        {
            traces.Add(item.Notice is FailureNotice failure ? throw failure.Error : item.Value!);
        }

        return Assert.Single(traces);
    }
}

/// <summary>On the embedded server, on which nothing makes pods here.</summary>
public sealed class EmbeddedFluxWayTests : FluxWayTests
{
    private protected override Task<FluxPlace> StartAsync() => FluxPlace.EmbeddedAsync();

    private protected override Task<string?> PodAsync(FluxPlace place) => Task.FromResult<string?>(null);
}

/// <summary>On the lab's server, with the pods of real kubelets.</summary>
public sealed class LabFluxWayTests : FluxWayTests
{
    private protected override Task<FluxPlace> StartAsync() => FluxPlace.LabAsync();

    private protected override async Task<string?> PodAsync(FluxPlace place)
    {
        string? name = null;
        await Cluster.UntilAsync(
            async () =>
            {
                await foreach (var pod in place.Client.ListAsync(ResourceType.Pod, new ListQuery { Namespace = place.Space, LabelSelector = "app=web" }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
                {
                    name = pod.Metadata.Name;
                }

                return name is not null;
            },
            "the Deployment has a pod");
        return name;
    }
}
