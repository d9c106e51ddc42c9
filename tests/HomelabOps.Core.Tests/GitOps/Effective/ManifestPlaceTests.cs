using HomelabOps.Core.Tests.Diagnosis.Manifests;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>Where values of workloads come from, for each thing that can give them one.</summary>
public sealed class ManifestPlaceTests
{
    [Fact]
    public void A_manifest_has_all_fields_at_their_lines()
    {
        Assert.Equal(
            [
                "Replicas   1 apps/sonarr/app.yaml:7 Manifest",
                "Image sonarr  linuxserver/sonarr:4.0.16 apps/sonarr/app.yaml:18 Manifest",
                "Resources sonarr requests.cpu 100m apps/sonarr/app.yaml:21 Manifest",
                "Resources sonarr limits.memory 512Mi apps/sonarr/app.yaml:23 Manifest",
                "Image sidecar  ghcr.io/example/sidecar:1.0@sha256:0123 apps/sonarr/app.yaml:25 Manifest",
                "Claim  config pvc-sonarr apps/sonarr/app.yaml:29 Manifest",
                "Node  nodeSelector role=primary apps/sonarr/app.yaml:15 Manifest",
            ],
            new AppRepository().Manifests().Select(found => $"{found.Field} {found.Container} {found.Item} {found.Value} {found.Place} {found.Mechanism}"));
    }

    [Fact]
    public void Records_say_whose_they_are()
    {
        var first = new AppRepository().Manifests()[0];
        Assert.Equal("Deployment/media/sonarr", first.Reference.ToString());
        Assert.Equal("sonarr", first.App);
        Assert.Equal("spec.replicas", first.Path);
        Assert.Equal("Kustomization/flux-system/apps", first.Kustomization?.ToString());
    }

    [Fact]
    public void The_outermost_images_entry_wins()
    {
        var repository = new AppRepository().Adding("apps/sonarr/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newTag: 4.0.17\n");
        Assert.Equal("linuxserver/sonarr:4.0.17 apps/sonarr/kustomization.yaml:5 KustomizeImages", repository.Only(ManifestField.Image, "sonarr"));

        repository.Adding("apps/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newTag: 4.0.18\n");
        Assert.Equal("linuxserver/sonarr:4.0.18 apps/kustomization.yaml:5 KustomizeImages", repository.Only(ManifestField.Image, "sonarr"));

        repository.Adding("cluster/apps.yaml", "  images:\n    - name: linuxserver/sonarr\n      newTag: 4.0.19\n");
        Assert.Equal("linuxserver/sonarr:4.0.19 cluster/apps.yaml:13 KustomizeImages", repository.Only(ManifestField.Image, "sonarr"));
    }

