using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Flux.Comparing;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>What a working copy would change, against controllers that have applied what it was before.</summary>
public abstract class FluxComparerChecks(bool isLab)
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {x: y}\n";
    private const string Secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {password: first-one, user: anna}\n";

    [Fact]
    public async Task What_is_applied_has_no_difference()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("apps/s.yaml", Secret), ("apps/d.yaml", Deployment("main:1")));
        var (differences, notices) = await RunAsync(flux);
        Assert.Empty(differences);
        Assert.Empty(notices);
    }

    [Fact]
    public async Task New_changed_and_removed_objects_are_told_and_nothing_is_changed()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("apps/b.yaml", Map.Replace("name: a", "name: b", StringComparison.Ordinal)), ("apps/d.yaml", Deployment("main:1")));
        var before = await VersionsAsync(flux);
        Write(flux, "apps/b.yaml", null);
        Write(flux, "apps/c.yaml", Map.Replace("name: a", "name: c", StringComparison.Ordinal));
        Write(flux, "apps/d.yaml", "# moved down by a line\n" + Deployment("main:2"));

        var (differences, notices) = await RunAsync(flux);
        Assert.Empty(notices);
        Assert.Equal([("Create", "ConfigMap", "c"), ("Update", "Deployment", "d"), ("Delete", "ConfigMap", "b")], differences.Select(item => (item.Action.ToString(), item.Kind, item.Name)));
        Assert.Equal(["spec.template.spec.containers[main].image"], differences[1].FieldPaths);
        Assert.Equal(("apps/d.yaml", 2L, $"Kustomization/{flux.Space}/apps"), (differences[1].File, differences[1].Line, differences[1].Kustomization!.ToString()));
        Assert.Contains("\n-      - image: main:1\n+      - image: main:2\n", differences[1].Diff, StringComparison.Ordinal);
        Assert.All(differences, item => Assert.DoesNotContain("managedFields", item.Diff, StringComparison.Ordinal));
        Assert.DoesNotContain("status:", differences[1].Diff, StringComparison.Ordinal);
        Assert.Contains("+    kustomize.toolkit.fluxcd.io/name: apps\n", differences[0].Diff, StringComparison.Ordinal);
        Assert.Equal(before, await VersionsAsync(flux));
    }

    [Fact]
    public async Task Values_of_Secrets_are_never_shown_but_that_they_differ()
    {
        await using var flux = await StartAsync(("apps/s.yaml", Secret));
        Write(flux, "apps/s.yaml", Secret.Replace("first-one", "second-one", StringComparison.Ordinal));

        var difference = Assert.Single((await RunAsync(flux)).Differences);
        Assert.Equal(["data.password"], difference.FieldPaths);
        Assert.Contains("*** (before)", difference.Diff, StringComparison.Ordinal);
        Assert.Contains("*** (after)", difference.Diff, StringComparison.Ordinal);
        AssertHides(difference.Diff, "first-one", "second-one", "anna");

        Write(flux, "apps/s.yaml", null);
        Write(flux, "apps/t.yaml", Secret.Replace("name: s", "name: t", StringComparison.Ordinal));
        Assert.All((await RunAsync(flux)).Differences, item => AssertHides(item.Diff, "first-one", "anna"));
    }

    [Fact]
    public async Task What_is_substituted_from_a_Secret_is_hidden_wherever_it_stands()
    {
        await using var flux = await FluxCluster.StartAsync(isLab);
        await flux.ApplyAsync(Here(flux, "apiVersion: v1\nkind: Secret\nmetadata: {name: vars, namespace: flux-system}\nstringData: {TOKEN: hunter2-token, PORT: '40981'}\n")!);
        await flux.ApplyAsync(Here(flux, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata: {REGION: north}\n")!);
        flux.Git.Commit("one", ("apps/a.yaml", Here(flux, Map.Replace("x: y", "url: 'https://u:${TOKEN}@host', port: 'tcp/${PORT}', region: '${REGION}'", StringComparison.Ordinal))));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", ", postBuild: {substituteFrom: [{kind: Secret, name: vars}, {kind: ConfigMap, name: vars}]}");
        await flux.ReadyAsync("apps");
        Assert.Empty((await RunAsync(flux)).Differences);

        await flux.ApplyAsync(Here(flux, "apiVersion: v1\nkind: Secret\nmetadata: {name: vars, namespace: flux-system}\nstringData: {TOKEN: other-token, PORT: '40982'}\n")!);
        var difference = Assert.Single((await RunAsync(flux)).Differences);
        Assert.Equal(["data.port", "data.url"], difference.FieldPaths.Order(StringComparer.Ordinal));
        AssertHides(difference.Diff, "hunter2", "other-token", "40981", "40982");
        Assert.Contains("north", difference.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_object_is_an_error_with_its_place_and_the_others_go_on()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        Write(flux, "apps/bad.yaml", "\n" + Deployment("main:1").Replace("replicas: 1", "replicas: -1", StringComparison.Ordinal));
        Write(flux, "apps/field.yaml", Deployment("main:1").Replace("{name: d,", "{name: e,", StringComparison.Ordinal).Replace("replicas: 1", "replicaz: 1", StringComparison.Ordinal));
        Write(flux, "apps/kind.yaml", "apiVersion: none.example/v1\nkind: Unknown\nmetadata: {name: k, namespace: default}\n");
        Write(flux, "apps/space.yaml", Map.Replace("namespace: default", "namespace: nowhere", StringComparison.Ordinal));
        Write(flux, "apps/z.yaml", Map.Replace("name: a", "name: z", StringComparison.Ordinal));

        var (differences, notices) = await RunAsync(flux);
        Assert.Equal("z", Assert.Single(differences).Name);
        var errors = notices.OfType<FailureNotice>().Select(notice => notice.Error).ToList();
        Assert.All(errors, error => Assert.Equal(("FluxObjectRefused", ErrorKind.InvalidData), (error.Id, error.Kind)));
        Assert.Equal(["ConfigMap/nowhere/a", $"Deployment/{flux.Target}/d", $"Deployment/{flux.Target}/e", $"Unknown/{flux.Target}/k"], errors.Select(error => error.Target!.ToString()!).Order(StringComparer.Ordinal));
        Assert.Contains(errors, error => error.Message.Contains("apps/bad.yaml:2", StringComparison.Ordinal) && error.Message.Contains("replicas", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Message.Contains("apps/field.yaml:1", StringComparison.Ordinal) && error.Message.Contains(".spec.replicaz: field not declared in schema", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Message.Contains("no kind 'Unknown'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Message.Contains("\"nowhere\" not found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_same_build_creates_a_place_or_a_kind_for_is_a_Create()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        Write(flux, "apps/space.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: later}\n");
        Write(flux, "apps/later.yaml", Map.Replace("namespace: default", "namespace: later", StringComparison.Ordinal));
        Write(flux, "apps/crd.yaml", """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.org}
            spec:
              group: example.org
              names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
              scope: Namespaced
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
            """);
        Write(flux, "apps/thing.yaml", "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: one, namespace: default}\n");

        var (differences, notices) = await RunAsync(flux);
        Assert.Empty(notices);
        Assert.All(differences, item => Assert.Equal(FluxDifferenceAction.Create, item.Action));
        Assert.Equal(["ConfigMap/later/a", "CustomResourceDefinition/things.example.org", "Namespace/later", $"Thing/{flux.Target}/one"], differences.Select(item => item.Target.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_marks_of_single_objects_count()
    {
        var marked = new[] { "reconcile: disabled", "ssa: Ignore", "ssa: IfNotPresent" };
        string Marked(int index, string value) => Map.Replace("name: a", $"name: m{index}", StringComparison.Ordinal).Replace("x: y", $"x: {value}", StringComparison.Ordinal)
            .Replace("namespace: default", $"namespace: default, annotations: {{kustomize.toolkit.fluxcd.io/{marked[index]}}}", StringComparison.Ordinal);
        var kept = Map.Replace("name: a", "name: kept", StringComparison.Ordinal).Replace("namespace: default", "namespace: default, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}", StringComparison.Ordinal);
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("apps/kept.yaml", kept), ("apps/m2.yaml", Marked(2, "y")));
        Write(flux, "apps/kept.yaml", null);
        foreach (var index in Enumerable.Range(0, 3))
        {
            Write(flux, $"apps/m{index}.yaml", Marked(index, "changed"));
        }

        var (differences, notices) = await RunAsync(flux);
        Assert.Empty(differences);
        Assert.Empty(notices);
    }

    [Fact]
    public async Task Nothing_is_deleted_where_the_Kustomization_does_not_prune_or_somebody_else_took_it_over()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("apps/b.yaml", Map.Replace("name: a", "name: b", StringComparison.Ordinal)));

        // Else it would take its object back.
        flux.World.SetStopped("kustomize-controller", true);
        await flux.Client.PatchAsync(Types.ConfigMap, flux.Target, "b", PatchKind.Merge, JsonNode.Parse("""{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"other"} } }""")!, Cluster.Stop);
        Write(flux, "apps/b.yaml", null);
        Assert.Empty((await RunAsync(flux)).Differences);

        Write(flux, "apps/a.yaml", null);
        Write(flux, "apps/c.yaml", Map.Replace("name: a", "name: c", StringComparison.Ordinal));
        Assert.Equal([FluxDifferenceAction.Create, FluxDifferenceAction.Delete], (await RunAsync(flux)).Differences.Select(item => item.Action));
        await flux.Client.PatchAsync(Types.Kustomization, flux.Space, "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"prune":false} }""")!, Cluster.Stop);
        Assert.Equal([FluxDifferenceAction.Create], (await RunAsync(flux)).Differences.Select(item => item.Action));
    }

    [Fact]
    public async Task An_immutable_field_is_refused_and_with_force_the_object_is_made_anew()
    {
        await using var flux = await StartAsync(("apps/d.yaml", Deployment("main:1")));
        Write(flux, "apps/d.yaml", Deployment("main:1").Replace("app: d", "app: e", StringComparison.Ordinal));
        var (differences, notices) = await RunAsync(flux);
        Assert.Empty(differences);
        Assert.Contains("immutable", Assert.IsType<FailureNotice>(Assert.Single(notices)).Error.Message, StringComparison.Ordinal);

        await flux.Client.PatchAsync(Types.Kustomization, flux.Space, "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"force":true} }""")!, Cluster.Stop);
        var difference = Assert.Single((await RunAsync(flux)).Differences);
        Assert.Equal((FluxDifferenceAction.Update, true), (difference.Action, difference.Recreate));
        Assert.Equal(["spec.selector.matchLabels.app", "spec.template.metadata.labels.app"], difference.FieldPaths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_somebody_did_by_hand_is_undone()
    {
        await using var flux = await StartAsync(("apps/d.yaml", Deployment("main:1")), ("apps/a.yaml", Map));
        var byHand = new WriteOptions { FieldManager = "kubectl-edit" };
        var differences = new List<FluxDifference>();

        // A reconciliation that is still under way undoes at once what the manifest says, or all of it.
        await Cluster.UntilAsync(
            async () =>
            {
                await flux.Client.PatchAsync(Types.Deployment, flux.Target, "d", PatchKind.StrategicMerge, JsonNode.Parse("""{"spec":{"replicas":3,"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"} },"spec":{"terminationGracePeriodSeconds":5,"containers":[{"name":"main","env":[{"name":"DEBUG","value":"1"}]}]} } } }""")!, Cluster.Stop, byHand);
                await flux.Client.PatchAsync(Types.ConfigMap, flux.Target, "a", PatchKind.Merge, JsonNode.Parse("""{"data":{"more":"of the operator"} }""")!, Cluster.Stop, new WriteOptions { FieldManager = "some-operator" });
                differences = (await RunAsync(flux)).Differences;
                return differences.Exists(item => item.FieldPaths.Contains("spec.replicas"));
            },
            "the edit is seen");
        var difference = Assert.Single(differences);
        Assert.Equal("Deployment", difference.Kind);
        Assert.Equal(
            ["spec.replicas", "spec.template.metadata.annotations", "spec.template.spec.containers[main].env", "spec.template.spec.terminationGracePeriodSeconds"],
            difference.FieldPaths.Order(StringComparer.Ordinal));
        Assert.Contains("+      terminationGracePeriodSeconds: 30", difference.Diff, StringComparison.Ordinal);

        // The prediction is what the controller then does.
        await flux.RequestAsync(Types.Kustomization, "apps");
        await Cluster.UntilAsync(async () => (await RunAsync(flux)).Differences.Count == 0, "the controller undoes it");
        var live = await flux.Client.FindObjectAsync(Types.Deployment, flux.Target, "d", Cluster.Stop);
        Assert.Equal(("1", "30"), (Cells.Text(live, "spec.replicas"), Cells.Text(live, "spec.template.spec.terminationGracePeriodSeconds")));
        Assert.Null(Cells.At(live, "spec.template.spec.containers")![0]!["env"]);
    }

    [Fact]
    public async Task What_is_encrypted_is_not_compared_and_says_so()
    {
        const string Encrypted = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {password: 'ENC[AES256_GCM,data:abc,type:str]'}\nsops: {mac: x}\n";
        await using var flux = await StartAsync(("apps/s.yaml", Secret));
        Write(flux, "apps/s.yaml", Encrypted);
        Write(flux, "apps/t.yaml", Encrypted.Replace("name: s", "name: t", StringComparison.Ordinal));
        Assert.All((await RunAsync(flux)).Notices, notice => Assert.Contains("spec.decryption", Assert.IsType<FailureNotice>(notice).Error.Message, StringComparison.Ordinal));

        await flux.Client.PatchAsync(Types.Kustomization, flux.Space, "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"decryption":{"provider":"sops"} } }""")!, Cluster.Stop);
        var (differences, notices) = await RunAsync(flux);
        Assert.Equal([$"Secret/{flux.Target}/s", $"Secret/{flux.Target}/t"], notices.Select(notice => Assert.IsType<WarningNotice>(notice).Text.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Equal((FluxDifferenceAction.Create, "t", ""), (Assert.Single(differences).Action, differences[0].Name, differences[0].Diff));
    }

    [Fact]
    public async Task Settings_of_the_Kustomization_count_and_a_suspended_one_is_compared_too()
    {
        await using var flux = await FluxCluster.StartAsync(isLab);
        flux.Git.Commit("one", ("apps/d.yaml", Here(flux, Deployment("main:1"))));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", $", targetNamespace: {flux.Target}, namePrefix: x-, commonMetadata: {{labels: {{team: home}}}}, images: [{{name: main, newTag: '7'}}], patches: [{{patch: \"[{{op: replace, path: /spec/replicas, value: 2}}]\", target: {{kind: Deployment}}}}]");
        await flux.ReadyAsync("apps");
        Assert.Empty((await RunAsync(flux)).Differences);

        await flux.Client.PatchAsync(Types.Kustomization, flux.Space, "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"suspend":true,"images":[{"name":"main","newTag":"8"}]} }""")!, Cluster.Stop);
        var (differences, notices) = await RunAsync(flux);
        Assert.Contains("suspended", Assert.IsType<WarningNotice>(Assert.Single(notices)).Text, StringComparison.Ordinal);
        Assert.Equal(("x-d", "spec.template.spec.containers[main].image"), (Assert.Single(differences).Name, Assert.Single(differences[0].FieldPaths)));
    }

    [Fact]
    public async Task A_Kustomization_that_cannot_be_built_or_is_of_another_cluster_is_an_error_and_the_next_goes_on()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("broken/kustomization.yaml", "resources: [missing.yaml]\n"));
        await flux.AddKustomizationAsync("broken", "");
        await flux.AddKustomizationAsync("remote", ", suspend: true, kubeConfig: {secretRef: {name: none}}");
        Write(flux, "apps/a.yaml", Map.Replace("x: y", "x: z", StringComparison.Ordinal));

        var (differences, notices) = await RunAsync(flux, "*");
        Assert.Equal("a", Assert.Single(differences).Name);
        Assert.Equal(["FluxRemoteCluster", "KustomizationInvalid"], notices.OfType<FailureNotice>().Select(notice => notice.Error.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_Kustomization_that_goes_takes_along_what_it_would_prune()
    {
        var kept = Map.Replace("name: a", "name: kept", StringComparison.Ordinal).Replace("namespace: default", "namespace: default, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}", StringComparison.Ordinal);
        const string inner = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: inner, namespace: flux-system}\nspec: {interval: 10m, prune: true, path: ./inner, sourceRef: {kind: GitRepository, name: flux-system}}\n";
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("apps/kept.yaml", kept), ("apps/inner.yaml", inner), ("inner/b.yaml", Map.Replace("name: a", "name: b", StringComparison.Ordinal)));
        await flux.ReadyAsync("inner");
        Assert.Equal([$"ConfigMap/{flux.Target}/a", $"ConfigMap/{flux.Target}/b", $"Kustomization/{flux.Space}/inner"], await TakenAsync());

        await flux.Client.PatchAsync(Types.Kustomization, flux.Space, "inner", PatchKind.Merge, JsonNode.Parse("""{"spec":{"suspend":true} }""")!, Cluster.Stop);
        Assert.Equal([$"ConfigMap/{flux.Target}/a", $"Kustomization/{flux.Space}/inner"], await TakenAsync());
        await flux.Client.PatchAsync(Types.Kustomization, flux.Space, "apps", PatchKind.Merge, JsonNode.Parse("""{"spec":{"prune":false} }""")!, Cluster.Stop);
        Assert.Empty(await TakenAsync());

        async Task<IEnumerable<string>> TakenAsync()
        {
            var (taken, failures) = await FluxRemoval.RunAsync(flux.Client, [new(flux.Client.Name, "Kustomization", flux.Space, "apps")], Cluster.Stop);
            Assert.Empty(failures);
            return taken.Select(item => item.ToString()).Order(StringComparer.Ordinal);
        }
    }

    private static string Deployment(string image) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: d, namespace: default}
        spec:
          replicas: 1
          paused: true
          selector: {matchLabels: {app: d} }
          template:
            metadata: {labels: {app: d} }
            spec: {containers: [{name: main, image: '{{image}}'}]}

        """;

    private static void AssertHides(string text, params string[] values) => Assert.All(values, value =>
    {
        Assert.DoesNotContain(value, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value)), text, StringComparison.Ordinal);
    });

    // Into the working copy only; the controllers see commits.
    private static void Write(FluxCluster flux, string path, string? text)
    {
        var full = Path.Combine(flux.Git.Url, path);
        if (text is null)
        {
            File.Delete(full);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, Here(flux, text));
    }

    // The lab's cluster is shared, so there all is in one namespace.
    private static string? Here(FluxCluster flux, string? text) => text?.Replace("namespace: default", $"namespace: {flux.Target}", StringComparison.Ordinal).Replace("namespace: flux-system", $"namespace: {flux.Space}", StringComparison.Ordinal);

    private async Task<FluxCluster> StartAsync(params (string Path, string? Text)[] files)
    {
        var flux = await FluxCluster.StartAsync(isLab);
        try
        {
            flux.Git.Commit("one", [.. files.Select(file => (file.Path, Here(flux, file.Text)))]);
            await flux.AddSourceAsync();
            await flux.AddKustomizationAsync("apps", "");
            await flux.ReadyAsync("apps");
            return flux;
        }
        catch
        {
            await flux.DisposeAsync();
            throw;
        }
    }

    private static async Task<(List<FluxDifference> Differences, List<Notice> Notices)> RunAsync(FluxCluster flux, string name = "apps")
    {
        var (differences, notices) = (new List<FluxDifference>(), new List<Notice>());
        await foreach (var item in FluxComparer.RunAsync(flux.Client, [new($"{flux.Space}/{name}")], [], new DiskFiles(flux.Git.Url), Cluster.Stop))
        {
            if (item.Notice is { } notice)
            {
                notices.Add(notice);
            }
            else
            {
                differences.Add(item.Value!);
            }
        }

        return (differences, notices);
    }

    private static async Task<List<string>> VersionsAsync(FluxCluster flux)
    {
        var versions = new List<string>();
        foreach (var type in new[] { Types.ConfigMap, Types.Deployment, Types.Secret, Types.Kustomization })
        {
            await foreach (var item in flux.Client.ListAsync(type, new ListQuery { Namespace = type == Types.Kustomization ? flux.Space : flux.Target }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
            {
                // What controllers write at any time is not what is asked for.
                var copy = (JsonObject)item.Json.DeepClone();
                copy.Remove("status");
                copy["metadata"]!.AsObject().Remove("resourceVersion");
                copy["metadata"]!.AsObject().Remove("managedFields");
                (copy["metadata"]!["annotations"] as JsonObject)?.Remove("deployment.kubernetes.io/revision");
                versions.Add($"{type.Kind} {copy.ToJsonString()}");
            }
        }

        return versions;
    }
}
