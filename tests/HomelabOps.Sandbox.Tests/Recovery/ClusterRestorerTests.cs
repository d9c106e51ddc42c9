using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Controllers.Flux;

namespace HomelabOps.Sandbox.Tests.Recovery;

/// <summary>A k3s that was set up anew becomes the homelab that Git says, by one command.</summary>
public sealed class ClusterRestorerTests
{
    private const string WebhookFile = "clusters/homelab/infrastructure/metallb/webhook.yaml";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_k3s_becomes_the_homelab_again()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        Assert.Equal("RecoveryCredentialRequired", await FailAsync(fresh, fresh.Options with { Login = null }));

        // Git has no Secret for MetalLB's webhook here, without which its controller would end.
        fresh.Commit(WebhookFile, string.Join("---\n", fresh.Read(WebhookFile).Split("---\n").Where(document => !document.Contains("kind: Secret\n", StringComparison.Ordinal))));
        var (result, notices) = await fresh.RestoreAsync(fresh.Options);
        Told(result, notices);
        Assert.True(result.Recovered, string.Join('\n', result.Pending));
        Assert.Equal(("clusters/homelab", 0), (result.Path, result.Pending.Count));
        Assert.EndsWith(fresh.Homelab.Repository.Tip(), result.Revision, StringComparison.Ordinal);
        Assert.All(result.Steps, step => Assert.Equal(OperationStepStatus.Completed, step.Status));
        Assert.Contains(notices.OfType<ProgressNotice>(), notice => notice.Status == "Kustomizations");

        // Every Kustomization and every application are there, and MetalLB has filled what it was given.
        Assert.All(fresh.Homelab.Host.Informer(Types.Kustomization).All, item => Assert.Contains(Cells.Items(item, "status.conditions"), condition => Cells.Text(condition, "type") == "Ready" && Cells.Text(condition, "status") == "True"));
        Assert.Contains(fresh.Homelab.Host.Informer(ResourceType.Pod).All, pod => Cells.Text(pod, "metadata.labels.app") == "sonarr");
        Assert.NotNull(await fresh.Client.FindObjectAsync(Types.Secret, "metallb-system", "metallb-webhook-cert", Stop));

        // Once more: nothing has to be made.
        var (again, others) = await fresh.RestoreAsync(fresh.Options with { Login = null });
        Told(again, others);
        Assert.True(again.Recovered);
        Assert.Contains(again.Steps, step => step.Name == "Secret" && step.Message == Errors.Text("Detail_RestoreKept"));