    [Fact]
    public void An_images_entry_that_only_renames_leaves_the_tag_where_it_is()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newName: ghcr.io/mirror/sonarr\n");
        Assert.Equal("ghcr.io/mirror/sonarr:4.0.16 apps/sonarr/app.yaml:18 Manifest", repository.Only(ManifestField.Image, "sonarr"));
    }

    [Fact]
    public void A_renamed_image_is_followed_to_the_entry_of_its_new_name()
    {
        var repository = new AppRepository()
            .Adding("apps/sonarr/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newName: mirror/sonarr\n    newTag: '1'\n")
            .Adding("apps/kustomization.yaml", "images:\n  - name: other\n    newTag: '9'\n  - name: mirror/sonarr\n    digest: sha256:abcd\n");
        Assert.Equal("mirror/sonarr@sha256:abcd apps/kustomization.yaml:7 KustomizeImages", repository.Only(ManifestField.Image, "sonarr"));
    }

    [Fact]
    public void Replicas_of_a_kustomization_win_over_the_manifest()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "replicas:\n  - name: sonarr\n    count: 2\n");
        Assert.Equal("2 apps/kustomization.yaml:5 KustomizeReplicas", repository.Only(ManifestField.Replicas));
    }

    [Fact]
    public void Replicas_are_found_below_a_name_prefix()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "namePrefix: my-\nreplicas:\n  - name: my-sonarr\n    count: 2\n");
        Assert.Equal("2 apps/kustomization.yaml:6 KustomizeReplicas", repository.Only(ManifestField.Replicas));
    }

    [Fact]
    public void A_strategic_patch_in_place_is_found_at_its_own_line()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", """
            patches:
              - patch: |-
                  apiVersion: apps/v1
                  kind: Deployment
                  metadata:
                    name: sonarr
                    namespace: media
                  spec:
                    replicas: 3
                    template:
                      spec:
                        containers:
                          - name: sonarr
                            image: linuxserver/sonarr:5

            """);
        Assert.Equal("3 apps/kustomization.yaml:11 KustomizePatch", repository.Only(ManifestField.Replicas));
        Assert.Equal("linuxserver/sonarr:5 apps/kustomization.yaml:16 KustomizePatch", repository.Only(ManifestField.Image, "sonarr"));
    }

    [Fact]
    public void A_strategic_patch_in_a_file_wins_by_its_target()
    {
        var repository = new AppRepository()
            .Adding("apps/sonarr/kustomization.yaml", "patches:\n  - path: patch.yaml\n    target: {kind: Deployment}\n")
            .With("apps/sonarr/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: any}\nspec:\n  template:\n    spec:\n      nodeSelector:\n        role: backup\n");
        Assert.Equal("role=backup apps/sonarr/patch.yaml:8 KustomizePatch", repository.Only(ManifestField.Node));
    }

    [Fact]
    public void Of_two_patches_the_later_one_wins()
    {
        const string Patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sonarr, namespace: media}\nspec:\n  replicas: 4\n";
        var repository = new AppRepository().Adding("apps/sonarr/kustomization.yaml", "patchesStrategicMerge:\n  - one.yaml\n  - two.yaml\n")
            .With("apps/sonarr/one.yaml", Patch).With("apps/sonarr/two.yaml", Patch.Replace('4', '5'));
        Assert.Equal("5 apps/sonarr/two.yaml:5 KustomizePatch", repository.Only(ManifestField.Replicas));
    }

    [Fact]
    public void A_JSON_patch_in_place_and_in_a_file()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", """
            patches:
              - target: {kind: Deployment, name: sonarr}
                patch: |
                  - op: replace
                    path: /spec/replicas
                    value: 2
                  - op: replace
                    path: /spec/template/spec/containers/1/image
                    value: busybox:1.36
              - path: limits.yaml
                target: {kind: Deployment}

            """).With("apps/limits.yaml", "- op: add\n  path: /spec/template/spec/containers/0/resources\n  value:\n    limits:\n      memory: 1Gi\n");
        Assert.Equal("2 apps/kustomization.yaml:8 KustomizePatch", repository.Only(ManifestField.Replicas));
        Assert.Equal("busybox:1.36 apps/kustomization.yaml:11 KustomizePatch", repository.Only(ManifestField.Image, "sidecar"));
        Assert.Equal("1Gi apps/limits.yaml:5 KustomizePatch", repository.Only(ManifestField.Resources));
    }

    [Fact]
    public void A_component_has_the_last_word_over_the_base()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "components:\n  - ../components/two\n")
            .With("components/two/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplicas:\n  - name: sonarr\n    count: 2\n");
        Assert.Equal("2 components/two/kustomization.yaml:5 KustomizeReplicas", repository.Only(ManifestField.Replicas));
    }

    [Fact]
    public void A_component_of_the_Kustomization_itself()
    {
        var repository = new AppRepository().Adding("cluster/apps.yaml", "  components:\n    - ../components/two\n")
            .With("components/two/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplicas:\n  - name: sonarr\n    count: 2\n");
        Assert.Equal("2 components/two/kustomization.yaml:5 KustomizeReplicas", repository.Only(ManifestField.Replicas));
    }

    [Fact]
    public void A_patch_of_the_Kustomization_itself_wins_over_all_files()
    {
        var repository = new AppRepository()
            .Adding("apps/kustomization.yaml", "replicas:\n  - name: sonarr\n    count: 2\n")
            .Adding("cluster/apps.yaml", "  patches:\n    - target: {kind: Deployment}\n      patch: |\n        - op: replace\n          path: /spec/template/spec/volumes/0/persistentVolumeClaim/claimName\n          value: pvc-backup\n");
        Assert.Equal("pvc-backup cluster/apps.yaml:16 KustomizePatch", repository.Only(ManifestField.Claim));
        Assert.Equal("2 apps/kustomization.yaml:5 KustomizeReplicas", repository.Only(ManifestField.Replicas));
    }

    [Fact]
    public void A_patch_that_a_parent_puts_into_its_children_is_found_in_the_parent()
    {
        var repository = new AppRepository().Replacing("cluster/flux-system/sync.yaml", "  path: ./cluster\n", """
              path: ./cluster
              patches:
                - target: {kind: Kustomization}
                  patch: |-
                    apiVersion: kustomize.toolkit.fluxcd.io/v1
                    kind: Kustomization
                    metadata: {name: any}
                    spec:
                      patches:
                        - target: {kind: Deployment}
                          patch: |-
                            apiVersion: apps/v1
                            kind: Deployment
                            metadata: {name: any}
                            spec:
                              replicas: 7

            """);
        Assert.Equal("7 cluster/flux-system/sync.yaml:34 KustomizePatch", repository.Only(ManifestField.Replicas));
    }

    [Fact]
    public void A_variable_is_found_where_it_is_set()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "sonarr:4.0.16", "sonarr:${VERSION:=4.0.1}").Replacing("apps/sonarr/app.yaml", "replicas: 1", "replicas: ${COUNT}");
        repository.Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      COUNT: '3'\n");
        Assert.Equal("3 cluster/apps.yaml:13 Substitution", repository.Only(ManifestField.Replicas));
        Assert.Equal("linuxserver/sonarr:4.0.1 apps/sonarr/app.yaml:18 Substitution", repository.Only(ManifestField.Image, "sonarr"));

        repository.Adding("cluster/apps.yaml", "    substituteFrom:\n      - {kind: ConfigMap, name: versions}\n")
            .With("cluster/versions.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: versions, namespace: flux-system}\ndata:\n  VERSION: 4.0.2\n");
        Assert.Equal("linuxserver/sonarr:4.0.2 cluster/versions.yaml:5 Substitution", repository.Only(ManifestField.Image, "sonarr"));

        repository.Adding("cluster/apps.yaml", "").Replacing("cluster/apps.yaml", "      COUNT: '3'\n", "      COUNT: '3'\n      VERSION: 4.0.3\n");
        Assert.Equal("linuxserver/sonarr:4.0.3 cluster/apps.yaml:14 Substitution", repository.Only(ManifestField.Image, "sonarr"));
    }

    [Fact]
    public void A_variable_that_holds_the_whole_image()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "linuxserver/sonarr:4.0.16", "${IMAGE}")
            .Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      IMAGE: linuxserver/sonarr:9\n");
        Assert.Equal("linuxserver/sonarr:9 cluster/apps.yaml:13 Substitution", repository.Only(ManifestField.Image, "sonarr"));
    }

    [Fact]
    public void Names_with_variables_lead_to_their_containers()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "- name: sonarr\n", "- name: ${APP}\n").Replacing("apps/sonarr/app.yaml", "  name: sonarr\n", "  name: ${APP}\n")
            .Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      APP: radarr\n");
        Assert.Equal("linuxserver/sonarr:4.0.16 apps/sonarr/app.yaml:18 Manifest", repository.Only(ManifestField.Image, "radarr"));
    }

    [Fact]
    public void What_a_replacement_copies_is_not_taken_for_the_manifests_own()
    {
        var repository = new AppRepository().Adding("apps/sonarr/kustomization.yaml", """
            replacements:
              - source: {kind: Deployment, name: sonarr, fieldPath: metadata.name}
                targets:
                  - select: {kind: Deployment}
                    fieldPaths: [spec.template.spec.volumes.0.persistentVolumeClaim.claimName]

            """);
        Assert.Equal("sonarr  ", repository.Only(ManifestField.Claim));
    }

    [Fact]
    public void Anchors_lead_to_where_the_value_is_written()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "ghcr.io/example/sidecar:1.0@sha256:0123", "*image").Replacing("apps/sonarr/app.yaml", "linuxserver/sonarr:4.0.16", "&image linuxserver/sonarr:4.0.16");
        Assert.Equal("linuxserver/sonarr:4.0.16 apps/sonarr/app.yaml:18 Manifest", repository.Only(ManifestField.Image, "sidecar"));
    }

    [Fact]
    public void A_folder_without_a_kustomization_file_and_a_list_of_objects()
    {
        var repository = new AppRepository().With("cluster/more.yaml", Checked.Flux("more", "./more"))
            .With("more/list.yaml", "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: batch/v1\n    kind: CronJob\n    metadata: {name: job, namespace: media}\n    spec:\n      schedule: '* * * * *'\n      jobTemplate:\n        spec:\n          template:\n            spec:\n              containers:\n                - {name: job, image: 'busybox:1'}\n");
        Assert.Equal("busybox:1 more/list.yaml:14 Manifest", repository.Only(ManifestField.Image, "job"));
    }

    [Fact]
    public void Hosts_of_an_affinity_are_nodes()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "      nodeSelector:\n        role: primary\n", """
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms:
                          - matchExpressions:
                              - key: kubernetes.io/hostname
                                operator: In
                                values: [node2]

            """);
        Assert.Equal("node2 apps/sonarr/app.yaml:21 Manifest", repository.Only(ManifestField.Node));
    }

    [Theory]
    [InlineData("{key: role, operator: In, values: [primary]}", "role=primary")]
    [InlineData("{key: role, operator: NotIn, values: [backup]}", "role!=backup")]
    [InlineData("{key: disk, operator: Exists}", "disk")]
    [InlineData("{key: disk, operator: DoesNotExist}", "!disk")]
    [InlineData("{key: cores, operator: Gt, values: ['4']}", "cores>4")]
    [InlineData("{key: cores, operator: Lt, values: ['4']}", "cores<4")]
    public void Other_demands_of_an_affinity_are_written_as_selectors(string expression, string value)
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "      nodeSelector:\n        role: primary\n", $"      affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{{matchExpressions: [{expression}]}}]}}}}}}\n");
        Assert.Equal($"{value} apps/sonarr/app.yaml:14 Manifest", repository.Only(ManifestField.Node));
    }

    [Fact]
    public void A_label_without_a_value_is_asked_for_as_well() =>
        Assert.Equal("disk= apps/sonarr/app.yaml:15 Manifest", new AppRepository().Replacing("apps/sonarr/app.yaml", "role: primary", "disk: ''").Only(ManifestField.Node));
}
