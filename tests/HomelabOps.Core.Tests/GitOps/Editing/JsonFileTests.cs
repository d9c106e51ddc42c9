using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Editing;

namespace HomelabOps.Core.Tests.GitOps.Editing;

/// <summary>A manifest in JSON is edited as text as well, and is JSON afterwards.</summary>
public sealed class JsonFileTests
{
    private const string Text = """
        {
          "kind": "Deployment",
          "spec": {
            "replicas": 1,
            "paused": null,
            "args": ["a", "b"],
            "labels": {},
            "one": {
              "name": "so\/narr \u00e4"
            }
          }
        }

        """;

    [Fact]
    public void A_value_changes_and_nothing_else()
    {
        Assert.Equal(Text.Replace("\"replicas\": 1", "\"replicas\": 3", StringComparison.Ordinal), Edited(file => file.Set(0, YamlPath.Of("spec", "replicas"), YamlValue.Number(3))));
        Assert.Equal(Text.Replace("\"a\"", "\"yes: \\\"no\\\"\"", StringComparison.Ordinal), Edited(file => file.Set(0, YamlPath.Of("spec", "args", 0), YamlValue.Text("yes: \"no\""))));
        Assert.Equal(Text.Replace("null", "\"now\"", StringComparison.Ordinal), Edited(file => file.Set(0, YamlPath.Of("spec", "paused"), YamlValue.Text("now"))));
        Assert.Equal(Text.Replace("\"Deployment\"", "\"12\"", StringComparison.Ordinal), Edited(file => file.Set(0, YamlPath.Of("kind"), YamlValue.Text("12"))));
    }

    [Fact]
    public void Keys_and_items_are_added_as_they_are_written_there()
    {
        Assert.Equal(Text.Replace("1,\n", "1,\n    \"memory\": \"1Gi\",\n", StringComparison.Ordinal).Length, Edited(file => file.Add(0, YamlPath.Of("spec", "memory"), YamlValue.Text("1Gi"))).Length);
        Assert.Equal(Text.Replace("\"b\"]", "\"b\", \"c\"]", StringComparison.Ordinal), Edited(file => file.Add(0, YamlPath.Of("spec", "args", 2), YamlValue.Text("c"))));
        Assert.Equal(Text.Replace("\"labels\": {}", "\"labels\": {\"app\": \"sonarr\"}", StringComparison.Ordinal), Edited(file => file.Add(0, YamlPath.Of("spec", "labels", "app"), YamlValue.Text("sonarr"))));
        Assert.Equal(Text.Replace("\\u00e4\"\n", "\\u00e4\",\n      \"image\": {\"tag\": \"1.0\"}\n", StringComparison.Ordinal), Edited(file => file.Add(0, YamlPath.Of("spec", "one", "image", "tag"), YamlValue.Text("1.0"))));
    }

    [Fact]
    public void What_goes_leaves_no_comma()
    {
        Assert.Equal(Text.Replace(", \"b\"", "", StringComparison.Ordinal), Edited(file => file.Remove(0, YamlPath.Of("spec", "args", 1))));
        Assert.Equal(Text.Replace("    \"replicas\": 1,\n", "", StringComparison.Ordinal), Edited(file => file.Remove(0, YamlPath.Of("spec", "replicas"))));
        Assert.Equal("{\"a\": {}}", Edited(file => file.Remove(0, YamlPath.Of("a", "b")), "{\"a\": {\"b\": 1}}"));
    }

    [Fact]
    public void What_would_be_no_JSON_is_refused() =>
        Assert.Equal("ManifestEditRefused", Assert.Throws<HomelabException>(() => Edited(file => file.Set(0, YamlPath.Of("spec", "replicas"), YamlValue.Number("0x10")))).Id);

    [Fact]
    public void Line_ends_indentation_and_a_missing_last_one_stay()
    {
        const string tabs = "{\r\n\t\"a\": 1,\r\n\t\"b\": [\r\n\t\t\"x\"\r\n\t]\r\n}";
        Assert.Equal(tabs.Replace("1,", "2,", StringComparison.Ordinal), Edited(file => file.Set(0, YamlPath.Of("a"), YamlValue.Number(2)), tabs));
    }

    private static string Edited(Func<YamlFile, YamlFile> edit, string text = Text)
    {
        var after = Encoding.UTF8.GetString(edit(YamlFile.Read("app.json", Encoding.UTF8.GetBytes(text))).ToBytes());
        Assert.NotNull(JsonNode.Parse(after));
        return after;
    }
}
