using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Recovery;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Tests.Controllers.Flux;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Recovery;

/// <summary>What Git would not bring back of the embedded homelab.</summary>
public sealed class RecoveryTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ClusterClient Client => homelab.Homelab.Client;

    [Fact]
    public async Task Each_gate_tells_what_is_missing()
    {
        await homelab.UntilWellAsync();
        var before = await TestAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', before.Gates));
        Assert.False(before.Ready);
        Assert.True(Gate(before, "Repository").Passed, Gate(before, "Repository").Message);
        Assert.True(Gate(before, "Access").Passed, Gate(before, "Access").Message);
        Assert.Equal(["k3s-w1: role=primary", "k3s-w2: role=backup"], Gate(before, "Nodes").Items);
        Assert.Contains("media/sonarr-primary", Gate(before, "SyncthingDevices").Items);
        Assert.Contains("media/pvc-sonarr", Gate(before, "Backups").Items);
        Assert.DoesNotContain(Gate(before, "Data").Items, item => item.StartsWith("media/pvc-sonarr", StringComparison.Ordinal));
        Assert.True(Gate(before, "SecretKeys").Passed);

        await ApplyAsync("v1", "Secret", "media", "typed-by-hand", new() { ["stringData"] = new JsonObject { ["key"] = "not to be told" } });
        await ApplyAsync("v1", "ConfigMap", "media", "typed-by-hand", new() { ["data"] = new JsonObject { ["key"] = "value" } });
        await ApplyAsync("v1", "PersistentVolumeClaim", "media", "typed-by-hand", new()
        {
            ["spec"] = new JsonObject { ["accessModes"] = new JsonArray("ReadWriteOnce"), ["storageClassName"] = "", ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Gi" } } },
        });
        var after = await TestAsync();
        Assert.Equal(["media/typed-by-hand"], Gate(after, "Secrets").Items.Except(Gate(before, "Secrets").Items));
        Assert.Equal(["ConfigMap/media/typed-by-hand", "PersistentVolumeClaim/media/typed-by-hand"], Gate(after, "Objects").Items.Except(Gate(before, "Objects").Items));
        Assert.Contains("media/typed-by-hand", Gate(after, "Data").Items);
        Assert.DoesNotContain("not to be told", string.Join('\n', after.Gates.Select(gate => $"{gate} {gate.Remedy}")), StringComparison.Ordinal);
        foreach (var type in (ResourceType[])[Types.Secret, new("", "v1", "configmaps", "ConfigMap", true), Types.PersistentVolumeClaim])
        {
            await Client.DeleteAsync(type, "media", "typed-by-hand", new DeleteRequest(), Stop);
        }
    }

    [Fact]
    public async Task Everything_of_a_homelab_from_Git_comes_back_and_custom_kinds_of_all_groups_are_looked_at()
    {
        await homelab.UntilWellAsync();
        var before = await TestAsync();
        Assert.DoesNotContain(Gate(before, "Objects").Items, item => item.Contains("/kube-system/", StringComparison.Ordinal));
        Assert.DoesNotContain(Gate(before, "Objects").Items, item => item.StartsWith("Release/", StringComparison.Ordinal));

        // Groups of Kubernetes' own projects that are not built in, and a kind that another group has as well.
        (string Group, string Kind)[] kinds = [("gateway.networking.k8s.io", "HTTPRoute"), ("snapshot.storage.k8s.io", "VolumeSnapshot"), ("helm.cattle.io", "HelmChartConfig"), ("vault.example.org", "ConfigMap")];
        try
        {
            foreach (var (group, kind) in kinds)
            {
                await FluxCluster.ApplyAsync(Client, Definition(group, kind));
            }

            await Controllers.Cluster.UntilAsync(async () => await Client.Discovery.ForgetAsync(Stop) && (await Client.Discovery.AllAsync(Stop)).Count(type => kinds.Contains((type.Group, type.Kind))) == kinds.Length, "all kinds are served");
            foreach (var (group, kind) in kinds)
            {
                await FluxCluster.ApplyAsync(Client, $"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: by-hand, namespace: media}}\n");
            }

            var found = Gate(await TestAsync(), "Objects").Items.Except(Gate(before, "Objects").Items).Where(item => !item.Contains("typed-by-hand", StringComparison.Ordinal));
            Assert.Equal(kinds.Select(kind => $"{kind.Kind}/media/by-hand").Concat(kinds.Select(kind => $"CustomResourceDefinition/{Plural(kind.Kind)}.{kind.Group}")).Order(StringComparer.Ordinal), found);
        }
        finally
        {
            foreach (var (group, kind) in kinds)
            {
                await Client.DeleteAsync(ResourceType.CustomResourceDefinition, null, $"{Plural(kind)}.{group}", new DeleteRequest(), CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task What_may_not_be_read_is_said_and_nothing_is_concluded_from_it()
    {
        await homelab.UntilWellAsync();
        using var client = new ClusterClient(Core.Kubernetes.Configuration.ClusterEndpoint.Resolve(Core.Kubernetes.Configuration.KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
        using var denied = homelab.Homelab.WireFaults.Add(new WireFault(WireFaultKind.Forbidden) { Verb = "list", Resource = "secrets" });
        var found = await TestAsync(client);
        Assert.Equal(["secrets"], Gate(found, "Access").Items);
        Assert.Equal((false, 0), (Gate(found, "Secrets").Passed, Gate(found, "Secrets").Items.Count));
        Assert.Contains("may not be listed", Gate(found, "Secrets").Message, StringComparison.Ordinal);
        Assert.NotEmpty(Gate(found, "Nodes").Items);
    }

    [Fact]
    public async Task Without_a_repository_the_rest_is_told_all_the_same()
    {
        await homelab.UntilWellAsync();
        RecoveryReadiness? found = null;
        await foreach (var item in RecoveryTester.RunAsync(Client, new(), null, Stop))
        {
            found = item.Value ?? found;
        }

        Assert.False(Gate(found!, "Repository").Passed);
        Assert.NotEmpty(Gate(found!, "Nodes").Items);
    }

    private static string Plural(string kind) => $"{kind.ToLowerInvariant()}s";

    private static string Definition(string group, string kind) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: {{Plural(kind)}}.{{group}}
          annotations:
            api-approved.kubernetes.io: unapproved, for a test
        spec:
          group: {{group}}
          scope: Namespaced
          names: {kind: {{kind}}, listKind: {{kind}}List, plural: {{Plural(kind)}}, singular: {{kind.ToLowerInvariant()}}}
          versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}

        """;

    private static RecoveryGate Gate(RecoveryReadiness readiness, string name) => readiness.Gates.Single(gate => gate.Name == name);

    private async Task ApplyAsync(string version, string kind, string space, string name, JsonObject body)
    {
        var type = (await Client.Discovery.ResourcesAsync([""], Stop)).First(served => served.Kind == kind).Type;
        (body["apiVersion"], body["kind"], body["metadata"]) = (version, kind, new JsonObject { ["name"] = name, ["namespace"] = space });
        await Client.CreateAsync(type, space, body, Stop);
    }

    private async Task<RecoveryReadiness> TestAsync(ClusterClient? client = null)
    {
        RecoveryReadiness? found = null;
        await foreach (var item in RecoveryTester.RunAsync(client ?? Client, new(), RepositoryLocation.OfFolder(homelab.Homelab.RepositoryPath), Stop))
        {
            found = item.Value ?? found;
        }

        return found!;
    }
}
