using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Tests.Diagnosis.Manifests;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>An application moves to another node by the claims and the demands on nodes that are written for it, and by nothing else.</summary>
public sealed class MoveAppEditTests
{
    private const string File = "apps/sonarr/app.yaml";
    private const string Selector = "      nodeSelector:\n        role: primary\n";

    [Fact]
    public void In_a_manifest_claim_and_label_change()
    {
        var repository = new AppRepository();
        Assert.Equal($"{File} - role: primary\n{File} - claimName: pvc-sonarr\n{File} + role: backup\n{File} + claimName: pvc-sonarr-backup", repository.Edited(Over()));
        Assert.Equal("Move sonarr to k3s-w2", Over().Message);
    }

    [Fact]
    public void Made_again_it_changes_nothing_and_back_all_is_as_it_was()
    {
        var repository = new AppRepository();
        var before = repository.Text(File);
        repository.Edited(Over());
        var after = repository.Text(File);
        Assert.Empty(Over().Apply(repository.Files));
        Assert.Empty(Over().Apply(repository.Files));
        Assert.Equal(after, repository.Text(File));
        Assert.DoesNotContain("backup-backup", after, StringComparison.Ordinal);

        repository.Edited(Back());
        Assert.Equal(before, repository.Text(File));
        Assert.Empty(Back().Apply(repository.Files));
    }

    [Fact]
    public void Without_a_demand_on_nodes_only_the_claim_changes() =>
        Assert.Equal(Claim(), new AppRepository().Replacing(File, Selector, "").Edited(Over()));

    [Fact]
    public void What_the_other_node_has_as_well_stays() =>
        Assert.Equal(Claim(), new AppRepository().Replacing(File, "        role: primary\n", "        kubernetes.io/os: linux\n        node-role.kubernetes.io/worker: \"\"\n").Edited(Over()));

    [Fact]
    public void By_the_name_of_the_node() =>
        Assert.Equal($"{File} - nodeName: k3s-w1 # the first\n{Removed()}\n{File} + nodeName: k3s-w2 # the first\n{Added()}", new AppRepository().Replacing(File, Selector, "      nodeName: k3s-w1 # the first\n").Edited(Over()));

    [Theory]
    [InlineData("{key: kubernetes.io/hostname, operator: In, values: [k3s-w1]}", "{key: kubernetes.io/hostname, operator: In, values: [k3s-w2]}")]
    [InlineData("{key: role, operator: In, values: ['primary']}", "{key: role, operator: In, values: ['backup']}")]
    [InlineData("{key: kubernetes.io/hostname, operator: In, values: [k3s-w3, k3s-w1]}", "{key: kubernetes.io/hostname, operator: In, values: [k3s-w3, k3s-w2]}")]
    [InlineData("{key: kubernetes.io/hostname, operator: In, values: [k3s-w1, k3s-w2]}", null)]
    [InlineData("{key: role, operator: NotIn, values: [control]}", null)]
    [InlineData("{key: role, operator: Exists}", null)]
    public void By_an_affinity(string expression, string? expected)
    {
        var repository = new AppRepository().Replacing(File, Selector, Affinity(expression));
        Assert.Equal(expected is null ? Claim() : $"{File} - - {expression}\n{Removed()}\n{File} + - {expected}\n{Added()}", repository.Edited(Over()));
        repository.Edited(Back());
        Assert.Contains(expression, repository.Text(File), StringComparison.Ordinal);
    }

