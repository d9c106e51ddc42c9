using System.Globalization;
using System.Reflection;

namespace HomelabOps.Core.Reporting.Html;

/// <summary>Writes a report as one page that needs nothing else: no script, no file, no network.</summary>
internal static class HtmlReport
{
    private static readonly Lazy<string> Style = new(ReadStyle);

    /// <summary>The page.</summary>
    public static string Render(HomelabReport report)
    {
        var page = new HtmlBuilder();
        Head(page, report);
        Summary(page, report);
        Gaps(page, report);
        Findings(page, report);
        HtmlFlux.Write(page, report);
        HtmlCluster.Write(page, report);
        HtmlStorage.Write(page, report);
        HtmlRest.Write(page, report);
        page.Add($"""</main><footer><small>HomelabOps, read in {Display.Seconds(report.Duration)}.</small></footer></body></html>""").AddOwn("\n");
        return page.ToString();
    }

    /// <summary>A time as people write it.</summary>
    internal static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static void Head(HtmlBuilder page, HomelabReport report)
    {
        // Whatever a name may be made of, a browser runs and loads nothing from here.
        page.AddOwn("""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
            """);
        page.Add($"<title>Homelab report: {report.Cluster}</title><style>").AddOwn(Style.Value).AddOwn("</style></head><body>").AddOwn(HtmlParts.Marks);
        page.Add($"""<header><h1>{report.Cluster}</h1><p class="d">{Moment(report.Time)} ({report.Time.ToString("zzz", CultureInfo.InvariantCulture)}), {report.Server}{Versions(report.Connection)}</p></header>""");
        page.AddOwn("""<nav aria-label="Sections"><ul><li><a href="#findings">Findings</a></li><li><a href="#flux">Flux</a></li><li><a href="#apps">Applications</a></li><li><a href="#nodes">Nodes</a></li><li><a href="#usage">Use</a></li><li><a href="#volumes">Volumes</a></li><li><a href="#replications">Replication</a></li><li><a href="#certificates">Certificates</a></li><li><a href="#operations">Operations</a></li></ul></nav><main>""").AddOwn("\n");
    }

    private static string Versions(HomelabConnection? connection) =>
        connection is null ? "" : $", Kubernetes {connection.KubernetesVersion}{(connection.FluxVersion is { } flux ? $", Flux {flux}" : "")}{(connection.IsSandbox ? ", embedded" : "")}";

    private static void Summary(HtmlBuilder page, HomelabReport report)
    {
        page.AddOwn("""<ul class="t" aria-label="Summary">""");
        Tile("Errors", $"{report.Count(FindingSeverity.Error)}", report.Count(FindingSeverity.Error) == 0);
        Tile("Warnings", $"{report.Count(FindingSeverity.Warning)}", report.Count(FindingSeverity.Warning) == 0);
        Share("Nodes well", report.Nodes, node => node.Healthy);
        Share("Applications well", report.Apps, app => app.Healthy || app.Stopped);
        Share("Flux ready", report.Flux, resource => resource.Healthy);
        Share("Replications well", report.Replications, replication => replication.Healthy);
        page.AddOwn("</ul>\n");

        void Share<T>(string name, IReadOnlyList<T>? items, Func<T, bool> isWell)
        {
            var well = items?.Count(isWell) ?? 0;
            Tile(name, items is null ? "not read" : $"{well} of {items.Count}", well == items?.Count);
        }

        void Tile(string name, string value, bool isWell)
        {
            var mark = HtmlParts.ClassOf(isWell ? PartState.Well : PartState.Unwell);
            page.Add($"""<li><b class="{mark}"><svg class="c" role="img" aria-label="{(isWell ? "well" : "not well")}"><use href="#{mark}"/></svg>{value}</b>{name}</li>""");
        }
    }

    private static void Gaps(HtmlBuilder page, HomelabReport report)
    {
        if (report.Gaps.Count > 0)
        {
            page.AddOwn("""<section id="gaps"><h2>Not read</h2><div class="n"><p>This report is not whole:</p><ul>""");
            foreach (var gap in report.Gaps.GroupBy(gap => gap.Message))
            {
                page.Add($"<li><b>{string.Join(", ", gap.Select(part => part.Part).Distinct())}</b>: {HtmlParts.Short(gap.Key)}</li>");
            }

            page.AddOwn("</ul></div></section>\n");
        }
    }

    private static void Findings(HtmlBuilder page, HomelabReport report)
    {
        page.Section("findings", "Findings", wasRead: true);
        if (report.Findings.Count == 0)
        {
            page.AddOwn("<p>Nothing was found.</p>");
        }

        foreach (var finding in report.Findings)
        {
            page.Add($"""<article class="f {finding.Severity}"><h3>{finding.Severity}: {finding.Target?.ToString() ?? finding.Place}</h3><p>{HtmlParts.Short(finding.Message)} <span class="d">{finding.Area}, {finding.Reason}</span></p>""");
            if (finding.RootCause is { } cause && cause != finding.Target)
            {
                page.Add($"<p>Comes from {cause}.</p>");
            }

            List(finding.Evidence.Take(6).Concat(finding.Evidence.Count > 6 ? [$"and {finding.Evidence.Count - 6} more"] : []));
            if (finding.Remedy.Length > 0)
            {
                page.Add($"""<span class="r"><b>Remedy:</b> {HtmlParts.Short(finding.Remedy)}</span>""");
            }

            page.AddOwn("</article>\n");
        }

        page.AddOwn("</section>\n");

        void List(IEnumerable<string> items)
        {
            var all = items.ToList();
            if (all.Count > 0)
            {
                page.AddOwn("<ul>");
                all.ForEach(item => page.Add($"<li><code>{HtmlParts.Short(item)}</code></li>"));
                page.AddOwn("</ul>");
            }
        }
    }

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("HomelabOps.Core.Reporting.Html.report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
