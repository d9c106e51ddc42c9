using HomelabOps.Core.GitOps.Effective;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>Where values of Helm releases come from.</summary>
public sealed class ReleasePlaceTests
{
    [Fact]
    public void Values_of_app_template_have_all_fields_at_their_lines()
    {
        Assert.Equal(
            [
                "Node  nodeSelector node1 apps/sonarr/app.yaml:12 HelmValues spec.values.defaultPodOptions.nodeSelector[\"kubernetes.io/hostname\"]",
                "Replicas  sonarr 1 apps/sonarr/app.yaml:15 HelmValues spec.values.controllers.sonarr.replicas",
                "Image app  ghcr.io/home-operations/sonarr:4.0.16 apps/sonarr/app.yaml:20 HelmValues spec.values.controllers.sonarr.containers.app.image.tag",
                "Resources app limits.memory 4Gi apps/sonarr/app.yaml:23 HelmValues spec.values.controllers.sonarr.containers.app.resources.limits.memory",
                "Claim  config pvc-sonarr apps/sonarr/app.yaml:26 HelmValues spec.values.persistence.config.existingClaim",
            ],
            new AppRepository(AppRepository.Release).Manifests().Select(found => $"{found.Field} {found.Container} {found.Item} {found.Value} {found.Place} {found.Mechanism} {found.Path}"));
    }

    [Fact]
    public void A_ConfigMap_gives_what_the_release_does_not_set_itself()
    {
        var repository = new AppRepository(AppRepository.Release)
            .Replacing("apps/sonarr/app.yaml", "  values:\n", "  valuesFrom:\n    - {kind: ConfigMap, name: first}\n    - {kind: ConfigMap, name: second, valuesKey: more.yaml}\n  values:\n")
            .Replacing("apps/sonarr/app.yaml", "        replicas: 1\n", "")
            .Replacing("apps/sonarr/app.yaml", "              tag: 4.0.16\n", "")
            .Adding("apps/sonarr/kustomization.yaml", "  - maps.yaml\n")
            .With("apps/sonarr/maps.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: first, namespace: media}
                data:
                  values.yaml: |
                    controllers:
                      sonarr:
                        replicas: 5
                        containers:
                          app: {image: {tag: 4.0.20}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: second, namespace: media}
                data:
                  more.yaml: |
                    # the other file
                    controllers:
                      sonarr:
                        replicas: 6

                """);
        Assert.Equal("6 apps/sonarr/maps.yaml:20 HelmValues", repository.Only(ManifestField.Replicas));
        Assert.Equal("ghcr.io/home-operations/sonarr:4.0.20 apps/sonarr/maps.yaml:10 HelmValues", repository.Only(ManifestField.Image));
    }

    [Fact]
    public void A_generated_ConfigMap_leads_to_its_file()
    {
        var repository = new AppRepository(AppRepository.Release)
            .Replacing("apps/sonarr/app.yaml", "  values:\n", "  valuesFrom:\n    - {kind: ConfigMap, name: sonarr-values}\n  values:\n")
            .Replacing("apps/sonarr/app.yaml", "              tag: 4.0.16\n", "")
            .Adding("apps/sonarr/kustomization.yaml", "configMapGenerator:\n  - name: sonarr-values\n    namespace: media\n    files: [values.yaml=helm/values.yaml]\nconfigurations: [names.yaml]\n")
            .With("apps/sonarr/names.yaml", "nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs:\n      - {path: spec/valuesFrom/name, kind: HelmRelease}\n")
            .With("apps/sonarr/helm/values.yaml", "controllers:\n  sonarr:\n    containers:\n      app:\n        image:\n          tag: 4.0.21\n");
        Assert.Equal("ghcr.io/home-operations/sonarr:4.0.21 apps/sonarr/helm/values.yaml:6 HelmValues", repository.Only(ManifestField.Image));
    }

    [Fact]
    public void A_patch_of_the_release_wins_over_its_manifest()
    {
        var repository = new AppRepository(AppRepository.Release).Adding("cluster/apps.yaml", "  patches:\n    - target: {kind: HelmRelease}\n      patch: |\n        apiVersion: helm.toolkit.fluxcd.io/v2\n        kind: HelmRelease\n        metadata: {name: any}\n        spec:\n          values:\n            defaultPodOptions:\n              nodeSelector:\n                kubernetes.io/hostname: node9\n");
        Assert.Equal("node9 cluster/apps.yaml:21 KustomizePatch", repository.Only(ManifestField.Node));
    }

    [Fact]
    public void Variables_of_a_release()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "tag: 4.0.16", "tag: ${TAG}").Replacing("apps/sonarr/app.yaml", "existingClaim: pvc-sonarr", "existingClaim: ${CLAIM:-pvc-default}")
            .Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      TAG: 4.0.30\n");
        Assert.Equal("ghcr.io/home-operations/sonarr:4.0.30 cluster/apps.yaml:13 Substitution", repository.Only(ManifestField.Image));
        Assert.Equal("pvc-default apps/sonarr/app.yaml:26 Substitution", repository.Only(ManifestField.Claim));
    }

    [Fact]
    public void Other_charts_have_images_as_texts_and_with_registries()
    {
        var repository = new AppRepository(AppRepository.Release[..AppRepository.Release.IndexOf("    defaultPodOptions", StringComparison.Ordinal)] + """
                replicaCount: 2
                image: {registry: quay.io, repository: org/app, tag: v1}
                webhook:
                  image: docker.io/org/hook:2
                settings:
                  worker: {version: 3}

            """);
        Assert.Equal("2 apps/sonarr/app.yaml:10 HelmValues", repository.Only(ManifestField.Replicas));
        Assert.Equal("docker.io/org/hook:2 apps/sonarr/app.yaml:13 HelmValues", repository.Only(ManifestField.Image, "webhook"));
        Assert.Contains(repository.Manifests(), manifest => manifest is { Field: ManifestField.Image, Container: "", Value: "quay.io/org/app:v1", Line: 11 });
        Assert.Contains(repository.Manifests(new ValuePattern(ManifestField.Image, "settings.*.version")), manifest => manifest is { Field: ManifestField.Image, Value: "3", Line: 15 });
    }
}
