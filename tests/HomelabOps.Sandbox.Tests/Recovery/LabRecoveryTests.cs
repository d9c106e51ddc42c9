using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Tests.Controllers.Flux;

namespace HomelabOps.Sandbox.Tests.Recovery;

/// <summary>
/// A real cluster loses all that it knows, and comes back from Git by one command. It has to be run alone, on a lab of its own: nothing is left of
/// what others had there. <c>.ci/run</c> does so in the end; 'lab up' makes it a usual lab again.
/// </summary>
public sealed class LabRecoveryTests
{
    // What somebody has made with kubectl and helm, and what kinds of it there are.
    private const string ByHand = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: httproutes.gateway.networking.k8s.io, annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes-sigs/gateway-api/pull/1"}}
        spec:
          group: gateway.networking.k8s.io
          scope: Namespaced
          names: {kind: HTTPRoute, listKind: HTTPRouteList, plural: httproutes, singular: httproute}
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: typed-by-hand, namespace: media}
        stringData: {key: value}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: coredns-custom, namespace: kube-system}
        data: {home.server: "home.arpa:53 { forward . 10.0.0.1 }"}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: grafana
          namespace: media
          labels: {app.kubernetes.io/managed-by: Helm}
          annotations: {meta.helm.sh/release-name: grafana, meta.helm.sh/release-namespace: media}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: sh.helm.release.v1.grafana.v1, namespace: media, labels: {owner: helm, name: grafana, status: deployed}}
        type: helm.sh/release.v1

        """;

    private const string Route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: by-hand, namespace: media}\nspec: {}\n";

    [Fact(Explicit = true)]
    public async Task A_cluster_that_has_lost_everything_comes_back_by_one_command_and_what_does_not_was_foretold()
    {
        using var lab = new LostLab();
        NodeShell.Wipe();
        Told("Installed", await lab.RestoreAsync());
        await TouchAsync();

        // What would be missing, as the check tells it: what is asked for by the command that brings all else back is part of it.
        var gates = "(Test-HomelabRecovery).Gates";
        Assert.Equal(["Secrets", "Objects", "Data", "Nodes"], await lab.Owner.RunAsync($"{gates} | Where-Object {{ -not $_.Passed }} | ForEach-Object {{ $_.Name }}"));
        var objects = await ItemsAsync("Objects");
        var secrets = await ItemsAsync("Secrets");
        Assert.Equal(["ConfigMap/kube-system/coredns-custom", "CustomResourceDefinition/httproutes.gateway.networking.k8s.io", "HTTPRoute/media/by-hand", "Release/media/grafana"], objects);
        Assert.Equal(["flux-system/flux-system", "media/typed-by-hand"], secrets);
        Assert.Equal(["k3s-w1: role=primary"], await ItemsAsync("Nodes"));
        var before = await LostLab.ObjectsAsync();
        Assert.Equal("what was watched on k3s-w1", await WhereAsync());

        NodeShell.Wipe();
        Assert.DoesNotContain(await LostLab.ObjectsAsync(), item => item.Contains("/media", StringComparison.Ordinal) || item.Contains("flux", StringComparison.Ordinal));
        Told("Recovered", await lab.RestoreAsync());

        // Every Kustomization is ready, the application serves the data that its node has kept, and exactly what was foretold is missing.
        Assert.Equal(["apps True", "flux-system True", "storage True"], await LostLab.KustomizationsAsync());
        Assert.Equal("what was watched on k3s-w1", await WhereAsync());
        string[] foretold =
        [
            .. objects.Where(item => !item.StartsWith("Release/", StringComparison.Ordinal)), "ConfigMap/media/grafana", "Secret/media/sh.helm.release.v1.grafana.v1",
            .. secrets.Where(item => item != "flux-system/flux-system").Select(item => $"Secret/{item}"),
        ];
        var missing = before.Except(await LostLab.ObjectsAsync()).ToList();
        Assert.Equal(foretold.Order(StringComparer.Ordinal), missing);
        Assert.Equal(["False"], await lab.Owner.RunAsync("(Get-HomelabNode k3s-w1).Labels.ContainsKey('role')"));

        Task<string[]> ItemsAsync(string gate) => lab.Owner.RunAsync($"{gates} | Where-Object Name -EQ {gate} | ForEach-Object {{ $_.Items }}");

        async Task<string> WhereAsync() => string.Join(' ', await lab.Owner.RunAsync(
            "$pod = Get-HomelabPod -App sonarr -Namespace media | Where-Object { $_.Ready }; \"$((Invoke-HomelabPod media/sonarr-* -Command 'cat /config/where').Output) on $($pod.Node)\""));
    }

    private static void Told(string what, string[] told)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}:\n{string.Join('\n', told)}");
        Assert.Equal("True clusters/lab", told[0]);
    }

    // What an owner does beside Git in the course of the years.
    private static async Task TouchAsync()
    {
        using var client = LostLab.Connect();
        await FluxCluster.ApplyAsync(client, ByHand);
        await Controllers.Cluster.UntilAsync(async () => await client.Discovery.ForgetAsync(Controllers.Cluster.Stop) && (await client.Discovery.AllAsync(Controllers.Cluster.Stop)).Any(type => type.Kind == "HTTPRoute"), "the route's kind is served");
        await FluxCluster.ApplyAsync(client, Route);
        await client.PatchAsync(ResourceType.Node, null, "k3s-w1", PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["role"] = "primary" } } }, Controllers.Cluster.Stop);
    }
}
