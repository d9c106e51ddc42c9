using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>What a Flux Kustomization makes of a folder.</summary>
public sealed class FluxBuildTests
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: y}\n";

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _variables = new(StringComparer.Ordinal);

    [Fact]
    public void A_folder_without_a_kustomization_gives_all_manifests_below()
    {
        var result = Build(
            "path: ./apps",
            ("apps/b.yml", Named("b")),
            ("apps/a.yaml", Named("a")),
            ("apps/sub/c.yaml", Named("c")),
            ("apps/own/kustomization.yaml", "namePrefix: own-\nresources: [d.yaml]\n"),
            ("apps/own/d.yaml", Named("d")),
            ("apps/own/ignored.yaml", Named("no")),
            ("apps/notes.md", "text"),
            ("apps/.sops.yaml", "creation_rules: []\n"),
            ("apps/.github/workflow.yaml", "on: push\n"),
            ("apps/skipped/e.yaml", Named("e")),
            ("apps/skipped/kept.yaml", Named("kept")),
            (".sourceignore", "# own\n/apps/skipped/*\n!kept.yaml\n"),
            ("elsewhere.yaml", Named("elsewhere")));
        Assert.Equal(["a", "b", "own-d", "kept", "c"], Names(result));
    }

    [Fact]
    public void Broken_yaml_in_a_generated_kustomization_fails_the_build() =>
        Assert.Equal("ManifestInvalid", Assert.Throws<HomelabException>(() => Build("path: ./", ("values.yaml", "key: value\n"))).Id);

    [Fact]
    public void An_empty_folder_gives_nothing() => Assert.Empty(Build("path: apps", ("apps/notes.md", "")).Objects);

    [Fact]
    public void A_path_that_does_not_exist_is_an_error()
    {
        var error = Assert.Throws<HomelabException>(() => Build("path: ./none", ("a.yaml", Map)));
        Assert.Contains("spec.path './none'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_spec_changes_what_the_file_says()
    {
        var result = Build(
            """
            path: app
            targetNamespace: media
            namePrefix: p-
            nameSuffix: -s
            images: [{name: img, newTag: "2"}, {name: other, newName: registry/other}]
            components: [../component]
            commonMetadata: {labels: {team: home}, annotations: {note: x}}
            patches:
              - patch: |
                  apiVersion: v1
                  kind: Pod
                  metadata: {name: any}
                  spec: {hostNetwork: true}
                target: {kind: Pod}
            """,
            ("app/kustomization.yaml", "namespace: own\nimages: [{name: img, newName: mine, newTag: \"1\", digest: d}]\nresources: [pod.yaml, ../shared.yaml]\n"),
            ("app/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec: {containers: [{name: c, image: img}, {name: d, image: \"other:3\"}]}\n"),
            ("shared.yaml", Map),
            ("component/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [c.yaml]\n"),
            ("component/c.yaml", Named("c")));
        Assert.Equal(["p-pod-s", "p-a-s", "p-c-s"], Names(result));
        var pod = result.Objects[0].Content;
        Assert.Equal("""{"containers":[{"image":"mine:2","name":"c"},{"image":"registry/other:3","name":"d"}],"hostNetwork":true}""", GitOpsSamples.Text(pod["spec"]));
        Assert.Equal("""{"annotations":{"note":"x"},"labels":{"team":"home"},"name":"p-pod-s","namespace":"media"}""", GitOpsSamples.Text(pod["metadata"]));
    }

    [Fact]
    public void Components_that_are_missing_can_be_ignored()
    {
        Assert.Throws<HomelabException>(() => Build("components: [none]", ("a.yaml", Map)));
        Assert.Single(Build("{components: [none], ignoreMissingComponents: true}", ("a.yaml", Map)).Objects);
        Assert.Contains("relative path", Assert.Throws<HomelabException>(() => Build("components: ['https://github.com/a/b']", ("a.yaml", Map))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_come_from_maps_secrets_and_the_spec_of_which_the_last_wins()
    {
        _variables["ConfigMap/one"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "map", ["B"] = "map", ["C"] = "map" };
        _variables["Secret/two"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["B"] = "secret\n", ["C"] = "secret" };
        var result = Build(
            "postBuild: {substitute: {C: inline}, substituteFrom: [{kind: ConfigMap, name: one}, {kind: Secret, name: two}, {kind: Secret, name: none, optional: true}]}",
            ("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"${A}-${B}-${C}\"}\n"));
        Assert.Equal(["map-secret-inline"], Names(result));
    }

    [Theory]
    [InlineData("postBuild: {substituteFrom: [{kind: Secret, name: none}]}", "Secret 'none'")]
    [InlineData("postBuild: {substituteFrom: [{kind: Pod, name: none}]}", "not 'Pod'")]
    [InlineData("postBuild: {substitute: {a-b: c}}", "'a-b' is not a valid name")]
    [InlineData("postBuild: {substitute: {A: 1}}", "put 1 in quotes")]
    public void Variables_that_make_no_sense_are_an_error(string spec, string expected) =>
        Assert.Contains(expected, Assert.Throws<HomelabException>(() => Build(spec, ("a.yaml", Map))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("${PORT}", "8989")]
    [InlineData("'${PORT}'", "8989")]
    [InlineData("\"${FLAG}\"", "true")]
    [InlineData("${TEXT}", "\"words\"")]
    [InlineData("'a: ${PORT}'", "\"a: 8989\"")]
    [InlineData("port ${PORT}", "\"port 8989\"")]
    [InlineData("${LIST}", "[1,2]")]
    [InlineData("${QUOTED}", "\"8989\"")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("'1.10'", "\"1.10\"")]
    [InlineData("'12:30'", "\"12:30\"")]
    [InlineData("'2020-01-01'", "\"2020-01-01\"")]
    [InlineData("'- ${PORT}'", "\"- 8989\"")]
    [InlineData("' ${PORT} '", "\" 8989 \"")]
    [InlineData("\"tab\\t${PORT}\"", "\"tab\\t8989\"")]
    [InlineData("\"it's #1: ${PORT}\"", "\"it\\u0027s #1: 8989\"")]
    [InlineData("\"one\\n  two ${PORT}\\n\\nthree\\n\"", "\"one\\n  two 8989\\n\\nthree\\n\"")]
    [InlineData("\"  lead\\n${PORT}\"", "\"  lead\\n8989\"")]
    [InlineData("\"trail \\n${PORT}\\n\\n\"", "\"trail \\n8989\\n\\n\"")]
    [InlineData("${NONE}", "null")]
    [InlineData("[{a: '${PORT}'}, [x, '${TEXT}'], {}, []]", "[{\"a\":8989},[\"x\",\"words\"],{},[]]")]
    public void Quotes_decide_what_a_value_becomes(string yaml, string expected)
    {
        var result = Build(
            "postBuild: {substitute: {PORT: '8989', FLAG: 'true', TEXT: words, LIST: '[1, 2]', QUOTED: '\"8989\"'}}",
            ("a.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\nvalue: {yaml}\n"));
        Assert.Equal(expected, result.Objects[0].Content["value"]?.ToJsonString() ?? "null");
    }

    [Fact]
    public void Without_variables_nothing_is_substituted()
    {
        var result = Build("postBuild: {substitute: {}}", ("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nvalue: $${X} ${Y:=z}\n"));
        Assert.Equal("$${X} ${Y:=z}", result.Objects[0].Content["value"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("labels")]
    [InlineData("annotations")]
    public void An_object_can_be_spared(string field)
    {
        var result = Build(
            "postBuild: {substitute: {A: b}}",
            ("a.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, {field}: {{kustomize.toolkit.fluxcd.io/substitute: disabled}}}}\nvalue: ${{A}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: b}}\nvalue: ${{A}}\n"));
        Assert.Equal(["${A}", "b"], result.Objects.Select(item => item.Content["value"]!.GetValue<string>()));
    }

    [Fact]
    public void A_value_that_breaks_the_yaml_is_an_error() => Assert.Equal(
        "SubstitutionFailed",
        Assert.Throws<HomelabException>(() => Build("postBuild: {substitute: {A: '['}}", ("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nvalue: ${A}\n"))).Id);

    [Fact]
    public void Strictness_is_handed_on() => Assert.Contains(
        "strict mode",
        Assert.Throws<HomelabException>(() => Build("postBuild: {substitute: {A: b}}", isStrict: true, ("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nvalue: ${B}\n"))).Message,
        StringComparison.Ordinal);

    private static string Named(string name) => Map.Replace("name: a", $"name: {name}", StringComparison.Ordinal);

    private static IEnumerable<string?> Names(KustomizeResult result) => result.Objects.Select(item => item.Content["metadata"]!["name"]!.GetValue<string>());

    private KustomizeResult Build(string spec, params ReadOnlySpan<(string Path, string Text)> files) => Build(spec, isStrict: false, files);

    private KustomizeResult Build(string spec, bool isStrict, params ReadOnlySpan<(string Path, string Text)> files)
    {
        var kustomization = new JsonObject
        {
            ["apiVersion"] = "kustomize.toolkit.fluxcd.io/v1",
            ["kind"] = "Kustomization",
            ["metadata"] = new JsonObject { ["name"] = "apps", ["namespace"] = "flux-system" },
            ["spec"] = YamlReader.ReadAll("spec", spec)[0].Root.ToJson("spec", YamlSchema.Json),
        };
        return FluxBuild.Run(kustomization, new MemoryFiles(files), (kind, name) => _variables.GetValueOrDefault($"{kind}/{name}"), isStrict);
    }
}
