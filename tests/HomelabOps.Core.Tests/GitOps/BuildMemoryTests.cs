using System.Text;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>What a build gave is used again only while everything is as it was.</summary>
public sealed class BuildMemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("homelabops-memory-").FullName;

    public BuildMemoryTests()
    {
        Write("cluster/apps.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec: {path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}, postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}}\n");
        Write("cluster/settings.yaml", Settings("one"));
        Write("apps/kustomization.yaml", "resources: [a.yaml]\n");
        Write("apps/a.yaml", Map("a", "${COLOUR}"));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Nothing_is_built_twice_and_every_change_is_seen()
    {
        var first = Objects();
        Assert.Equal(["a=one"], Said(first));
        Assert.Same(first[0].Content, Objects()[0].Content);

        Write("cluster/settings.yaml", Settings("two"));
        Assert.Equal(["a=two"], Said(Objects()));

        Write("apps/a.yaml", Map("a", "plain"));
        Assert.Equal(["a=plain"], Said(Objects()));

        Write("apps/kustomization.yaml", "resources: [a.yaml, more]\n");
        Write("apps/more/b.yaml", Map("b", "${COLOUR}"));
        Write("apps/more/kustomization.yaml", "resources: [b.yaml]\n");
        Assert.Equal(["a=plain", "b=two"], Said(Objects()));

        // Without the file Flux takes what lies in the folder.
        File.Delete(Path.Combine(_root, "apps/kustomization.yaml"));
        File.Delete(Path.Combine(_root, "apps/more/kustomization.yaml"));
        Assert.Equal(["a=plain", "b=two"], Said(Objects()));
        Write("apps/more/c.yaml", Map("c", "x"));
        Assert.Equal(["a=plain", "b=two", "c=x"], Said(Objects()));

        File.Delete(Path.Combine(_root, "cluster/settings.yaml"));
        Assert.Equal(["a=plain", "b=${COLOUR}", "c=x"], Said(Objects()));
    }

    // Its time may stay the same when it is written once more.
    [Fact]
    public void What_was_written_a_moment_ago_is_read_again()
    {
        Write("apps/a.yaml", Map("a", "first"), isOld: false);
        Assert.Equal(["a=first"], Said(Objects()));
        Write("apps/a.yaml", Map("a", "again"), isOld: false);
        Assert.Equal(["a=again"], Said(Objects()));
    }

    private static string Settings(string colour) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings, namespace: flux-system}}\ndata: {{COLOUR: {colour}}}\n";

    private static string Map(string name, string value) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{value: '{value}'}}\n";

    private static string[] Said(IReadOnlyList<BuiltObject> objects) => [.. objects.Select(item => $"{item.Content["metadata"]!["name"]}={item.Content["data"]!["value"]}").Order(StringComparer.Ordinal)];

    private IReadOnlyList<BuiltObject> Objects()
    {
        var files = new CachedFiles(new DiskFiles(_root));
        return FluxForest.Build(RepositoryIndex.Read(files), files, TestContext.Current.CancellationToken).SelectMany(tree => tree.Nodes).Single(node => node.Name == "apps").Objects;
    }

    private void Write(string path, string text, bool isOld = true)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, Encoding.UTF8.GetBytes(text));
        if (isOld)
        {
            File.SetLastWriteTimeUtc(full, DateTime.UtcNow.AddMinutes(-1));
        }
    }
}