    [Fact]
    public void By_the_field_of_an_affinity()
    {
        var repository = new AppRepository().Replacing(File, Selector, Affinity("{key: metadata.name, operator: In, values: [k3s-w1]}").Replace("matchExpressions", "matchFields", StringComparison.Ordinal));
        Assert.Contains("values: [k3s-w2]", repository.Edited(Over()), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_terms_the_one_that_holds_it_here_changes()
    {
        var two = Affinity("{key: role, operator: In, values: [spare]}") + "              - matchExpressions:\n                  - {key: role, operator: In, values: [primary]}\n";
        Assert.Equal(
            $"{File} - - {{key: role, operator: In, values: [primary]}}\n{Removed()}\n{File} + - {{key: role, operator: In, values: [backup]}}\n{Added()}", new AppRepository().Replacing(File, Selector, two).Edited(Over()));

        var either = two.Replace("spare", "backup", StringComparison.Ordinal);
        Assert.Equal(Claim(), new AppRepository().Replacing(File, Selector, either).Edited(Over()));
    }

    [Theory]
    [InlineData("nodeSelector: {disk: ssd}", "disk=ssd", "kubectl label node k3s-w2 disk=")]
    [InlineData("nodeSelector: {kubernetes.io/arch: arm64}", "kubernetes.io/arch=arm64", "k3s-w2")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [arm64]}]}]}}}", "kubernetes.io/arch In (arm64)", "k3s-w2")]
    [InlineData("nodeSelector: {gpu: ''}", "gpu=", "kubectl label node k3s-w2 gpu=")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]}}}", "disk In (ssd)", "kubectl label node k3s-w2 disk=")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: role, operator: NotIn, values: [backup]}]}]}}}", "role NotIn (backup)", "k3s-w2")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: Exists}]}]}}}", "disk Exists", "k3s-w2")]
    public void What_the_other_node_cannot_be_is_said(string demand, string named, string advice)
    {
        var error = Refused(new AppRepository().Replacing(File, Selector, $"      {demand}\n"), Over());
        Assert.Equal("AppNodeUnmovable", error.Id);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_the_repository_does_not_name_is_said()
    {
        var error = Refused(new AppRepository(), Moves.Over("sonarr", "pvc-other"));
        Assert.Equal("AppClaimUnmovable", error.Id);
        Assert.Contains("pvc-sonarr", error.Message, StringComparison.Ordinal);
        Assert.Equal("AppClaimUnmovable", Refused(new AppRepository(AppRepository.Release).Replacing(File, "        existingClaim: pvc-sonarr\n", "        type: persistentVolumeClaim\n"), Over()).Id);
    }

    [Fact]
    public void A_claim_template_cannot_be_switched()
    {
        var repository = new AppRepository().Replacing(File, "kind: Deployment", "kind: StatefulSet")
            .Replacing(File, "      volumes:\n        - name: config\n          persistentVolumeClaim:\n            claimName: pvc-sonarr\n", "  volumeClaimTemplates:\n    - metadata: {name: config}\n");
        var error = Refused(repository, Moves.Over("sonarr", "config-sonarr-0"));
        Assert.Equal("AppClaimUnmovable", error.Id);
        Assert.Contains("volumeClaimTemplates", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_can_one_of_a_chart()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing(File, "        replicas: 1\n", "        type: statefulset\n        statefulset: {volumeClaimTemplates: [{name: data, size: 1Gi}]}\n");
        Assert.Contains("volumeClaimTemplates", Refused(repository, Moves.Over("sonarr", "data-sonarr-0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_patch_of_an_overlay()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "patches:\n  - path: node.yaml\n  - target: {kind: Deployment}\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/volumes/0/persistentVolumeClaim/claimName\n        value: pvc-tv # of this cluster\n")
            .With("apps/node.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sonarr, namespace: media}\nspec:\n  template:\n    spec:\n      nodeSelector: {kubernetes.io/hostname: k3s-w1}\n")
            .Replacing(File, Selector, "");
        Assert.Equal(
            "apps/kustomization.yaml - value: pvc-tv # of this cluster\napps/kustomization.yaml + value: pvc-tv-backup # of this cluster\n"
            + "apps/node.yaml - nodeSelector: {kubernetes.io/hostname: k3s-w1}\napps/node.yaml + nodeSelector: {kubernetes.io/hostname: k3s-w2}",
            repository.Edited(Moves.Over("sonarr", "pvc-tv")));
    }

    [Fact]
    public void In_variables_of_its_own()
    {
        var repository = new AppRepository().Replacing(File, "claimName: pvc-sonarr", "claimName: ${CLAIM}").Replacing(File, "role: primary", "role: ${ROLE:=primary}").Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      CLAIM: pvc-sonarr\n");
        Assert.Equal(
            $"cluster/apps.yaml - CLAIM: pvc-sonarr\ncluster/apps.yaml + CLAIM: pvc-sonarr-backup\n{File} - role: ${{ROLE:=primary}}\n{File} + role: ${{ROLE:=backup}}", repository.Edited(Over()));
        Assert.Empty(Over().Apply(repository.Files));
    }

    [Fact]
    public void A_label_that_a_variable_would_make_a_number_is_written_itself()
    {
        var repository = new AppRepository().Replacing(File, "role: primary", "unit: ${UNIT}").Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      UNIT: '1'\n");
        Assert.Equal($"{File} - unit: ${{UNIT}}\n{File} - claimName: pvc-sonarr\n{File} + unit: \"2\"\n{File} + claimName: pvc-sonarr-backup", repository.Edited(Over()));
    }

    [Fact]
    public void In_the_ConfigMaps_that_values_and_variables_come_from()
    {
        const string Maps = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: values, namespace: media}
            data:
              values.yaml: |
                persistence:
                  config:
                    existingClaim: pvc-sonarr # on both nodes

            """;
        var repository = new AppRepository(AppRepository.Release).With("apps/sonarr/maps.yaml", Maps).Replacing("apps/sonarr/kustomization.yaml", "  - app.yaml\n", "  - app.yaml\n  - maps.yaml\n")
            .Replacing(File, "    persistence:\n      config:\n        existingClaim: pvc-sonarr\n", "").Replacing(File, "  values:\n", "  valuesFrom: [{kind: ConfigMap, name: values}]\n  values:\n").Replacing(File, "node1", "${NODE}")
            .With("cluster/nodes.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nodes, namespace: flux-system}\ndata: {NODE: k3s-w1}\n").Adding("cluster/apps.yaml", "  postBuild:\n    substituteFrom:\n      - {kind: ConfigMap, name: nodes}\n");
        Assert.Equal(
            "apps/sonarr/maps.yaml - existingClaim: pvc-sonarr # on both nodes\napps/sonarr/maps.yaml + existingClaim: pvc-sonarr-backup # on both nodes\n"
            + "cluster/nodes.yaml - data: {NODE: k3s-w1}\ncluster/nodes.yaml + data: {NODE: k3s-w2}",
            repository.Edited(Over()));
        Assert.Empty(Over().Apply(repository.Files));
    }

    [Fact]
    public void A_variable_that_names_the_claim_itself_too_stays_and_the_text_around_it_changes()
    {
        const string Claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: 'pvc-${APP}', namespace: media}\n";
        var repository = new AppRepository().With("apps/sonarr/pvc.yaml", Claim).Replacing("apps/sonarr/kustomization.yaml", "  - app.yaml\n", "  - app.yaml\n  - pvc.yaml\n")
            .Replacing(File, "claimName: pvc-sonarr", "claimName: pvc-${APP}").Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      APP: sonarr\n");
        var before = repository.Text(File);
        Assert.Equal($"{File} - role: primary\n{File} - claimName: pvc-${{APP}}\n{File} + role: backup\n{File} + claimName: pvc-${{APP}}-backup", repository.Edited(Over()));
        Assert.Empty(Over().Apply(repository.Files));
        repository.Edited(Back());
        Assert.Equal(before, repository.Text(File));
    }

    [Fact]
    public void In_the_values_of_a_release()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing(File, "node1", "k3s-w1");
        Assert.Equal($"{File} - kubernetes.io/hostname: k3s-w1\n{File} - existingClaim: pvc-sonarr\n{File} + kubernetes.io/hostname: k3s-w2\n{File} + existingClaim: pvc-sonarr-backup", repository.Edited(Over()));
    }

    [Fact]
    public void In_values_that_Helm_fills_in()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing(File, "node1", "k3s-w1").Replacing(File, "existingClaim: pvc-sonarr", "existingClaim: \"{{ .Release.Name }}\"");
        var before = repository.Text(File);
        Assert.Contains("+ existingClaim: \"{{ .Release.Name }}-backup\"", repository.Edited(Moves.Over("sonarr", "sonarr")), StringComparison.Ordinal);
        Assert.Empty(Moves.Over("sonarr", "sonarr").Apply(repository.Files));
        repository.Edited(Moves.Back("sonarr", "sonarr"));
        Assert.Equal(before, repository.Text(File));
    }

    [Fact]
    public void An_anchor_changes_with_its_aliases_where_all_of_them_move()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing(File, "kubernetes.io/hostname: node1", "kubernetes.io/hostname: &node k3s-w1 # here").Replacing(File, "        replicas: 1\n", "        replicas: 1\n        pod: {nodeSelector: {kubernetes.io/hostname: *node}}\n");
        Assert.Equal($"{File} - kubernetes.io/hostname: &node k3s-w1 # here\n{File} - existingClaim: pvc-sonarr\n{File} + kubernetes.io/hostname: &node k3s-w2 # here\n{File} + existingClaim: pvc-sonarr-backup", repository.Edited(Over()));
    }

    [Fact]
    public void An_anchor_that_something_else_uses_is_refused()
    {
        var repository = new AppRepository().Replacing(File, "claimName: pvc-sonarr", "claimName: *claim").Replacing(File, "      labels: {app: sonarr}\n", "      labels: {app: sonarr, data: &claim pvc-sonarr}\n");
        Assert.Equal("ManifestValueShared", Refused(repository, Over()).Id);
    }

    [Fact]
    public void A_value_that_another_application_shares_is_refused()
    {
        var two = new AppRepository().With("cluster/tv.yaml", Checked.Flux("tv", "./tv", "targetNamespace: tv")).With("tv/kustomization.yaml", "resources: [../apps/sonarr]\n");
        var error = Refused(two, Moves.Over("tv/sonarr", "pvc-sonarr"));
        Assert.Equal("AppValueShared", error.Id);
        Assert.Contains("Deployment/media/sonarr", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("-Force", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_ends_of_other_systems_stay()
    {
        var repository = new AppRepository(AppRepository.Deployment.Replace("\n", "\r\n", StringComparison.Ordinal));
        var expected = repository.Text(File).Replace("role: primary\r\n", "role: backup\r\n", StringComparison.Ordinal).Replace("claimName: pvc-sonarr\r\n", "claimName: pvc-sonarr-backup\r\n", StringComparison.Ordinal);
        repository.Edited(Over());
        Assert.Equal(expected, repository.Text(File));
    }

    [Theory]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"kind: Deployment\\nspec: {template: {spec: {nodeSelector: {role: primary}}}}\"}]}}]", "spec.postRenderers[0].kustomize.patches[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"[{op: replace, path: /spec/template/spec/volumes/0/persistentVolumeClaim/claimName, value: x}]\"}]}}]", "spec.postRenderers[0].kustomize.patches[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"[{op: add, path: /spec/template/spec/affinity, value: {}}]\"}]}}]", "spec.postRenderers[0].kustomize.patches[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"[{op: replace, path: /spec/template/spec/volumes/0, value: {name: c, persistentVolumeClaim: {claimName: x}}}]\"}]}}]", "spec.postRenderers[0].kustomize.patches[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"spec: {template: {spec: {volumes: [{name: c, persistentVolumeClaim: {claimName: pvc-sonarr}}]}}}\"}]}}]", "spec.postRenderers[0].kustomize.patches[0]")]
    [InlineData("postRenderers: [{kustomize: {patchesStrategicMerge: [{spec: {template: {spec: {volumes: [{name: c, persistentVolumeClaim: {claimName: pvc-sonarr-backup}}]}}}}]}}]", "spec.postRenderers[0].kustomize.patchesStrategicMerge[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"[{op: add, path: /spec/template/spec/volumes/-, value: {name: m, persistentVolumeClaim: {claimName: nfs}}}]\"}]}}]", null)]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"metadata: {name: pvc-sonarr}\\nspec: {template: {spec: {volumes: [{name: m, persistentVolumeClaim: {claimName: pvc-sonarr-nfs}}]}}}\"}]}}]", null)]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"spec: {template: {spec: {affinity: {podAntiAffinity: {}}}}}\"}]}}]", null)]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: \"[{op: add, path: /spec/template/spec/affinity/podAntiAffinity, value: {}}]\"}]}}]", null)]
    [InlineData("postRenderers: [{kustomize: {images: [{name: a/b, newTag: '1'}]}}]", null)]
    [InlineData("valuesFrom: [{kind: ConfigMap, name: a}, {kind: Secret, name: b}]", null)]
    public void What_a_release_changes_after_its_values_holds_it_where_it_is(string spec, string? place)
    {
        var repository = new AppRepository(AppRepository.Release).Replacing(File, "node1", "k3s-w1").Replacing(File, "  values:\n", $"  {spec}\n  values:\n");
        if (place is null)
        {
            Assert.Contains("+ existingClaim: pvc-sonarr-backup", repository.Edited(Over()), StringComparison.Ordinal);
            return;
        }

        var error = Refused(repository, Over());
        Assert.Equal("AppValueOverridden", error.Id);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("-Force", error.Message, StringComparison.Ordinal);
    }

    // Whether a commit is still there is asked by making its edit again.
    [Fact]
    public void What_has_moved_is_not_held_by_a_renderer_that_came_later()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing(File, "node1", "k3s-w1");
        repository.Edited(Over());
        repository.Replacing(File, "  values:\n", "  postRenderers: [{kustomize: {patches: [{patch: \"spec: {template: {spec: {nodeSelector: {role: backup}, volumes: [{name: c, persistentVolumeClaim: {claimName: pvc-sonarr-backup}}]}}}\"}]}}]\n  values:\n");
        Assert.Empty(repository.Edited(Over()));
    }

    [Fact]
    public void A_node_that_only_a_renderer_names_holds_it_as_well()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing(File, "    defaultPodOptions:\n      nodeSelector:\n        kubernetes.io/hostname: node1\n", "")
            .Replacing(File, "  values:\n", "  postRenderers: [{kustomize: {patchesStrategicMerge: [{kind: Deployment, spec: {template: {spec: {nodeSelector: {role: primary}}}}}]}}]\n  values:\n");
        Assert.Contains("patchesStrategicMerge[0]", Refused(repository, Over()).Message, StringComparison.Ordinal);
    }

    private static MoveAppEdit Over() => Moves.Over("sonarr", "pvc-sonarr");

    private static MoveAppEdit Back() => Moves.Back("sonarr", "pvc-sonarr");

    private static string Removed() => $"{File} - claimName: pvc-sonarr";

    private static string Added() => $"{File} + claimName: pvc-sonarr-backup";

    private static string Claim() => $"{Removed()}\n{Added()}";

    private static string Affinity(string expression) => $"      affinity:\n        nodeAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n            nodeSelectorTerms:\n              - matchExpressions:\n                  - {expression}\n";

    private static HomelabException Refused(AppRepository repository, MoveAppEdit edit) => Assert.Throws<HomelabException>(() => edit.Apply(repository.Files));
}
