using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using HomelabOps.Core.Reporting.Json;
using HomelabOps.Core.Reporting.Prometheus;

namespace HomelabOps.Core.Tests.Reporting;

/// <summary>Reports for scripts and for Prometheus.</summary>
public sealed partial class ReportDataTests
{
    [Fact]
    public void The_schema_in_docs_is_that_of_the_types()
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };
        var schema = (JsonObject)ReportJsonContext.Default.ReportDocument.GetJsonSchemaAsNode(options);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", $"Homelab report, version {ReportDocument.Version}");
        var text = schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ReplaceLineEndings("\n") + "\n";
        var file = Path.Combine(Root(), "docs", "report.schema.json");
        if (Environment.GetEnvironmentVariable("HOMELABOPS_REWRITE_GOLDENS") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }

    [Fact]
    public void The_page_about_reports_names_every_list()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "REPORT.md"));
        Assert.All(JsonNode.Parse(JsonReport.Render(ReportExample.Of(1)))!.AsObject(), property => Assert.Contains($"`{property.Key}`", page, StringComparison.Ordinal));
        Assert.All(PrometheusReport.Render(ReportExample.Of(4)).Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)), line => Assert.Contains($"`{line.Split(' ')[2]}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_has_names_of_enums_seconds_bytes_and_times_of_UTC()
    {
        var report = JsonNode.Parse(JsonReport.Render(ReportExample.Of(20)))!;
        Assert.Equal(1, (int)report["schemaVersion"]!);
        Assert.Equal("2026-11-27T02:40:00+00:00", (string?)report["time"]);
        Assert.Equal("Error", (string?)report["findings"]![0]!["severity"]);
        Assert.Equal("True", (string?)report["flux"]![0]!["ready"]);
        Assert.Equal(420, (double)report["replications"]![1]!["lagSeconds"]!);
        Assert.Equal(12L << 30, (long)report["nodes"]![0]!["diskFreeBytes"]!);
        Assert.False((bool)report["healthy"]!);
    }

    [Fact]
    public void Json_tells_what_was_not_read_from_what_is_not_there()
    {
        var report = JsonNode.Parse(JsonReport.Render(ReportExample.OfHostileNames()))!;
        Assert.Null(report["volumes"]);
        Assert.True(report.AsObject().ContainsKey("volumes"));
        Assert.Equal("volumes", (string?)report["gaps"]![0]!["part"]);
        Assert.Equal(ReportExample.Hostile, (string?)report["cluster"]!["name"]);
    }

    [Fact]
    public void Metrics_are_in_the_format_of_Prometheus()
    {
        foreach (var report in new[] { ReportExample.Of(30), ReportExample.OfHostileNames(), ReportExample.Of(0) with { Findings = [], Flux = null, Apps = null, Volumes = null, Nodes = null, Usage = null, Operations = null } })
        {
            var text = PrometheusReport.Render(report);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            var (families, series, current, told) = (new HashSet<string>(), new HashSet<string>(), "", "");
            foreach (var line in text.Split('\n')[..^1])
            {
                if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                {
                    current = line.Split(' ')[2];
                    Assert.Equal((told, "gauge"), (current, line.Split(' ')[3]));
                    Assert.True(families.Add(current), line);
                }
                else if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                {
                    // Once a family and before its type, with a backslash only where it escapes.
                    told = line.Split(' ')[2];
                    Assert.DoesNotContain(told, families);
                    Assert.Matches(@"^# HELP [a-z_]+ ([^\\]|\\\\|\\n)+$", line);
                }
                else
                {
                    var match = SamplePattern.Match(line);
                    Assert.True(match.Success, line);
                    Assert.Equal(current, match.Groups["name"].Value);
                    Assert.Equal(match.Groups["label"].Captures.Count, match.Groups["label"].Captures.Select(label => label.Value).Distinct().Count());
                    Assert.True(series.Add(match.Groups["series"].Value), line);
                }
            }
        }
    }

    [Fact]
    public void Metrics_say_what_the_report_says()
    {
        var text = PrometheusReport.Render(ReportExample.Of(20));
        Assert.Contains("homelab_healthy{cluster=\"homelab\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("homelab_findings{cluster=\"homelab\",area=\"Pod\",severity=\"Warning\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("homelab_replication_lag_seconds{cluster=\"homelab\",kind=\"ReplicationSource\",namespace=\"home\",name=\"radarr-primary\"} 420\n", text, StringComparison.Ordinal);
        Assert.Contains($"homelab_node_disk_free_bytes{{cluster=\"homelab\",node=\"k3s-w1\"}} {12L << 30}\n", text, StringComparison.Ordinal);

        // What is not known has no sample.
        Assert.DoesNotContain("homelab_node_disk_free_bytes{cluster=\"homelab\",node=\"k3s-w3\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Operations_of_other_clusters_are_not_counted_as_ones_of_this()
    {
        var report = ReportExample.Of(1);
        var text = PrometheusReport.Render(report with { Operations = [.. report.Operations!, report.Operations![0] with { Id = "20261126204501-3fa1b3", Cluster = "remote" }] });
        Assert.Contains("homelab_operations{cluster=\"homelab\",status=\"Completed\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("homelab_operations{cluster=\"homelab\",status=\"Undone\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("remote", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^(?<series>(?<name>[a-z_]+)(\{(?<label>[a-z]+)="([^"\\\n]|\\\\|\\"|\\n)*"(,(?<label>[a-z]+)="([^"\\\n]|\\\\|\\"|\\n)*")*\})?) (NaN|[+-]Inf|-?[0-9.E+-]+)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SamplePattern { get; }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var provider = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (schema is JsonObject node && provider.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute { Description: var text }, ..])
        {
            node.Insert(0, "description", text);
        }

        return schema;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Module.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }
}