        await RefuseAsync(fresh);
    }

    [Fact]
    public async Task The_kustomization_beside_Flux_is_built_as_bootstrap_does()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        const string Folder = "clusters/homelab/flux-system/";
        fresh.Commit(Folder + "kustomization.yaml", """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
              - gotk-components.yaml
              - gotk-sync.yaml
              - token.yaml
            patches:
              - target: {kind: Deployment, labelSelector: app.kubernetes.io/part-of=flux}
                patch: |
                  - op: add
                    path: /spec/template/spec/containers/0/env/-
                    value: {name: HTTPS_PROXY, value: "http://proxy.example.org:3128"}
              - target: {kind: GitRepository}
                patch: |
                  - op: replace
                    path: /spec/interval
                    value: 7m
            """);
        fresh.Commit(Folder + "token.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: flux-system}\nstringData: {token: 'ENC[AES256_GCM,data:AA==]'}\nsops: {mac: AA==}\n");
        var install = await FluxInstall.ReadAsync(fresh.Options.Repository, null, Stop);
        var deployments = install.Components.Where(item => Cells.Text(item, "kind") == "Deployment").ToList();
        Assert.Equal(4, deployments.Count);
        Assert.All(deployments, item => Assert.Contains("http://proxy.example.org:3128", item.ToJsonString(), StringComparison.Ordinal));
        Assert.Equal(("7m", "7m", 2), (Cells.Text(install.Source, "spec.interval"), Cells.Text(install.Sync[0], "spec.interval"), install.Sync.Count));
        Assert.DoesNotContain(install.Components, item => Cells.Text(item, "kind") == "Secret");

        // Without one the files are taken as they are.
        fresh.Commit(Folder + "kustomization.yaml", null);
        Assert.Equal("1m0s", Cells.Text((await FluxInstall.ReadAsync(fresh.Options.Repository, null, Stop)).Source, "spec.interval"));

        // What cannot be built is told with its file, before anything changes.
        fresh.Commit(Folder + "kustomization.yaml", "resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n  - path: proxy.yaml\n");
        var error = await Assert.ThrowsAsync<HomelabException>(() => RestorePlan.MakeAsync(fresh.Options, Stop));
        Assert.Contains("clusters/homelab/flux-system/kustomization.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains("proxy.yaml", error.Message, StringComparison.Ordinal);
        fresh.Commit(Folder + "kustomization.yaml", "resources: [gotk-components.yaml]\n");
        Assert.Equal("RecoveryFluxMissing", await FailAsync(fresh, fresh.Options));
    }

    [Fact]
    public async Task Another_branch_than_the_one_that_Flux_follows_is_not_read()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        var sync = fresh.Read(FreshHomelab.SyncFile);
        fresh.Commit(FreshHomelab.SyncFile, sync.Replace("branch: main", "branch: live", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<HomelabException>(() => RestorePlan.MakeAsync(fresh.Options, Stop));
        Assert.Equal("RecoveryBranchDiffers", error.Id);
        Assert.Contains("'main'", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Branch live", error.Message, StringComparison.Ordinal);

        // A tag is no branch: it may be the same, and is told.
        fresh.Commit(FreshHomelab.SyncFile, sync.Replace("branch: main", "tag: v1", StringComparison.Ordinal));
        Assert.Contains(Errors.Text("RestoreOtherReference", "main", "tag v1"), (await RestorePlan.MakeAsync(fresh.Options, Stop)).Warnings);
        fresh.Commit(FreshHomelab.SyncFile, sync.Replace("branch: main", "name: refs/heads/main", StringComparison.Ordinal));
        var plan = await RestorePlan.MakeAsync(fresh.Options, Stop);
        Assert.Empty(plan.Warnings);

        // Every k3s calls itself default, so the question says which server it is.
        Assert.Equal($"{fresh.Client.Endpoint.Server.Host}:{fresh.Client.Endpoint.Server.Port}", plan.Server);
    }

    // What is there must not be led elsewhere without being asked for.
    private static async Task RefuseAsync(FreshHomelab fresh)
    {
        Assert.Equal("RecoverySecretDiffers", await FailAsync(fresh, fresh.Options with { Login = new(new("git", "another token"), null) }));
        var source = new JsonObject { ["spec"] = new JsonObject { ["url"] = "https://git.example.org/other.git" } };
        await fresh.Client.PatchAsync(Types.GitRepository, "flux-system", "flux-system", PatchKind.Merge, source, Stop, new WriteOptions { FieldManager = "flux" });
        Assert.Equal("RecoveryForeignFlux", await FailAsync(fresh, fresh.Options));
        source["spec"]!["url"] = fresh.Homelab.Repository.Url.AbsoluteUri;
        await fresh.Client.PatchAsync(Types.GitRepository, "flux-system", "flux-system", PatchKind.Merge, source, Stop, new WriteOptions { FieldManager = "flux" });
        await RestorePlan.MakeAsync(fresh.Options, Stop);

        // One of other names is found as well: its source, and what is the first of it.
        foreach (var (kind, type, manifest) in Foreign)
        {
            await FluxCluster.ApplyAsync(fresh.Client, manifest);
            Assert.Equal((kind, "RecoveryForeignFlux"), (kind, await FailAsync(fresh, fresh.Options)));
            await RestorePlan.MakeAsync(fresh.Options with { Force = true }, Stop);
            await fresh.Client.DeleteAsync(type, "flux-system", "other", new DeleteRequest(), Stop);
            await Controllers.Cluster.UntilAsync(async () => await fresh.Client.FindObjectAsync(type, "flux-system", "other", Stop) is null, $"{kind} is gone");
        }

        // Another version of Flux is told, and one that lost a stored version is refused.
        var label = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app.kubernetes.io/version"] = "v9.9.9" } } };
        await fresh.Client.PatchAsync(ResourceType.CustomResourceDefinition, null, "gitrepositories.source.toolkit.fluxcd.io", PatchKind.Merge, label, Stop);
        var plan = await RestorePlan.MakeAsync(fresh.Options, Stop);
        Assert.Contains(Errors.Text("RestoreOtherVersion", fresh.Client.Name, "v9.9.9", plan.Install.Version), plan.Warnings);
        var definition = new JsonObject { ["status"] = new JsonObject { ["storedVersions"] = new JsonArray("v1", "v9") } };
        await fresh.Client.PatchAsync(ResourceType.CustomResourceDefinition, null, "gitrepositories.source.toolkit.fluxcd.io", PatchKind.Merge, definition, Stop, new WriteOptions { Subresource = "status" });
        Assert.Equal("RecoveryDefinitionUnfit", await FailAsync(fresh, fresh.Options with { Force = true }));
    }

    [Fact]
    public async Task Who_may_not_do_everything_cannot_give_Flux_its_rights()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        var request = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject() };
        var account = new ResourceType("", "v1", "serviceaccounts", "ServiceAccount", true);
        var answer = await fresh.Client.CreatePartAsync(account, "default", "default", request, new WriteOptions { Subresource = "token" }, Stop);
        var file = Path.GetTempFileName();
        try
        {
            var server = ClusterEndpoint.Resolve(KubeConfig.Load([fresh.Homelab.KubeConfigPath]), null).Server;
            await File.WriteAllTextAsync(file, $$"""
                apiVersion: v1
                kind: Config
                current-context: other
                clusters:
                  - name: other
                    cluster:
                      server: {{server}}
                users:
                  - name: other
                    user:
                      token: {{(string)answer["status"]!["token"]!}}
                contexts:
                  - name: other
                    context:
                      cluster: other
                      user: other
                """, Stop);
            using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([file]), null));
            Assert.Equal("RecoveryRightsMissing", await FailAsync(fresh, fresh.Options with { Client = client }));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_stands_against_it_is_said_before_anything_changes()
    {
        await using var fresh = await FreshHomelab.StartAsync();
        Assert.Equal("RecoveryPathUnknown", await FailAsync(fresh, fresh.Options with { Path = "clusters/other" }));
        Assert.Equal("RecoveryLoginUnfit", await FailAsync(fresh, fresh.Options with { Login = new(null, null) }));
        fresh.Commit("clusters/second/flux-system/gotk-components.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n");
        Assert.Equal("RecoveryPathAmbiguous", await FailAsync(fresh, fresh.Options));
        Assert.Equal("RecoveryFluxMissing", await FailAsync(fresh, fresh.Options with { Path = "clusters/second" }));

        // Without any Flux there is nothing that could follow it.
        var components = fresh.Read("clusters/homelab/flux-system/gotk-components.yaml");
        fresh.Commit("clusters/second/flux-system/gotk-components.yaml", null);
        fresh.Commit("clusters/homelab/flux-system/gotk-components.yaml", null);
        Assert.Equal("RecoveryFluxMissing", await FailAsync(fresh, fresh.Options));
        fresh.Commit("clusters/homelab/flux-system/gotk-components.yaml", components);

        // Nothing reads what nobody serves, and the time is over some day.
        var (result, notices) = await fresh.RestoreAsync(fresh.Options with { Path = "./clusters/homelab/", Timeout = TimeSpan.FromMilliseconds(1) });
        Assert.Equal((false, "RecoveryUnfinished"), (result.Recovered, notices.OfType<FailureNotice>().Single().Error.Id));
    }

    [Theory]
    [InlineData("ssh://git@git.example.org/me/homelab.git", "https://git.example.org/me/homelab", true)]
    [InlineData("https://git.example.org/me/homelab.git", "https://git.example.org/me/other.git", false)]
    [InlineData("file:///srv/homelab.git", "file:///srv/homelab.git", true)]
    public void Addresses_are_compared_by_what_they_mean(string one, string other, bool same) => Assert.Equal(same, SourceAddress.IsSame(one, other));

    private static IEnumerable<(string Kind, ResourceType Type, string Manifest)> Foreign =>
    [
        ("GitRepository", Types.GitRepository, "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: other, namespace: flux-system}\nspec: {interval: 1h, url: 'https://git.example.org/other.git'}\n"),
        ("OCIRepository", new("source.toolkit.fluxcd.io", "v1", "ocirepositories", "OCIRepository", true), "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: other, namespace: flux-system}\nspec: {interval: 1h, url: 'oci://registry.example.org/other'}\n"),
        ("Kustomization", Types.Kustomization, "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: other, namespace: flux-system}\nspec: {interval: 1h, prune: true, suspend: true, path: ./clusters/second, sourceRef: {kind: GitRepository, name: flux-system}}\n"),
    ];

    private static void Told(RecoveryResult result, IReadOnlyList<Notice> notices) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', result.Steps.Select(step => $"{step.Name} {step.Status} {step.Duration} {step.Message}").Concat(notices.OfType<WarningNotice>().Select(notice => notice.Text))));

    private static async Task<string> FailAsync(FreshHomelab fresh, RestoreOptions options)
    {
        try
        {
            return (await fresh.RestoreAsync(options)).Notices.OfType<FailureNotice>().Single().Error.Id;
        }
        catch (HomelabException error)
        {
            return error.Id;
        }
    }
}
