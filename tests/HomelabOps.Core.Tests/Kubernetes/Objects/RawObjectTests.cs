using System.Text.Json;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Discovery;
using HomelabOps.Core.Kubernetes.Objects;
using YamlDotNet.RepresentationModel;

namespace HomelabOps.Core.Tests.Kubernetes.Objects;

public sealed class RawObjectTests
{
    [Fact]
    public void Yaml_is_written_as_kubectl_does()
    {
        using var json = JsonDocument.Parse("""{"kind":"X","metadata":{"labels":{},"t":"2024-05-01T10:00:00Z"},"list":[{"a":1,"b":[2.5,null,true]},"x"],"none":[],"script":"a\n  b\n"}""");

        Assert.Equal(
            """
            kind: X
            metadata:
              labels: {}
              t: "2024-05-01T10:00:00Z"
            list:
            - a: 1
              b:
              - 2.5
              - null
              - true
            - x
            none: []
            script: |
              a
                b
            """.ReplaceLineEndings("\n"),
            YamlText.Of(json.RootElement));
    }

    [Theory]
    [InlineData("true", "\"true\"")]
    [InlineData("No", "\"No\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("", "\"\"")]
    [InlineData("1", "\"1\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("0o17", "\"0o17\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2024-05-01", "\"2024-05-01\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("250m", "250m")]
    [InlineData("plain text", "plain text")]
    [InlineData("https://host:80/x", "https://host:80/x")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("# no comment", "'# no comment'")]
    public void Text_is_quoted_where_it_would_read_as_something_else(string text, string yaml) =>
        Assert.Equal("v: " + yaml, YamlText.Of(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["v"] = text })));

    [Theory]
    [InlineData(" leading")]
    [InlineData("trailing ")]
    [InlineData("a\n\n")]
    [InlineData("\na")]
    [InlineData("  a\nb")]
    [InlineData("a \nb")]
    [InlineData("a\r\nb")]
    [InlineData("a\tb\nc\t\n")]
    [InlineData("'single' \"double\"")]
    [InlineData("- item")]
    [InlineData("{a}")]
    [InlineData("*alias")]
    [InlineData("ends with colon:")]
    [InlineData("\u0001\u007f\u0085\u2028\ufeff")]
    [InlineData("\U0001F600 ä 日本")]
    [InlineData("---\na")]
    [InlineData("a\n--- b\n...\n")]
    [InlineData("!tag")]
    [InlineData("%dir")]
    [InlineData("@at")]
    [InlineData("?")]
    [InlineData("-")]
    [InlineData("=")]
    [InlineData("tab\there")]
    public void Tricky_text_reads_back_as_it_was(string text)
    {
        var yaml = YamlText.Of(JsonSerializer.SerializeToElement(new Dictionary<string, string[]> { [text] = [text] }));
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml + "\n"));

        var (key, value) = Assert.Single((YamlMappingNode)stream.Documents[0].RootNode);
        Assert.Equal(text, ((YamlScalarNode)key).Value);
        Assert.Equal(text, ((YamlScalarNode)((YamlSequenceNode)value)[0]).Value);
    }

    [Fact]
    public void Events_are_comments_below()
    {
        using var json = JsonDocument.Parse("""{"kind":"X"}""");
        var item = new RawObject(new ResourceReference("c", "X", "", "x"), json.RootElement, [new HomelabEvent
        {
            Time = new DateTime(2024, 5, 1, 10, 0, 0, DateTimeKind.Utc).ToLocalTime(), Type = "Warning", Reason = "BackOff", Count = 3, Source = "kubelet", Message = "two\nlines",
        }]);

        Assert.Equal("kind: X\n# Events:\n# 2024-05-01T10:00:00Z Warning BackOff (3 times) [kubelet]: two lines", YamlText.Of(item));
    }

    [Fact]
    public void Items_of_a_list_get_their_type_and_lose_managed_fields()
    {
        using var json = JsonDocument.Parse("""{"metadata":{"name":"x","managedFields":[{"f:a":{}}]},"kind":"wrong","spec":{"n":1.0}}""");
        var type = new ResourceType("apps", "v1", "deployments", "Deployment", true);

        Assert.Equal("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x"},"spec":{"n":1.0}}""", RawJson.Normalize(json.RootElement, type, managedFields: false).GetRawText());
        Assert.Contains("managedFields", RawJson.Normalize(json.RootElement, type, managedFields: true).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9223372036854775807", 9223372036854775807L)]
    [InlineData("9223372036854775808", 9223372036854775808d)]
    [InlineData("1.5", 1.5)]
    [InlineData("\"2024-05-01T10:00:00Z\"", "2024-05-01T10:00:00Z")]
    [InlineData("true", true)]
    [InlineData("null", null)]
    public void Scalars_become_the_values_of_dotnet(string json, object? value)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(value, RawJson.Scalar(document.RootElement));
    }

    [Theory]
    [InlineData("deploymnt", "Deployment")]
    [InlineData("podz", "Pod")]
    [InlineData("release", "HelmRelease")]
    [InlineData("xyz", null)]
    public void Near_kinds_are_offered(string typed, string? near)
    {
        ServedResource[] types =
        [
            new() { Kind = "Pod", Plural = "pods", ShortNames = ["po"] },
            new() { Kind = "Deployment", Plural = "deployments", Group = "apps", ShortNames = ["deploy"] },
            new() { Kind = "HelmRelease", Plural = "helmreleases", Group = "helm.toolkit.fluxcd.io", ShortNames = ["hr"] },
        ];

        Assert.Equal(near is null ? [] : [near], KindNames.Near(types, typed));
    }
}
