using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>The values of releases as they are joined here, against what Helm's charts get.</summary>
public sealed class HelmValuesTests
{
    private const string Base = "a:\n  x: 1\n  y: {z: 1, deep: {k: v}}\nlist: [1, 2, {n: 1}]\ntext: t\nnothing: null\n";

    [Theory]
    [InlineData(Base)]
    [InlineData(Base, "a: {y: {w: 2}, n: {}}\n")]
    [InlineData(Base, "list: [3]\na: {y: {deep: [1]}}\n")]
    [InlineData(Base, "list: []\na: {y: {}}\n")]
    [InlineData(Base, "a: null\ntext: ~\n")]
    [InlineData(Base, "a:\n  y: null\n  x:\n")]
    [InlineData(Base, "a: null\n", "a: {again: 1}\n")]
    [InlineData(Base, "a: text\n", "a: {again: 1}\n")]
    [InlineData(Base, "text: {k: v}\nlist: {k: v}\n", "list: [1]\n")]
    [InlineData(Base, "nothing: {k: null}\n")]
    [InlineData("")]
    [InlineData("# nothing but this\n", Base)]
    [InlineData(Base, "---\n")]
    [InlineData(Base, "{}\n", "null\n")]
    [InlineData("---\na: 1\n---\na: 2\nb: 3\n")]
    [InlineData("a: 1\n---\nb: 2\n", Base)]
    [InlineData("---\n# empty\n---\na: 1\n")]
    [InlineData("a: yes\nb: no\nc: on\nd: Off\ne: y\nf: TRUE\ng: False\n")]
    [InlineData("a: 0777\nb: 0o17\nc: 0x1F\nd: 1e3\ne: .5\nf: 1_000\ng: +1\nh: -0\ni: 0b11\nj: 1.10\nk: 1.0\nl: 12345678\n")]
    [InlineData("a: 2024-01-01\nb: 2024-01-01T00:00:00Z\nc: 12:30\nd: ~\ne: Null\nf: ''\ng: \"5\"\nh: '1.10'\ni: !!str 5\n")]
    [InlineData("base: &b {image: {tag: 1.0, repository: r}}\nuse:\n  <<: *b\n  more: 1\nsame: *b\n")]
    [InlineData("one: &a {x: 1}\ntwo: &c {x: 2, y: 2}\nboth: {<<: [*a, *c], z: 3}\n")]
    [InlineData("a: |\n  one\n  two\nb: >-\n  one\n  two\n\n  three\nc: |+\n  keep\n\nd: \"tab\\there\\u00fc\"\n")]
    [InlineData("1: one\ntrue: two\n1.5: three\n\"5\": five\n")]
    [InlineData("a: 1\r\nb:\r\n  - x\r\n  - y: ünï ☃\r\n")]
    [InlineData("{\"a\": {\"b\": [1, 2.5, \"x\", null, true]}, \"c\": \"\\u00e4\"}")]
    [InlineData("a: <b>&\"c\"\nurl: http://x:80/?a=b&c\n")]
    public void Sources_are_merged_as_Helm_does(params string[] texts)
    {
        Same(null, [.. texts.Select(text => new Source(text))]);
        Same("""{"a":{"y":{"z":9},"own":null},"list":[{"of":"the release"}],"text":null,"new":{"k":[]}}""", [.. texts.Select(text => new Source(text))]);
    }

    [Theory]
    [InlineData("a.x", "5")]
    [InlineData("a.x", "05")]
    [InlineData("a.x", "0")]
    [InlineData("a.x", "-7")]
    [InlineData("a.x", "1.10")]
    [InlineData("a.x", "true")]
    [InlineData("a.x", "False")]
    [InlineData("a.x", "null")]
    [InlineData("a.x", "")]
    [InlineData("a.x", "yes")]
    [InlineData("a.x", "'5'")]
    [InlineData("a.x", "\"true\"")]
    [InlineData("a.x", "v1,a.other=2")]
    [InlineData("a.x", "one\\,two\\=three")]
    [InlineData("a.x", "{one,2,true}")]
    [InlineData("a.x", "{}")]
    [InlineData("a.x", "two words: and # more")]
    [InlineData("a.x", "line\nand another\n")]
    [InlineData("a.y.deep.k", "w")]
    [InlineData("a.y", "flat")]
    [InlineData("new.one.two", "3")]
    [InlineData("annotations.example\\.org/name", "v")]
    [InlineData("list[0]", "first")]
    [InlineData("list[2].n", "2")]
    [InlineData("list[4]", "far")]
    [InlineData("fresh[1].a.b[0]", "deep")]
    [InlineData("fresh[0][1]", "x")]
    [InlineData("list[1].k", "was a number")]
    [InlineData("a.x", "v1,b=2", true)]
    [InlineData("a.x", "5", true)]
    [InlineData("a.x", "'q'", true)]
    [InlineData("list[0]", "{x}", true)]
    public void A_source_for_one_path_is_set_as_Helm_does(string path, string text, bool isLiteral = false)
    {
        Same(null, new(Base), new(text, path, isLiteral));
        Same(null, new(text, path, isLiteral), new(Base));
        Same("""{"a":{"own":1}}""", new(Base), new(text, path, isLiteral), new("a: {later: 1}\n"));
    }

