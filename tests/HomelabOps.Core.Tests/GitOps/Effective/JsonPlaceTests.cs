using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.GitOps.Index;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>A manifest in JSON that a kustomization file names has places, and is edited there.</summary>
public sealed class JsonPlaceTests
{
    private const string Json = """
        {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "metadata": {"name": "radarr", "namespace": "media"},
          "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": "radarr"}},
            "template": {
              "metadata": {"labels": {"app": "radarr"}},
              "spec": {
                "containers": [
                  {"name": "radarr", "image": "linuxserver/radarr:5.0.1"}
                ]
              }
            }
          }
        }

        """;

    private static AppRepository Repository => new AppRepository().Replacing("apps/sonarr/kustomization.yaml", "app.yaml\n", "app.yaml\n  - radarr.json\n").With("apps/sonarr/radarr.json", Json).With("apps/sonarr/dashboard.json", "{ no manifest");

    [Fact]
    public void Its_values_have_their_lines() => Assert.Equal(
        ["Replicas 1 apps/sonarr/radarr.json:6 Manifest", "Image linuxserver/radarr:5.0.1 apps/sonarr/radarr.json:12 Manifest"],
        Repository.Manifests().Where(found => found.App == "radarr").Select(found => $"{found.Field} {found.Value} {found.Place} {found.Mechanism}"));

    [Fact]
    public void It_is_edited()
    {
        var target = new AppTarget { App = new("radarr") };
        var repository = Repository;
        Assert.Equal(
            "apps/sonarr/radarr.json - {\"name\": \"radarr\", \"image\": \"linuxserver/radarr:5.0.1\"}\napps/sonarr/radarr.json + {\"name\": \"radarr\", \"image\": \"linuxserver/radarr:6\"}",
            repository.Edited(new SetImageEdit(target, ":6")));
        Assert.Equal("apps/sonarr/radarr.json - \"replicas\": 1,\napps/sonarr/radarr.json + \"replicas\": 0,", repository.Edited(new SetReplicasEdit(target, 0)));
        Assert.Contains("\"resources\": {\"limits\": {\"memory\": \"1Gi\"}}", repository.Edited(new SetResourcesEdit(target, new Dictionary<string, string> { ["limits.memory"] = "1Gi" })), StringComparison.Ordinal);
        Assert.Equal("1Gi apps/sonarr/radarr.json:12 Manifest", repository.Only(ManifestField.Resources, "radarr"));
    }

    [Fact]
    public void Other_JSON_is_no_part_of_the_index()
    {
        var index = RepositoryIndex.Read(Repository.Files, TestContext.Current.CancellationToken);
        Assert.Equal(["/apps/sonarr/radarr.json"], index.Files.Where(IndexedFile.IsJson));
        Assert.Empty(index.Problems);
    }
}
