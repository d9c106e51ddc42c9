using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>The number of pods is changed where it is defined.</summary>
public sealed class SetReplicasEditTests
{
    [Fact]
    public void In_a_manifest()
    {
        Assert.Equal("apps/sonarr/app.yaml - replicas: 1\napps/sonarr/app.yaml + replicas: 0", new AppRepository().Edited(Edit(0)));
        Assert.Equal("Scale sonarr to 2", Edit(2).Message);
    }

    [Fact]
    public void In_the_replicas_of_a_kustomization()
    {
        var repository = new AppRepository().Adding("apps/kustomization.yaml", "replicas:\n  - name: sonarr\n    count: 2 # two\n");
        Assert.Equal("apps/kustomization.yaml - count: 2 # two\napps/kustomization.yaml + count: 3 # two", repository.Edited(Edit(3)));
    }

    [Fact]
    public void In_a_patch_that_a_parent_puts_into_its_children()
    {
        var repository = new AppRepository().Replacing("cluster/flux-system/sync.yaml", "  path: ./cluster\n", "  path: ./cluster\n  patches:\n    - target: {kind: Kustomization, name: apps}\n      patch: |\n        apiVersion: kustomize.toolkit.fluxcd.io/v1\n        kind: Kustomization\n        metadata: {name: any}\n        spec:\n          patches:\n            - target: {kind: Deployment}\n              patch: |\n                - op: replace\n                  path: /spec/replicas\n                  value: 7\n");
        Assert.Equal("cluster/flux-system/sync.yaml - value: 7\ncluster/flux-system/sync.yaml + value: 2", repository.Edited(Edit(2)));
    }

    [Fact]
    public void In_a_variable_it_stays_a_text()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "replicas: 1", "replicas: ${COUNT}").Adding("cluster/apps.yaml", "  postBuild:\n    substituteFrom:\n      - {kind: ConfigMap, name: counts}\n")
            .With("cluster/counts.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: counts, namespace: flux-system}\ndata:\n  COUNT: \"1\"\n");
        Assert.Equal("cluster/counts.yaml - COUNT: \"1\"\ncluster/counts.yaml + COUNT: \"2\"", repository.Edited(Edit(2)));
    }

    [Fact]
    public void In_the_values_of_a_release() => Assert.Equal("apps/sonarr/app.yaml - replicas: 1\napps/sonarr/app.yaml + replicas: 2", new AppRepository(AppRepository.Release).Edited(Edit(2)));

    [Fact]
    public void In_a_ConfigMap_of_values()
    {
        var repository = new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "  values:\n", "  valuesFrom:\n    - {kind: ConfigMap, name: first}\n  values:\n").Replacing("apps/sonarr/app.yaml", "        replicas: 1\n", "")
            .Adding("apps/sonarr/kustomization.yaml", "  - maps.yaml\n").With("apps/sonarr/maps.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: first, namespace: media}\ndata:\n  values.yaml: |\n    controllers:\n      sonarr:\n        replicas: 5 # many\n");
        Assert.Equal("apps/sonarr/maps.yaml - replicas: 5 # many\napps/sonarr/maps.yaml + replicas: 2 # many", repository.Edited(Edit(2)));
    }

    [Fact]
    public void Where_nothing_says_it_a_person_would_put_it_first()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "  replicas: 1\n", "");
        Assert.Equal("apps/sonarr/app.yaml + replicas: 2", repository.Edited(Edit(2)));
        Assert.Contains("spec:\n  replicas: 2\n  selector:", repository.Text("apps/sonarr/app.yaml"), StringComparison.Ordinal);

        var release = new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "        replicas: 1\n", "");
        Assert.Equal("apps/sonarr/app.yaml + replicas: 2", release.Edited(Edit(2)));
    }

    [Fact]
    public void What_has_no_number_of_pods_is_refused()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "kind: Deployment", "kind: DaemonSet").Replacing("apps/sonarr/app.yaml", "  replicas: 1\n", "");
        Assert.Equal("AppFieldMissing", Assert.Throws<HomelabException>(() => Edit(2).Apply(repository.Files)).Id);
        Assert.Equal("ReplicasInvalid", Assert.Throws<HomelabException>(() => Edit(-1)).Id);
    }

    [Fact]
    public void A_variable_that_others_use_is_not_changed_unasked()
    {
        var repository = new AppRepository().Replacing("apps/sonarr/app.yaml", "replicas: 1", "replicas: ${COUNT}").Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      COUNT: '1'\n")
            .Adding("apps/sonarr/kustomization.yaml", "  - other.yaml\n").With("apps/sonarr/other.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other, namespace: media}\nspec:\n  replicas: ${COUNT}\n");
        var error = Assert.Throws<HomelabException>(() => Edit(2).Apply(repository.Files));
        Assert.Equal("AppValueShared", error.Id);
        Assert.Contains("Deployment/media/other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_controller_has_to_be_one_of_the_release()
    {
        static SetReplicasEdit Of(string controller) => new(new AppTarget { App = new("sonarr") }, 3, controller);
        static string Message(AppRepository repository, SetReplicasEdit edit, string id = "ContainerNotFound")
        {
            var error = Assert.Throws<HomelabException>(() => edit.Apply(repository.Files));
            Assert.Equal(id, error.Id);
            return error.Message;
        }

        Assert.StartsWith("'sonarr' has no controllers", Message(new(), Of("web")), StringComparison.Ordinal);
        Assert.StartsWith("The release 'sonarr' has no controller 'web'. It has: sonarr.", Message(new(AppRepository.Release), Of("web")), StringComparison.Ordinal);

        // One without a number gets one; of several one has to be named.
        var two = new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "    controllers:\n", "    controllers:\n      web: {containers: {app: {image: {repository: a, tag: b}}}}\n      jobs: {replicas: 1}\n").Replacing("apps/sonarr/app.yaml", "      sonarr:\n        replicas: 1\n", "      tv:\n        replicas: 1\n");
        Assert.Contains("replicas: 3", two.Edited(Of("web")), StringComparison.Ordinal);
        Assert.StartsWith("The release 'sonarr' has several controllers: web, jobs, tv. Say which one with -Controller.", Message(two, Edit(3), "ContainerRequired"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replicas: \"1\"", "replicas: \"3\"")]
    [InlineData("replicas: 1", "replicas: 3")]
    public void Quotes_stay_as_they_are(string before, string after) =>
        Assert.Equal($"apps/sonarr/app.yaml - {before}\napps/sonarr/app.yaml + {after}", new AppRepository(AppRepository.Release).Replacing("apps/sonarr/app.yaml", "replicas: 1", before).Edited(Edit(3)));

    private static SetReplicasEdit Edit(int replicas) => new(new AppTarget { App = new("sonarr") }, replicas);
}
