using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>What a build refuses: each error says where and what.</summary>
public sealed class KustomizeErrorTests
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: {x: y}\n";

    [Theory]
    [InlineData("openapi: {path: a.yaml}", "openapi")]
    [InlineData("helmCharts: [{name: a}]", "helmCharts")]
    [InlineData("helmGlobals: {chartHome: a}", "helmGlobals")]
    [InlineData("helmChartInflationGenerator: [{chartName: a}]", "helmChartInflationGenerator")]
    [InlineData("generators: [a.yaml]", "generators")]
    [InlineData("transformers: [a.yaml]", "transformers")]
    [InlineData("validators: [a.yaml]", "validators")]
    [InlineData("vars: [{name: A}]", "vars")]
    [InlineData("crds: [a.yaml]", "crds")]
    [InlineData("buildMetadata: [transformerAnnotations]", "buildMetadata[0]")]
    [InlineData("components: ['https://github.com/a/b//c?ref=v1']", "components[0]")]
    [InlineData("replacements: [{source: {kind: ConfigMap, options: {encoding: base64}}, targets: [{select: {name: a}}]}]", "replacements[0].source.options.encoding")]
    public void What_is_not_supported_is_an_error_that_names_file_and_field(string line, string field)
    {
        var error = Fails(("kustomization.yaml", $"resources: [a.yaml]\n{line}\n"), ("a.yaml", Map));
        Assert.Equal("KustomizationUnsupported", error.Id);
        Assert.StartsWith("/kustomization.yaml:2:", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.date", "data.x")]
    [InlineData("data.x", "data.date")]
    public void A_date_without_quotes_is_not_replaced(string source, string target) => Assert.Contains(
        "2020-01-01",
        Fails(
            ("kustomization.yaml", $"resources: [a.yaml]\nreplacements: [{{source: {{kind: ConfigMap, fieldPath: {source}}}, targets: [{{select: {{name: a}}, fieldPaths: [{target}]}}]}}]\n"),
            ("a.yaml", Map.Replace("{x: y}", "{x: y, date: 2020-01-01}", StringComparison.Ordinal))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("resources: [https://example.com/a.yaml]")]
    [InlineData("resources: ['github.com/a/b?ref=main']")]
    [InlineData("resources: ['git@github.com:a/b']")]
    public void What_is_elsewhere_is_not_downloaded(string line) => Assert.Equal("KustomizationUnsupported", Fails(("kustomization.yaml", line)).Id);

    [Theory]
    [InlineData("wrong: x", 2, "unknown field 'wrong'")]
    [InlineData("images: [{name: a, tag: b}]", 2, "unknown field 'images[0].tag'")]
    [InlineData("images: [{name: a, newTag: 1.10}]", 2, "'images[0].newTag' must be text; put 1.10 in quotes")]
    [InlineData("commonLabels: {a: yes}", 2, "'commonLabels.a' must be text; put yes in quotes")]
    [InlineData("replicas: [{name: a, count: many}]", 2, "'replicas[0].count' must be a whole number")]
    [InlineData("replicas: [{name: a, count: 1}]", 2, "is called 'a'")]
    [InlineData("labels: {a: b}", 2, "'labels' must be a list")]
    [InlineData("kind: Deployment", 2, "kind must be Kustomization or Component")]
    [InlineData("apiVersion: v1", 2, "apiVersion of a Kustomization must be kustomize.config.k8s.io/v1beta1")]
    [InlineData("sortOptions: {order: random}", 2, "legacy or fifo")]
    [InlineData("sortOptions: {order: fifo, legacySortOptions: {orderFirst: [A], orderLast: [B]}}", 2, "legacySortOptions")]
    [InlineData("configMapGenerator: [{name: g, behavior: upsert}]", 2, "behavior 'upsert' is unknown")]
    [InlineData("configMapGenerator: [{name: g, behavior: merge}]", 2, "cannot be merged or replaced")]
    [InlineData("configMapGenerator: [{name: a}]", 2, "behavior must be merge or replace")]
    [InlineData("configMapGenerator: [{name: g, literals: [noequals]}]", 2, "'noequals' must be key=value")]
    [InlineData("configMapGenerator: [{name: g, literals: [a=b, a=c]}]", 2, "the key 'a' twice")]
    [InlineData("configMapGenerator: [{name: g, files: [a=b=c]}]", 2, "must be a file, or key=file")]
    [InlineData("configMapGenerator: [{name: g, files: [none.txt]}]", 2, "'none.txt' does not exist")]
    [InlineData("configMapGenerator: [{literals: [a=b]}]", 2, "has no name")]
    [InlineData("patches: [{target: {kind: ConfigMap}}]", 2, "either 'patch' or 'path'")]
    [InlineData("patches: [{patch: '[{\"op\": \"remove\", \"path\": \"/data/x\"}]'}]", 2, "needs a target")]
    [InlineData("patches: [{target: {kind: ConfigMap}, patch: '[{\"op\": \"remove\", \"path\": \"/data/none\"}]'}]", 2, "/data/none")]
    [InlineData("patches: [{target: {name: '('}, patch: '[{\"op\": \"remove\", \"path\": \"/data/x\"}]'}]", 2, "not a valid regular expression")]
    [InlineData("patches: [{target: {labelSelector: '=,'}, patch: '[{\"op\": \"remove\", \"path\": \"/data/x\"}]'}]", 2, "not a valid selector")]
    [InlineData("patches: [{patch: '{apiVersion: v1, kind: Secret, metadata: {name: a}}'}]", 2, "no resource matches the patch of Secret.v1.[noGrp]/a.[noNs]")]
    [InlineData("patchesJson6902: [{target: {kind: ConfigMap}, patch: '[]'}]", 2, "needs a target with the name")]
    [InlineData("replacements: [{source: {kind: ConfigMap}}]", 2, "a source and at least one target")]
    [InlineData("replacements: [{source: {kind: Secret}, targets: [{select: {name: a}}]}]", 2, "nothing matches the source")]
    [InlineData("replacements: [{source: {kind: ConfigMap, fieldPath: data.none}, targets: [{select: {name: a}}]}]", 2, "'data.none' is missing")]
    [InlineData("replacements: [{source: {kind: ConfigMap}, targets: [{select: {name: a}, fieldPaths: [data.none]}]}]", 2, "does not exist in ConfigMap")]
    [InlineData("replacements: [{source: {kind: ConfigMap, options: {delimiter: '-', index: 4}}, targets: [{select: {name: a}}]}]", 2, "index 4")]
    [InlineData("resources: [none.yaml]", 2, "'none.yaml' does not exist")]
    [InlineData("components: [a.yaml]", 2, "must be a folder")]
    [InlineData("resources: [/a.yaml]", 2, "must be a relative path")]
    public void A_wrong_entry_is_reported_with_its_line(string line, int number, string expected)
    {
        var text = line.StartsWith("resources", StringComparison.Ordinal) ? $"# first\n{line}\n" : $"resources: [a.yaml]\n{line}\n";
        var error = Fails(("kustomization.yaml", text), ("a.yaml", Map));
        Assert.Equal("KustomizationInvalid", error.Id);
        Assert.StartsWith($"/kustomization.yaml:{number}:", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: ConfigMap\n", ":1:1:", "no metadata.name")]
    [InlineData("apiVersion: v1\nmetadata: {name: a}\n", ":1:1:", "no kind")]
    [InlineData("- a\n", ":1:1:", "no object of Kubernetes")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: 1\n  x: 2\n", ":6:3:", "the key 'x' occurs twice")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  1: x\n", ":5:3:", "the key '1' is not text")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: .inf}\n", ":4:11:", "no valid")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: !!int word}\n", ":4:11:", "no valid !!int")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: *none}\n", ":4:11:", "anchor")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {<<: text}\n", ":4:12:", "'<<' must be followed by")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: [\n", ":4:7:", "not valid YAML")]
    [InlineData("apiVersion: v1\nkind: ConfigMapList\nitems: text\n", ":3:8:", "items of a list")]
    public void A_broken_manifest_is_reported_with_line_and_column(string text, string place, string expected)
    {
        var error = Fails(("kustomization.yaml", "resources: [a.yaml]\n"), ("a.yaml", text));
        Assert.Equal("ManifestInvalid", error.Id);
        Assert.StartsWith("/a.yaml" + place, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_objects_of_the_same_id_are_reported_with_both_places()
    {
        var error = Fails(("kustomization.yaml", "resources:\n- a.yaml\n- b.yaml\n"), ("a.yaml", Map), ("b.yaml", "---\n" + Map));
        Assert.Contains("may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("/kustomization.yaml:3:3:", error.Message, StringComparison.Ordinal);
        Assert.Contains("/a.yaml:1", error.Message, StringComparison.Ordinal);
        Assert.Contains("/b.yaml:2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Namespaces_that_make_two_objects_the_same_are_an_error() => Assert.Contains(
        "two objects become",
        Fails(("kustomization.yaml", "namespace: media\nresources: [a.yaml, b.yaml]\n"), ("a.yaml", Map), ("b.yaml", Map.Replace("  name: a", "  name: a\n  namespace: other", StringComparison.Ordinal))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("../one", "cycle detected")]
    [InlineData("..", "cycle detected")]
    [InlineData("../three", "cycle detected")]
    [InlineData("../component", "list it in 'components'")]
    [InlineData("../empty", "no kustomization.yaml")]
    [InlineData("../double", "several kustomization files")]
    [InlineData("../../outside.yaml", "does not exist")]
    [InlineData("../loose.yaml", "security; file '../loose.yaml' is not in or below '/base/one'")]
    public void Bases_that_lead_astray_are_refused(string path, string expected)
    {
        var error = Fails(
            "base/one",
            ("base/one/kustomization.yaml", $"resources: [{path}]\n"),
            ("base/three/kustomization.yaml", "resources: [../one]\n"),
            ("base/component/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: a\n"),
            ("base/empty/a.yaml", Map),
            ("base/double/kustomization.yaml", "resources: []\n"),
            ("base/double/Kustomization", "resources: []\n"),
            ("base/kustomization.yaml", "resources: [one]\n"),
            ("base/loose.yaml", Map));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kustomization_is_no_component() => Assert.Contains(
        "is no Component",
        Fails(("kustomization.yaml", "components: [sub]\n"), ("sub/kustomization.yaml", "namePrefix: a\n")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void An_empty_kustomization_file_is_an_error() => Assert.Contains("is empty", Fails(("kustomization.yaml", "# nothing\nkind: Kustomization\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_does_not_exist_is_an_error()
    {
        var error = Fails("none", ("kustomization.yaml", "namePrefix: a\n"));
        Assert.Equal("KustomizeBuildFailed", error.Id);
        Assert.Contains("the folder does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_beside_the_folder_can_be_allowed()
    {
        var files = new MemoryFiles(("one/kustomization.yaml", "resources: [../a.yaml]\n"), ("a.yaml", Map));
        Assert.Single(KustomizeBuild.Run(files, "/one", new KustomizeOptions { AllowsFilesOutside = true }).Objects);
        Assert.Throws<HomelabException>(() => KustomizeBuild.Run(files, "/one"));
    }

    [Fact]
    public void Fields_that_go_out_of_use_are_warned_of()
    {
        var result = KustomizeBuild.Run(new MemoryFiles(("kustomization.yaml", "bases: [sub]\ncommonLabels: {a: b}\n"), ("sub/kustomization.yaml", "resources: [a.yaml]\n"), ("sub/a.yaml", Map)), "/");
        Assert.Equal(2, result.Warnings.Count);
        Assert.Equal(["/kustomization.yaml", "/sub/a.yaml", "/sub/kustomization.yaml"], result.Files.Order(StringComparer.Ordinal));
        Assert.Equal(("/sub/a.yaml", 1L), (result.Objects[0].File, result.Objects[0].Line));
    }

    [Fact]
    public void Links_are_followed_and_do_not_leave_the_root()
    {
        using var folder = new Topology.TemporaryFolder();
        folder.Write("outside/secret.yaml", Map);
        folder.Write("root/real/a.yaml", Map);
        folder.Write("root/app/kustomization.yaml", "resources: [linked.yaml]\n");
        File.CreateSymbolicLink(folder.At("root", "app", "linked.yaml"), Path.Combine("..", "..", "outside", "secret.yaml"));
        var files = new DiskFiles(folder.At("root"));
        Assert.Contains("does not exist", Assert.Throws<HomelabException>(() => KustomizeBuild.Run(files, "/app")).Message, StringComparison.Ordinal);
        File.Delete(folder.At("root", "app", "linked.yaml"));
        File.CreateSymbolicLink(folder.At("root", "app", "linked.yaml"), Path.Combine("..", "real", "a.yaml"));
        files = new DiskFiles(folder.At("root"));
        Assert.Contains("security", Assert.Throws<HomelabException>(() => KustomizeBuild.Run(files, "/app")).Message, StringComparison.Ordinal);
        Assert.Single(KustomizeBuild.Run(files, "/app", new KustomizeOptions { AllowsFilesOutside = true }).Objects);
    }

    private static HomelabException Fails(params ReadOnlySpan<(string Path, string Text)> files) => Fails("", files);

    private static HomelabException Fails(string folder, params ReadOnlySpan<(string Path, string Text)> files)
    {
        var memory = new MemoryFiles(files);
        return Assert.Throws<HomelabException>(() => KustomizeBuild.Run(memory, "/" + folder));
    }
}
