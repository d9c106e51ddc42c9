using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>Objects of a file and their places.</summary>
public sealed class ManifestReaderTests
{
    [Fact]
    public void Objects_know_their_file_document_and_line()
    {
        var manifests = ManifestReader.Read("a.yaml", "# comment\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n---\n  # indented\n  apiVersion: v1\n  kind: Secret\n  metadata:\n    name: b\n  data:\n    k: v\n");
        Assert.Equal([(0, 3L, 1L), (2, 9L, 3L)], manifests.Select(manifest => (manifest.Document, manifest.Line, manifest.Column)));
        Assert.All(manifests, manifest => Assert.Equal("a.yaml", manifest.File));
    }

    [Fact]
    public void Fields_know_their_line_and_missing_ones_that_of_what_they_would_be_in()
    {
        var manifest = ManifestReader.Read("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: one\n    - name: two\n      image: x\n").Single();
        Assert.Equal(9, manifest.LineOf("spec", "containers", "1", "image"));
        Assert.Equal(7, manifest.LineOf("spec", "containers", "0", "image"));
        Assert.Equal(4, manifest.LineOf("metadata", "labels"));
        Assert.Equal(1, manifest.LineOf());
    }

    [Fact]
    public void A_byte_order_mark_and_line_ends_of_Windows_do_not_shift_the_lines()
    {
        var manifest = ManifestReader.Read("a.yaml", "\uFEFFapiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: a\r\ndata:\r\n  text: |\r\n    one\r\n    two\r\n").Single();
        Assert.Equal((1, 1), (manifest.Line, manifest.Column));
        Assert.Equal("one\ntwo\n", manifest.Content["data"]!["text"]!.GetValue<string>());
        Assert.Equal(6, manifest.LineOf("data", "text"));
    }

    [Fact]
    public void An_alias_repeats_the_content_and_keeps_the_place_of_its_anchor()
    {
        var manifest = ManifestReader.Read("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\none: &one\n  a: 1\ntwo: *one\nthree:\n  <<: *one\n  b: 2\n").Single();
        Assert.Equal("""{"a":1,"b":2}""", GitOpsSamples.Text(manifest.Content["three"]));
        Assert.Equal("""{"a":1}""", GitOpsSamples.Text(manifest.Content["two"]));
        Assert.Equal(5, manifest.LineOf("two", "a"));
    }

    [Fact]
    public void Anchors_do_not_reach_into_the_next_document() =>
        Assert.Throws<HomelabException>(() => ManifestReader.Read("a.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: &n a}\n---\napiVersion: v1\nkind: A\nmetadata: {name: *n}\n"));

    [Fact]
    public void Aliases_of_aliases_do_not_exhaust_the_memory()
    {
        var lines = Enumerable.Range(1, 9).Select(level => $"l{level}: &l{level} [{string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 10))}]");
        var text = $"apiVersion: v1\nkind: A\nmetadata: {{name: a}}\nl0: &l0 [a, b, c, d, e, f, g, h, i, j]\n{string.Join('\n', lines)}\n";
        Assert.Contains("expand to too much", Assert.Throws<HomelabException>(() => ManifestReader.Read("a.yaml", text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_does_not_exhaust_the_stack() =>
        Assert.Contains("nested too deeply", Assert.Throws<HomelabException>(() => ManifestReader.Read("a.yaml", "a: " + new string('[', 5000))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("yes", "true")]
    [InlineData("off", "false")]
    [InlineData("y", "true")]
    [InlineData("2020-01-01", "\"2020-01-01\"")]
    [InlineData("0o17", "15")]
    [InlineData("0777", "511")]
    [InlineData("1_000", "1000")]
    [InlineData("190:20:30", "\"190:20:30\"")]
    [InlineData("'on'", "\"on\"")]
    [InlineData("~", "null")]
    public void Scalars_of_YAML_1_1_have_the_types_of_that_version(string text, string expected) =>
        Assert.Equal(expected, YamlReader.ReadAll("a.yaml", $"a: {text}")[0].Root.ToJson("a.yaml", YamlSchema.Json)!["a"]?.ToJsonString() ?? "null");

    [Fact]
    public void Of_a_key_that_occurs_twice_the_last_wins_where_that_is_not_an_error() =>
        Assert.Equal("""{"a":2}""", YamlReader.ReadAll("a.yaml", "a: 1\na: 2\n")[0].Root.ToJson("a.yaml", YamlSchema.Json)!.ToJsonString());
}
