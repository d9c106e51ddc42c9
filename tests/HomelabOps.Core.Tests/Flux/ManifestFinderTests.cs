using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Tracing;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Tests.GitOps;

namespace HomelabOps.Core.Tests.Flux;

public sealed class ManifestFinderTests
{
    private const string Web = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec: {}\n";

    private readonly List<string> _notes = [];

    [Fact]
    public void Prefix_namespace_and_base_do_not_mislead()
    {
        var files = new MemoryFiles(
            ("base/web.yaml", "# one\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\n" + Web),
            ("base/kustomization.yaml", "resources: [web.yaml]\n"),
            ("blue/kustomization.yaml", "namespace: blue\nnamePrefix: b-\nresources: [../base]\n"),
            ("green/kustomization.yaml", "namespace: green\nresources: [web.yaml]\n"),
            ("green/web.yaml", Web));
        Assert.Equal(new("base/web.yaml", 7), Find(files, "blue", new("apps", "Deployment", "blue", "b-web")));
        Assert.Equal(new("base/web.yaml", 3), Find(files, "blue", new("", "Service", "blue", "b-web")));
        Assert.Equal(new("green/web.yaml", 1), Find(files, "green", new("apps", "Deployment", "green", "web")));
        Assert.Empty(_notes);
    }

    [Fact]
    public void A_generated_object_leads_to_the_entry_that_makes_it()
    {
        var files = new MemoryFiles(("apps/kustomization.yaml", "configMapGenerator:\n  - name: other\n    literals: [a=b]\n  - name: settings\n    literals: [a=b]\nnamespace: media\n"));
        var name = (string)KustomizeBuild.Run(files, "/apps").Objects[^1].Content["metadata"]!["name"]!;
        Assert.StartsWith("settings-", name, StringComparison.Ordinal);
        Assert.Equal(new("apps/kustomization.yaml", 4), Find(files, "apps", new("", "ConfigMap", "media", name)));
    }

    [Fact]
    public void Variables_in_names_may_stand_for_anything()
    {
        var files = new MemoryFiles(("apps/web.yaml", Web.Replace("name: web", "name: ${APP}-web", StringComparison.Ordinal)), ("apps/api.yaml", Web.Replace("name: web", "name: ${APP}-api", StringComparison.Ordinal)));
        Assert.Equal(new("apps/web.yaml", 1), Find(files, "apps", new("apps", "Deployment", "media", "shop-web"), ", postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}"));
    }

    [Fact]
    public void Fields_of_a_later_version_of_Flux_do_not_keep_it_from_being_found() =>
        Assert.Equal(new("apps/web.yaml", 1), Find(new(("apps/web.yaml", Web)), "apps", new("apps", "Deployment", "media", "web"), ", someday: true"));

    [Fact]
    public void Where_it_cannot_be_built_the_whole_repository_is_searched()
    {
        // A remote base is not downloaded.
        const string Remote = "resources: [web.yaml, 'https://example.org/base']\n";
        var files = new MemoryFiles(
            ("clusters/apps.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec: {path: ./apps}\n"),
            ("apps/kustomization.yaml", Remote),
            ("apps/web.yaml", "# a comment\n" + Web),
            ("old/web.yaml", Web));
        Assert.Equal(new("apps/web.yaml", 2), Find(files, "apps", new("apps", "Deployment", "media", "web")));

        // Without the Kustomization in the repository both may be meant, and none is chosen.
        Assert.Null(Find(new(("apps/kustomization.yaml", Remote), ("apps/web.yaml", Web), ("old/web.yaml", Web)), "apps", new("apps", "Deployment", "media", "web")));
        Assert.Contains("apps/web.yaml:1, old/web.yaml:1", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_file_has_is_told_and_another_kind_of_the_same_name_is_not_taken_for_it()
    {
        Assert.Null(Find(new(("apps/web.yaml", Web.Replace("apps/v1", "example.org/v1", StringComparison.Ordinal))), "apps", new("apps", "Deployment", "media", "web")));
        Assert.Contains("Deployment/media/web", Assert.Single(_notes), StringComparison.Ordinal);
    }

    private ManifestPlace? Find(MemoryFiles files, string path, ObjectKey key, string spec = "")
    {
        var kustomization = Core.GitOps.Yaml.ManifestReader.Read("ks.yaml", $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {path}, namespace: flux-system}}\nspec: {{path: ./{path}{spec}}}\n")[0].Content;
        return new ManifestFinder(new WithoutSlash(files)).Find(kustomization, key, _notes);
    }

    // Called as the files of a commit are.
    private sealed class WithoutSlash(MemoryFiles files) : IBuildFiles
    {
        public string? Resolve(string path) => files.Resolve(path);

        public bool IsFolder(string path) => files.IsFolder(path);

        public byte[] Read(string path) => files.Read(path);

        public IReadOnlyList<string> List(string folder) => files.List(folder);

        public string Display(string path) => path.TrimStart('/');
    }
}