    // Then Flux says so and applies nothing, and there is nothing to compare with.
    [Theory]
    [InlineData("text.k", "v")]
    [InlineData("a[0]", "v")]
    [InlineData("list[-1]", "v")]
    [InlineData("list[x]", "v")]
    [InlineData("a.x", "one,two")]
    [InlineData("a.x", "{one")]
    public void What_Helm_refuses_to_set_changes_nothing(string path, string text) =>
        Assert.Equal(GitOpsSamples.Text(Ours(null, new Source(Base))), GitOpsSamples.Text(Ours(null, new Source(Base), new Source(text, path))));

    [Theory]
    [InlineData("a: {x: 1, y: {z: 2, k: 3}}\nb: [1]\n", "a: {y: {z: null}}\n", "b: null\n")]
    [InlineData("a: {x: 1, y: {z: 2}}\n", "a: {y: null}\n", "a: {y: {n: 1}}\n")]
    [InlineData("a: {x: 1, y: {z: 2}}\n", "a: null\n", "c: 1\n")]
    [InlineData("a: 1\n", "a: {k: v}\n", "")]
    public void Over_the_defaults_of_a_chart_the_merged_values_do_what_the_sources_do(string defaults, string first, string second)
    {
        Assert.SkipWhen(HelmOracle.Program is null, HelmOracle.Absent);
        using var helm = new HelmOracle(defaults);
        Assert.Equal(GitOpsSamples.Text(helm.Run([first, second])), GitOpsSamples.Text(helm.Run([Ours(null, new Source(first), new Source(second)).ToJsonString()])));
    }

    [Fact]
    public void What_is_not_there_and_what_only_the_cluster_reads_is_left_out()
    {
        var release = JsonNode.Parse("""{"spec":{"valuesFrom":[{"kind":"ConfigMap","name":"gone","optional":true},{"kind":"ConfigMap","name":"m","valuesKey":"gone"},{"kind":"Secret","name":"m"},{"kind":"ConfigMap","name":"m"}],"values":{"b":2}}}""")!.AsObject();
        Assert.Equal("""{"a":1,"b":2}""", GitOpsSamples.Text(ReleaseValues.Of(release, name => name == "m" ? new() { ["data"] = new JsonObject { ["values.yaml"] = "a: 1\n" } } : null)));
    }

    [Fact]
    public void The_values_of_every_release_that_kustomize_builds_are_those_of_Helm()
    {
        Assert.SkipWhen(HelmOracle.Program is null, HelmOracle.Absent);
        var builds = GitOpsSamples.Names.Select(name => YamlReader.ReadAll("expected.yaml", File.ReadAllText(Path.Combine(GitOpsSamples.Builds, name, "expected.yaml")))
            .Where(document => !document.IsEmpty).Select(document => document.Root.ToJson("expected.yaml", YamlSchema.Json)).OfType<JsonObject>().ToList()).ToList();
        var releases = builds.SelectMany(build => build.Where(ObjectText.IsHelmRelease).Select(release => (release, ReleaseValues.Of(release, name => HelmOracle.Map(build, release, name)), build))).ToList();
        Assert.NotEmpty(releases);
        HelmOracle.Compare(releases);
    }

    private static void Same(string? own, params Source[] sources)
    {
        Assert.SkipWhen(HelmOracle.Program is null, HelmOracle.Absent);
        using var helm = new HelmOracle();
        Assert.Equal(GitOpsSamples.Text(helm.Values(Release(own, sources), name => MapOf(sources, name))), GitOpsSamples.Text(Ours(own, sources)));
    }

    private static JsonObject Ours(string? own, params Source[] sources) => ReleaseValues.Of(Release(own, sources), name => MapOf(sources, name));

    private static JsonObject Release(string? own, Source[] sources)
    {
        var spec = new JsonObject
        {
            ["valuesFrom"] = new JsonArray([.. sources.Select((source, index) =>
            {
                var entry = new JsonObject { ["kind"] = "ConfigMap", ["name"] = $"m{index}" };
                if (source.Path is not null)
                {
                    (entry["targetPath"], entry["valuesKey"]) = (source.Path, "value");
                }

                if (source.IsLiteral)
                {
                    entry["literal"] = true;
                }

                return entry;
            })]),
        };
        if (own is not null)
        {
            spec["values"] = JsonNode.Parse(own);
        }

        return new() { ["spec"] = spec };
    }

    private static JsonObject? MapOf(Source[] sources, string name) =>
        new() { ["data"] = sources.Select((source, index) => (source, index)).Where(item => $"m{item.index}" == name).Select(item => new JsonObject { [item.source.Path is null ? "values.yaml" : "value"] = item.source.Text }).Single() };

    private sealed record Source(string Text, string? Path = null, bool IsLiteral = false);
}
