using System.Text.Json;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Tests.Diagnosis.Manifests;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>An image is changed where it is defined, and in that place only.</summary>
public sealed class SetImageEditTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(":4.0.17", "image: linuxserver/sonarr:4.0.17 # the web server")]
    [InlineData("linuxserver/sonarr:4.0.17", "image: linuxserver/sonarr:4.0.17 # the web server")]
    [InlineData("ghcr.io/org/sonarr:1", "image: ghcr.io/org/sonarr:1 # the web server")]
    [InlineData("localhost:5000/sonarr:1.10", "image: localhost:5000/sonarr:1.10 # the web server")]
    [InlineData(":4.0.17@" + Digest, "image: linuxserver/sonarr:4.0.17@" + Digest + " # the web server")]
    [InlineData("linuxserver/sonarr@" + Digest, "image: linuxserver/sonarr@" + Digest + " # the web server")]
    public void In_a_manifest(string image, string expected)
    {
        var edit = Edit(image);
        Assert.Equal($"apps/sonarr/app.yaml - image: linuxserver/sonarr:4.0.16 # the web server\napps/sonarr/app.yaml + {expected}", new AppRepository().Edited(edit));
    }

    [Fact]
    public void The_message_names_the_tag()
    {
        Assert.Equal("Update sonarr to 4.0.17", Edit(":4.0.17").Message);
        Assert.Equal($"Update sonarr to {Digest}", Edit($"a/b@{Digest}").Message);
    }

    [Fact]
    public void An_old_digest_goes_with_its_tag() => Assert.Equal(
        "apps/sonarr/app.yaml - image: ghcr.io/example/sidecar:1.0@sha256:0123\napps/sonarr/app.yaml + image: ghcr.io/example/sidecar:1.1", new AppRepository().Edited(Edit(":1.1", "sidecar")));

    [Fact]
    public void A_container_is_known_by_its_image() => Assert.Equal(
        "apps/sonarr/app.yaml - image: ghcr.io/example/sidecar:1.0@sha256:0123\napps/sonarr/app.yaml + image: ghcr.io/example/sidecar:2", new AppRepository().Edited(Edit("ghcr.io/example/sidecar:2")));

    [Fact]
    public void Nothing_changes_where_it_is_so_already() => Assert.Empty(Edit(":4.0.16").Apply(new AppRepository().Files));

    [Fact]
    public void In_the_entry_of_images_that_wins()
    {
        var repository = new AppRepository().Adding("apps/sonarr/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newTag: 4.0.17\n").Adding("apps/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newTag: 4.0.18 # {\"$imagepolicy\": \"flux-system:sonarr:tag\"}\n");
        Assert.Equal("apps/kustomization.yaml - newTag: 4.0.18 # {\"$imagepolicy\": \"flux-system:sonarr:tag\"}\napps/kustomization.yaml + newTag: \"5.0\" # {\"$imagepolicy\": \"flux-system:sonarr:tag\"}", repository.Edited(Edit(":5.0")));
    }

    [Theory]
    [InlineData("postRenderers: [{kustomize: {images: [{name: ghcr.io/home-operations/sonarr, newTag: 9.9.9}]}}]", "spec.postRenderers[0].kustomize.images[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: 'image: a:1'}]}}]", "spec.postRenderers[0].kustomize.patches[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: '{\"spec\":{\"containers\":[{\"image\":\"a:1\"}]}}'}]}}]", "spec.postRenderers[0].kustomize.patches[0]")]
    [InlineData("postRenderers: [{kustomize: {patchesJson6902: [{target: {kind: Deployment}, patch: [{op: replace, path: /spec/template/spec/containers/0/image, value: a}]}]}}]", "spec.postRenderers[0].kustomize.patchesJson6902[0]")]
    [InlineData("postRenderers: [{kustomize: {patches: [{patch: 'replicas: 1'}], images: [{name: other, newTag: 9.9.9}]}}]", null)]
    [InlineData("valuesFrom: [{kind: ConfigMap, name: a}, {kind: Secret, name: b}]", null)]
    public void What_a_release_changes_after_its_values_is_not_overlooked(string spec, string? place)
    {
        var repository = new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "  values:\n", $"  {spec}\n  values:\n");
        Assert.Equal(place, repository.Overrides(ManifestField.Image));
        if (place is null)
        {
            Assert.Contains("+ tag: 4.0.17", repository.Edited(Edit(":4.0.17")), StringComparison.Ordinal);
            return;
        }

        var error = Assert.Throws<HomelabException>(() => Edit(":4.0.17").Apply(repository.Files));
        Assert.Equal("AppValueOverridden", error.Id);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains("+ tag: 4.0.17", repository.Edited(new SetImageEdit(new AppTarget { App = new("sonarr"), Force = true }, ":4.0.17")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{kind: ConfigMap, name: first}, {kind: Secret, name: late}", "spec.valuesFrom[1] (Secret/late)")]
    [InlineData("{kind: Secret, name: early}, {kind: ConfigMap, name: first}", null)]
    public void A_Secret_may_decide_what_a_ConfigMap_before_it_says(string sources, string? place)
    {
        var repository = new AppRepository(AppRepository.Release)
            .Replacing("apps/sonarr/app.yaml", "  values:\n", $"  valuesFrom: [{sources}]\n  values:\n")
            .Replacing("apps/sonarr/app.yaml", "              tag: 4.0.16\n", "")
            .Adding("apps/sonarr/kustomization.yaml", "  - map.yaml\n")
            .With("apps/sonarr/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: first, namespace: media}\ndata:\n  values.yaml: |\n    controllers: {sonarr: {containers: {app: {image: {tag: 4.0.20}}}}}\n");
        Assert.Equal(place, repository.Overrides(ManifestField.Image));
    }

    [Fact]
    public void An_entry_of_images_gets_a_new_name_and_a_digest()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newTag: 4.0.18\n");
        Assert.Equal(
            $"apps/kustomization.yaml - newTag: 4.0.18\napps/kustomization.yaml + newName: ghcr.io/org/sonarr\napps/kustomization.yaml + newTag: 5.0.1\napps/kustomization.yaml + digest: {Digest}",
            repository.Edited(Edit($"ghcr.io/org/sonarr:5.0.1@{Digest}")));
    }

    [Fact]
    public void A_digest_of_an_entry_makes_way_for_a_tag()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", $"images:\n  - name: linuxserver/sonarr\n    digest: {Digest}\n");
        Assert.Equal($"apps/kustomization.yaml - digest: {Digest}\napps/kustomization.yaml + newTag: 4.0.19", repository.Edited(Edit(":4.0.19")));
    }

    [Fact]
    public void A_renaming_entry_keeps_the_tag_in_the_manifest()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "images:\n  - name: linuxserver/sonarr\n    newName: mirror/sonarr\n");
        Assert.Equal("apps/sonarr/app.yaml - image: linuxserver/sonarr:4.0.16 # the web server\napps/sonarr/app.yaml + image: linuxserver/sonarr:4.0.17 # the web server", repository.Edited(Edit(":4.0.17")));
        Assert.Equal("apps/kustomization.yaml - newName: mirror/sonarr\napps/kustomization.yaml + newName: other/sonarr", repository.Edited(Edit("other/sonarr:4.0.17")));
    }

    [Fact]
    public void In_the_images_of_the_Flux_Kustomization()
    {
        var repository = new AppRepository().Adding("cluster/apps.yaml", "  images:\n    - name: linuxserver/sonarr\n      newTag: 4.0.19\n");
        Assert.Equal("cluster/apps.yaml - newTag: 4.0.19\ncluster/apps.yaml + newTag: 4.0.20", repository.Edited(Edit(":4.0.20")));
    }

    [Fact]
    public void In_a_patch_in_place()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "patches:\n  - target: {kind: Deployment}\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/image\n        value: linuxserver/sonarr:5 # why\n");
        Assert.Equal("apps/kustomization.yaml - value: linuxserver/sonarr:5 # why\napps/kustomization.yaml + value: linuxserver/sonarr:6 # why", repository.Edited(Edit(":6")));
    }

    [Fact]
    public void In_the_variable_that_it_comes_from()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "sonarr:4.0.16", "sonarr:${VERSION:=4.0.1}");
        repository.Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      OTHER: '3'\n");
        Assert.Equal("apps/sonarr/app.yaml - image: linuxserver/sonarr:${VERSION:=4.0.1} # the web server\napps/sonarr/app.yaml + image: linuxserver/sonarr:${VERSION:=4.0.2} # the web server", repository.Edited(Edit(":4.0.2")));

        repository.Adding("cluster/apps.yaml", "      VERSION: 4.0.3\n");
        Assert.Equal("cluster/apps.yaml - VERSION: 4.0.3\ncluster/apps.yaml + VERSION: '4.1'", repository.Edited(Edit(":4.1")));
        Assert.Equal(
            "cluster/apps.yaml - VERSION: '4.1'\ncluster/apps.yaml + VERSION: '4.1.2'\napps/sonarr/app.yaml - image: linuxserver/sonarr:${VERSION:=4.0.2} # the web server\napps/sonarr/app.yaml + image: other/sonarr:4.1.2 # the web server",
            repository.Edited(Edit("other/sonarr:4.1.2")));
    }

    [Theory]
    [InlineData("TAG: 4.0.16", ":1.10", "TAG: '\"1.10\"'")]
    [InlineData("TAG: 4.0.16", ":20240101", "TAG: '\"20240101\"'")]
    [InlineData("TAG: 4.0.16", ":on", "TAG: '\"on\"'")]
    [InlineData("TAG: 4.0.16", ":0123", "TAG: '\"0123\"'")]
    [InlineData("TAG: '1.10'", ":1.10", "TAG: '\"1.10\"'")]
    [InlineData("TAG: '1.9'", ":1.10.2", "TAG: '1.10.2'")]
    [InlineData("TAG: '\"1.9\"'", ":1.10", "TAG: '\"1.10\"'")]
    public void In_a_variable_a_tag_stays_text(string before, string image, string after)
    {
        var repository = Tagged("${TAG}").Adding("cluster/apps.yaml", $"  postBuild:\n    substitute:\n      QUOTED: 'x'\n      {before}\n");
        Assert.Equal($"cluster/apps.yaml - {before}\ncluster/apps.yaml + {after}", repository.Edited(Edit(image)));
        AssertText(repository, image[1..]);
    }

    [Fact]
    public void In_the_ConfigMap_or_default_of_a_variable_a_tag_stays_text()
    {
        var repository = Tagged("${TAG}").With("cluster/versions.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: versions, namespace: flux-system}\ndata:\n  TAG: 4.0.16\n")
            .Adding("cluster/apps.yaml", "  postBuild:\n    substituteFrom:\n      - {kind: ConfigMap, name: versions}\n");
        Assert.Equal("cluster/versions.yaml - TAG: 4.0.16\ncluster/versions.yaml + TAG: \"\\\"1.10\\\"\"", repository.Edited(Edit(":1.10")));
        AssertText(repository, "1.10");

        repository = Tagged("${TAG:=4.0.16}").Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      OTHER: '3'\n");
        Assert.Equal("apps/sonarr/app.yaml - tag: ${TAG:=4.0.16}\napps/sonarr/app.yaml + tag: ${TAG:=\"1.10\"}", repository.Edited(Edit(":1.10")));
        AssertText(repository, "1.10");
    }

    [Theory]
    [InlineData("apps/sonarr/app.yaml", "  annotations: {version: 'v${TAG}'}\n", "  name: sonarr\n")]
    [InlineData("apps/sonarr/kustomization.yaml", "configMapGenerator: [{name: about, literals: ['text=v${TAG}']}]\n", "")]
    public void Quotes_that_would_get_into_something_else_are_not_written(string file, string text, string after)
    {
        var repository = Tagged("${TAG}").Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      TAG: 4.0.16\n");
        repository.With(file, after.Length == 0 ? repository.Text(file) + text : repository.Text(file).Replace(after, after + text, StringComparison.Ordinal));
        var error = Refused(repository, new SetImageEdit(new() { App = new("sonarr"), Force = true }, ":1.10"));
        Assert.Equal("AppValueUntyped", error.Id);
        Assert.Contains("TAG (cluster/apps.yaml:", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(repository.Edited(Edit(":1.10.2")));
    }

    [Fact]
    public void What_Helm_would_take_for_a_number_gets_quotes_of_its_own()
    {
        var repository = new AppRepository(AppRepository.Release)
            .Replacing("apps/sonarr/app.yaml", "  values:\n", "  valuesFrom: [{kind: ConfigMap, name: map, valuesKey: tag, targetPath: controllers.sonarr.containers.app.image.tag}]\n  values:\n")
            .Replacing("apps/sonarr/app.yaml", "              tag: 4.0.16\n", "")
            .Adding("apps/sonarr/kustomization.yaml", "  - map.yaml\n")
            .With("apps/sonarr/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map, namespace: media}\ndata:\n  tag: 4.0.16\n");
        Assert.Equal("apps/sonarr/map.yaml - tag: 4.0.16\napps/sonarr/map.yaml + tag: \"\\\"20251101\\\"\"", repository.Edited(Edit(":20251101")));
        Assert.Equal("apps/sonarr/map.yaml - tag: \"\\\"20251101\\\"\"\napps/sonarr/map.yaml + tag: \"\\\"20251202\\\"\"", repository.Edited(Edit(":20251202")));
        Assert.Contains("+ tag: \"\\\"4.0.17\\\"\"", repository.Edited(Edit(":4.0.17")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_Kustomization_could_not_be_built_with_nothing_forces()
    {
        var cut = "resources: [../apps/sonarr]\nnamespace: tv\nreplacements:\n  - source: {kind: Deployment, name: sonarr, fieldPath: spec.template.spec.containers.0.image, options: {delimiter: ., index: 2}}\n    targets: [{select: {kind: Deployment}, fieldPaths: [metadata.labels.patch], options: {create: true}}]\n";
        var repository = new AppRepository().With("cluster/tv.yaml", Checked.Flux("tv", "./tv")).With("tv/kustomization.yaml", cut);
        var target = new AppTarget { App = new("media/sonarr"), Force = true };
        Assert.Single(new SetImageEdit(target, ":4.0.17", "sonarr").Apply(repository.Files));

        var error = Refused(repository, new SetImageEdit(target, ":5", "sonarr"));
        Assert.Equal("AppUnbuildable", error.Id);
        Assert.Contains("Kustomization/flux-system/tv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_values_of_a_release_tag_and_digest_stay_together()
    {
        Assert.Equal("apps/sonarr/app.yaml - tag: 4.0.16\napps/sonarr/app.yaml + tag: 4.0.17", new AppRepository(AppRepository.Release).Edited(Edit(":4.0.17")));
        Assert.Equal($"apps/sonarr/app.yaml - tag: 4.0.16\napps/sonarr/app.yaml + tag: 4.0.17@{Digest}", new AppRepository(AppRepository.Release).Edited(Edit($":4.0.17@{Digest}")));
        Assert.Equal(
            "apps/sonarr/app.yaml - repository: ghcr.io/home-operations/sonarr\napps/sonarr/app.yaml - tag: 4.0.16\napps/sonarr/app.yaml + repository: ghcr.io/other/sonarr\napps/sonarr/app.yaml + tag: \"5\"",
            new AppRepository(AppRepository.Release).Edited(Edit("ghcr.io/other/sonarr:5")));
        Assert.Equal(
            $"apps/sonarr/app.yaml - tag: 4.0.16@{Digest}\napps/sonarr/app.yaml + tag: 4.0.17",
            new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "tag: 4.0.16", $"tag: 4.0.16@{Digest}").Edited(Edit(":4.0.17")));
    }

    [Fact]
    public void A_digest_of_its_own_in_values_is_replaced_or_goes()
    {
        AppRepository Repository() => new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "              tag: 4.0.16\n", "              tag: 4.0.16\n              digest: sha256:00\n");
        Assert.Equal("apps/sonarr/app.yaml - tag: 4.0.16\napps/sonarr/app.yaml - digest: sha256:00\napps/sonarr/app.yaml + tag: 4.0.17", Repository().Edited(Edit(":4.0.17")));
        Assert.Equal($"apps/sonarr/app.yaml - tag: 4.0.16\napps/sonarr/app.yaml - digest: sha256:00\napps/sonarr/app.yaml + tag: 4.0.17\napps/sonarr/app.yaml + digest: {Digest}", Repository().Edited(Edit($":4.0.17@{Digest}")));
    }

    [Theory]
    [InlineData("linuxserver/sonarr", "ImageTagRequired")]
    [InlineData("localhost:5000/sonarr", "ImageTagRequired")]
    [InlineData("", "ImageTagRequired")]
    [InlineData(":", "ImageInvalid")]
    [InlineData("a b:1", "ImageInvalid")]
    [InlineData("Sonarr:1", "ImageInvalid")]
    [InlineData("ghcr.io/Org/app:1", "ImageInvalid")]
    [InlineData(":tag/with/slash", "ImageInvalid")]
    [InlineData("org/app:-1", "ImageInvalid")]
    [InlineData("org/app:1@sha256:12", "ImageInvalid")]
    [InlineData("https://org/app:1", "ImageInvalid")]
    public void What_is_no_image_is_refused_at_once(string image, string id) => Assert.Equal(id, Assert.Throws<HomelabException>(() => Edit(image)).Id);

    [Fact]
    public void An_unknown_application_and_one_in_two_places()
    {
        Assert.Equal("AppNotFound", Refused(new(), new SetImageEdit(new() { App = new("radarr") }, ":1")).Id);
        Assert.Contains("sonarr", Refused(new(), new SetImageEdit(new() { App = new("sonar") }, ":1")).Message, StringComparison.Ordinal);

        var two = new AppRepository().With("cluster/tv.yaml", Checked.Flux("tv", "./tv", "targetNamespace: tv")).With("tv/kustomization.yaml", "resources: [../apps/sonarr]\n");
        Assert.Equal("AppAmbiguous", Refused(two, Edit(":1")).Id);
        Assert.Contains("Deployment/tv/sonarr", Refused(two, Edit(":1")).Message, StringComparison.Ordinal);

        // Both are built of the same file.
        Assert.Equal("AppValueShared", Refused(two, new SetImageEdit(new() { App = new("tv/sonarr") }, ":1", "sonarr")).Id);
        Assert.Equal("AppValueShared", Refused(two, new SetImageEdit(new() { App = new("sonarr"), Kustomization = "apps" }, ":1", "sonarr")).Id);
        Assert.Single(new SetImageEdit(new() { App = new("sonarr"), Kustomization = "flux-system/apps", Force = true }, ":1", "sonarr").Apply(two.Files));
    }

    [Fact]
    public void Which_Kustomization_was_meant_is_told_by_those_that_there_are()
    {
        var error = Refused(new(), new SetImageEdit(new() { App = new("sonarr"), Kustomization = "nosuch" }, ":1", "sonarr"));
        Assert.Equal("AppNotFound", error.Id);
        Assert.StartsWith("The Flux Kustomization 'nosuch' does not apply 'sonarr'. These do: flux-system/apps.", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Flux applies no application 'nobody'", Refused(new(), new SetImageEdit(new() { App = new("nobody"), Kustomization = "nosuch" }, ":1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_must_be_known()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "- name: sonarr\n", "- name: web\n");
        Assert.Equal("ContainerRequired", Refused(repository, Edit(":1")).Id);
        Assert.Equal("ContainerNotFound", Refused(repository, Edit(":1", "none")).Id);
    }

    [Fact]
    public void A_file_with_a_syntax_error_is_named_with_line_and_column()
    {
        var error = Refused(new AppRepository().Replacing("apps/sonarr/app.yaml", "replicas: 1", "replicas: [1"), Edit(":1"));
        Assert.Equal("ManifestInvalid", error.Id);
        Assert.StartsWith("apps/sonarr/app.yaml:7:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_SOPS_has_encrypted_is_left_alone()
    {
        var error = Refused(new AppRepository().Adding("apps/sonarr/app.yaml", "sops:\n  mac: ENC[AES256_GCM,data:x]\n"), Edit(":1"));
        Assert.Equal("ManifestEditRefused", error.Id);
    }

    [Fact]
    public void What_aliases_share_is_changed_when_that_is_asked_for()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "ghcr.io/example/sidecar:1.0@sha256:0123", "*image").Replacing("apps/sonarr/app.yaml", "linuxserver/sonarr:4.0.16", "&image linuxserver/sonarr:4.0.16");
        Assert.Equal("ManifestValueShared", Refused(repository, Edit(":1", "sonarr")).Id);
        Assert.Contains("&image linuxserver/sonarr:1", repository.Edited(new SetImageEdit(new() { App = new("sonarr"), Force = true }, ":1", "sonarr")), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_clusters_whose_Kustomizations_have_the_same_names_one_is_known_by_its_file()
    {
        var repository = new AppRepository();
        repository.With("apps/staging/app.yaml", repository.Text("apps/sonarr/app.yaml")).With("apps/staging/kustomization.yaml", "resources: [app.yaml]\n");
        repository.With("staging/apps.yaml", repository.Text("cluster/apps.yaml").Replace("./apps", "./apps/staging", StringComparison.Ordinal));
        repository.With("staging/flux-system/sync.yaml", repository.Text("cluster/flux-system/sync.yaml").Replace("./cluster", "./staging", StringComparison.Ordinal));
        var error = Refused(repository, Edit(":1"));
        Assert.Equal("AppAmbiguous", error.Id);
        Assert.Contains("staging/apps.yaml", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("apps/staging/app.yaml - ", repository.Edited(new SetImageEdit(new() { App = new("sonarr"), Kustomization = "staging/apps.yaml" }, ":1")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_replacement_decides_cannot_be_edited()
    {
        var repository = new AppRepository().Adding("apps/sonarr/kustomization.yaml", "replacements:\n  - source: {kind: Deployment, name: sonarr, fieldPath: metadata.name}\n    targets:\n      - select: {kind: Deployment}\n        fieldPaths: [spec.template.spec.containers.0.image]\n");
        Assert.Equal("AppValueUnproven", Refused(repository, Edit(":1", "sonarr")).Id);
    }

    private static AppRepository Tagged(string tag) => new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "tag: 4.0.16", "tag: " + tag);

    private static void AssertText(AppRepository repository, string tag)
    {
        var view = repository.View();
        var value = ObjectPath.Of("controllers", "sonarr", "containers", "app", "image", "tag").Find(view.Content(Assert.Single(view.Apps)));
        Assert.Equal((JsonValueKind.String, tag), (value!.GetValueKind(), value.GetValue<string>()));
    }

    private static SetImageEdit Edit(string image, string? container = null) => new(new AppTarget { App = new("sonarr") }, image, container);

    private static HomelabException Refused(AppRepository repository, SetImageEdit edit) => Assert.Throws<HomelabException>(() => edit.Apply(repository.Files));
}
