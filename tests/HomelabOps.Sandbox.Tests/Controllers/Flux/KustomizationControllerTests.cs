using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

public sealed class KustomizationControllerTests
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {x: y}\n";

    [Fact]
    public async Task What_Git_says_is_applied_and_what_is_gone_from_it_is_deleted()
    {
        await using var flux = await FluxCluster.StartAsync();
        var first = flux.Git.Commit("one", ("apps/a.yaml", Map), ("apps/b.yaml", Map.Replace("name: a", "name: b", StringComparison.Ordinal)));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        var ready = await flux.ReadyAsync("apps");
        Assert.Equal($"main@sha1:{first}", Cells.Text(ready, "status.lastAppliedRevision"));
        Assert.Equal(["default_a__ConfigMap", "default_b__ConfigMap"], Cells.Items(ready, "status.inventory.entries").Select(entry => Cells.Text(entry, "id")));
        Assert.Equal("apps", (string?)(await FindAsync(flux, "a"))!["metadata"]!["labels"]!["kustomize.toolkit.fluxcd.io/name"]);

        flux.Git.Commit("two", ("apps/b.yaml", null), ("apps/a.yaml", Map.Replace("x: y", "x: z", StringComparison.Ordinal)));
        await flux.FetchAsync();
        await Cluster.UntilAsync(async () => await FindAsync(flux, "b") is null, "b is deleted");
        Assert.Equal("z", Cells.Text(await FindAsync(flux, "a"), "data.x"));
        ready = await flux.ReadyAsync("apps");
        Assert.Equal(2, Cells.Count(ready, "status.history"));
        Assert.Empty(flux.Cluster.Host.Faults);
    }

    [Fact]
    public async Task What_is_encrypted_is_refused_or_has_other_values_where_Flux_could_decrypt_it()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {password: 'ENC[AES256_GCM,data:abc,type:str]'}\nsops: {mac: x}\n"));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        Assert.Contains("is SOPS encrypted", FluxCluster.Ready(await flux.ReadyAsync("apps", "False", "ReconciliationFailed"))!.Value.Message, StringComparison.Ordinal);

        await flux.AddKustomizationAsync("apps", ", decryption: {provider: sops}");
        await flux.ReadyAsync("apps");
        var secret = await flux.Client.FindObjectAsync(Types.Secret, "default", "s", Cluster.Stop);
        Assert.Equal(SecretStandIn.Encoded("default", "s", "password"), Cells.Text(secret, "data.password"));
        Assert.Null(secret!["sops"]);
    }

    [Fact]
    public async Task Whoever_depends_on_another_waits_for_it_and_goes_on_at_once()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("storage/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s, namespace: nowhere}\n"), ("apps/a.yaml", Map), ("other/o.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: o, namespace: default}\n"));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", ", dependsOn: [{name: storage}]");
        var blocked = await flux.ReadyAsync("apps", "False", "DependencyNotReady");
        Assert.Equal("dependency 'flux-system/storage' not found", FluxCluster.Ready(blocked)!.Value.Message);

        await flux.AddKustomizationAsync("storage", "");
        var failed = await flux.ReadyAsync("storage", "False", "ReconciliationFailed");
        Assert.Contains("ConfigMap/nowhere/s dry-run failed", FluxCluster.Ready(failed)!.Value.Message, StringComparison.Ordinal);

        await flux.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: nowhere}\n");
        await flux.RequestAsync(Types.Kustomization, "storage");
        await flux.ReadyAsync("apps");

        // What it had planned while it waited is not due any more.
        await flux.AddKustomizationAsync("other", "");
        await flux.ReadyAsync("other");
        await Cluster.UntilAsync(() => Task.FromResult(flux.Host.IsIdle), "all is done");
        using var counter = new RequestCounter(flux.Cluster.Server.Url);
        flux.Clock.Advance(TimeSpan.FromSeconds(31));
        await flux.RequestAsync(Types.Kustomization, "other");
        await Cluster.UntilAsync(() => Task.FromResult(counter.Paths.Any(path => path.Contains("/configmaps/o", StringComparison.Ordinal))), "the other is looked at");
        await Cluster.UntilAsync(() => Task.FromResult(flux.Host.IsIdle), "all is done once more");
        Assert.DoesNotContain(counter.Paths, path => path.Contains("/configmaps/a", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(", path: ./none", "ArtifactFailed")]
    [InlineData(", path: ./broken", "BuildFailed")]
    [InlineData(", path: ./unknown", "ReconciliationFailed")]
    [InlineData(", path: ./apps, wait: true, timeout: 1s", "HealthCheckFailed")]
    [InlineData(", path: ./apps, sourceRef: {kind: GitRepository, name: other}", "ArtifactFailed")]
    public async Task Each_failure_has_its_reason_and_answers_the_request(string spec, string reason)
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Cluster.Clock.Rate = 20;
        flux.Git.Commit(
            "one",
            ("broken/kustomization.yaml", "resources: [missing.yaml]\n"),
            ("unknown/a.yaml", "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a, namespace: default}\n"),
            ("apps/claim.yaml", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c, namespace: default}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n"));
        await flux.AddSourceAsync();
        await flux.ApplyAsync($"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: flux-system}}\nspec: {{interval: 10m, prune: true{(spec.Contains("sourceRef", StringComparison.Ordinal) ? "" : ", sourceRef: {kind: GitRepository, name: flux-system}")}{spec}}}\n");
        var failed = await flux.ReadyAsync("apps", "False", reason);
        Assert.Equal(-1, Cells.Number(failed, "status.observedGeneration"));
        Assert.Contains(Cells.Items(failed, "status.conditions"), condition => Cells.Text(condition, "type") == "Reconciling" && Cells.Text(condition, "reason") == "ProgressingWithRetry");

        var token = await flux.RequestAsync(Types.Kustomization, "apps");
        await Cluster.UntilAsync(async () => Cells.Text(await flux.Client.FindObjectAsync(Types.Kustomization, "flux-system", "apps", Cluster.Stop), "status.lastHandledReconcileAt") == token, "the request is answered");
        await flux.ReadyAsync("apps", "False", reason);
    }

    [Fact]
    public async Task Nothing_is_applied_when_one_object_is_refused()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/a.yaml", Map), ("apps/b.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: default}\nspec: {ports: []}\n"));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        Assert.Contains("Service/default/b dry-run failed (Invalid)", FluxCluster.Ready(await flux.ReadyAsync("apps", "False", "ReconciliationFailed"))!.Value.Message, StringComparison.Ordinal);
        Assert.Null(await FindAsync(flux, "a"));
    }

    [Fact]
    public async Task A_field_that_the_kind_does_not_have_is_refused_by_the_server()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/a.yaml", Map), ("apps/d.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d, namespace: default}
            spec:
              replicaz: 2
              selector: {matchLabels: {app: d}}
              template: {metadata: {labels: {app: d}}, spec: {containers: [{name: d, image: "d:1"}]}}
            """));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        Assert.Equal(
            "Deployment/default/d dry-run failed: failed to create typed patch object (default/d; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema",
            FluxCluster.Ready(await flux.ReadyAsync("apps", "False", "ReconciliationFailed"))!.Value.Message.TrimEnd());
        Assert.Null(await FindAsync(flux, "a"));
    }

    [Fact]
    public async Task What_does_not_fit_its_schema_is_not_sent_again()
    {
        await using var flux = await FluxCluster.StartAsync();
        using var counting = new RequestCounter(flux.Client.Endpoint.Server);
        var item = JsonNode.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"unfit"},"what":1}""")!;
        var error = await Assert.ThrowsAsync<HomelabException>(() => flux.Client.PatchAsync(ResourceType.Namespace, null, "unfit", PatchKind.Apply, item, Cluster.Stop, new WriteOptions { FieldManager = "tests" }));
        Assert.Equal(
            ("RequestInvalid", ErrorKind.InvalidData, "failed to create typed patch object (/unfit; /v1, Kind=Namespace): .what: field not declared in schema"),
            (error.Id, error.Kind, error.ServerText));
        Assert.Single(counting.Paths, path => path.Contains("namespaces/unfit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_suspended_object_keeps_its_status_and_a_resumed_one_catches_up()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/a.yaml", Map));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        await SuspendAsync(flux, true);

        // A reconciliation that began before ends, and writes its result down.
        await Cluster.UntilAsync(() => Task.FromResult((bool?)flux.Host.Informer(Types.Kustomization).Find("flux-system", "apps")?["spec"]?["suspend"] == true && flux.Host.IsIdle), "it rests");
        var before = (await flux.Client.FindObjectAsync(Types.Kustomization, "flux-system", "apps", Cluster.Stop))!;
        var second = flux.Git.Commit("two", ("apps/a.yaml", Map.Replace("x: y", "x: z", StringComparison.Ordinal)));
        await flux.FetchAsync();
        await flux.RequestAsync(Types.Kustomization, "apps");
        await Task.Delay(200, Cluster.Stop);
        Assert.True(JsonNode.DeepEquals(before["status"], (await flux.Client.FindObjectAsync(Types.Kustomization, "flux-system", "apps", Cluster.Stop))!["status"]));

        await SuspendAsync(flux, false);
        await Cluster.UntilAsync(async () => Cells.Text(await flux.ReadyAsync("apps"), "status.lastAppliedRevision") == $"main@sha1:{second}", "it has the newest revision");
    }

    [Fact]
    public async Task What_people_change_by_kubectl_is_undone_and_what_others_own_is_left()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/a.yaml", Map));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        foreach (var (manager, key) in new[] { ("kubectl", "mine"), ("kubectl-rollout", "restarted"), ("kubectl-label", "labelled"), ("somebody", "theirs"), ("flux-client-side-apply", "kept") })
        {
            await flux.Client.PatchAsync(Types.ConfigMap, "default", "a", PatchKind.Merge, new JsonObject { ["data"] = new JsonObject { [key] = "1" } }, Cluster.Stop, new WriteOptions { FieldManager = manager });
        }

        await flux.RequestAsync(Types.Kustomization, "apps");
        await Cluster.UntilAsync(async () => (await FindAsync(flux, "a"))!["data"]!["mine"] is null, "it is undone");
        Assert.Equal(["kept", "theirs", "x"], (await FindAsync(flux, "a"))!["data"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_applies_and_where_has_to_exist()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/a.yaml", Map), ("far/a.yaml", Map));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", ", serviceAccountName: nobody");
        await flux.AddKustomizationAsync("far", ", kubeConfig: {secretRef: {name: remote}}");
        var refused = FluxCluster.Ready(await flux.ReadyAsync("apps", "False", "ReconciliationFailed"))!.Value.Message;
        Assert.Equal("ConfigMap/default/a dry-run failed (Forbidden): configmaps \"a\" is forbidden: User \"system:serviceaccount:flux-system:nobody\" cannot patch resource \"configmaps\" in API group \"\" in the namespace \"default\"", refused);
        var unread = FluxCluster.Ready(await flux.ReadyAsync("far", "False", "ReconciliationFailed"))!.Value.Message;
        Assert.Equal("unable to read KubeConfig secret 'flux-system/remote' error: secrets \"remote\" not found", unread);
        Assert.Null(await FindAsync(flux, "a"));

        await flux.ApplyAsync("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: nobody, namespace: flux-system}\n");
        await flux.RequestAsync(Types.Kustomization, "apps");
        await flux.ReadyAsync("apps");
    }

    [Fact]
    public async Task A_deleted_Kustomization_takes_its_objects_along()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/a.yaml", Map), ("apps/k.yaml", Map.Replace("name: a,", "name: k, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled},", StringComparison.Ordinal)));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        await flux.Client.DeleteAsync(Types.Kustomization, "flux-system", "apps", new DeleteRequest(), Cluster.Stop);
        await Cluster.UntilAsync(async () => await FindAsync(flux, "a") is null && await flux.Client.FindObjectAsync(Types.Kustomization, "flux-system", "apps", Cluster.Stop) is null, "both are gone");
        Assert.NotNull(await FindAsync(flux, "k"));
    }

    [Fact]
    public async Task A_remote_that_refuses_is_told_and_the_former_artifact_stays()
    {
        await using var flux = await FluxCluster.StartAsync();
        var commit = flux.Git.Commit("one", ("apps/a.yaml", Map));
        await flux.AddSourceAsync();
        await flux.ReadyAsync(Types.GitRepository, "flux-system", "True", "Succeeded");
        flux.World.SetSourceFailure("flux-system/flux-system", "authentication required: invalid credentials");
        var failed = await flux.ReadyAsync(Types.GitRepository, "flux-system", "False", "GitOperationFailed");
        Assert.Contains("authentication required", FluxCluster.Ready(failed)!.Value.Message, StringComparison.Ordinal);
        Assert.Equal($"main@sha1:{commit}", Cells.Text(failed, "status.artifact.revision"));

        flux.World.SetSourceFailure("flux-system/flux-system", null);
        await flux.ReadyAsync(Types.GitRepository, "flux-system", "True", "Succeeded");
    }

    [Theory]
    [InlineData(", secretRef: {name: none}", "AuthenticationFailed")]
    [InlineData(", ref: {branch: none}", "GitOperationFailed")]
    [InlineData(", url: 'https://exa mple.org/x'", "URLInvalid")]
    public async Task A_source_that_is_wrong_says_so(string spec, string reason)
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/a.yaml", Map));
        var text = spec.Contains("url", StringComparison.Ordinal) ? "" : $"url: '{flux.Git.Url}'";
        await flux.ApplyAsync($"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: flux-system, namespace: flux-system}}\nspec: {{interval: 1m{(text.Length == 0 ? "" : ", " + text)}{(spec.Contains("ref: {branch", StringComparison.Ordinal) ? "" : ", ref: {branch: main}")}{spec}}}\n");
        await flux.ReadyAsync(Types.GitRepository, "flux-system", "False", reason);
    }

    private static Task<JsonObject?> FindAsync(FluxCluster flux, string name) => flux.Client.FindObjectAsync(Types.ConfigMap, "default", name, Cluster.Stop);

    private static Task<JsonObject> SuspendAsync(FluxCluster flux, bool suspend) =>
        flux.Client.PatchAsync(Types.Kustomization, "flux-system", "apps", PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = suspend } }, Cluster.Stop);
}
