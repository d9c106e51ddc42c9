using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HomelabOps.Core.Reporting.Html;

namespace HomelabOps.Core.Tests.Reporting;

/// <summary>The page of a report: what it weighs, that nothing in it acts, and that it says what it must.</summary>
public sealed partial class HtmlReportTests
{
    [Fact]
    public void A_page_of_300_applications_weighs_less_than_a_megabyte()
    {
        var page = HtmlReport.Render(ReportExample.Of(300));
        Assert.InRange(Encoding.UTF8.GetByteCount(page), 100_000, 1_000_000);
    }

    [Fact]
    public void A_page_is_well_formed_and_has_each_section_once()
    {
        var page = HtmlReport.Render(ReportExample.Of(40));
        var body = XDocument.Parse(WellFormed(page));
        var ids = body.Descendants("section").Select(section => section.Attribute("id")!.Value).ToList();
        Assert.Equal(["findings", "flux", "apps", "nodes", "usage", "volumes", "replications", "certificates", "operations"], ids);
        Assert.All(body.Descendants("a"), link => Assert.Contains(link.Attribute("href")!.Value[1..], ids));
        Assert.All(body.Descendants("tr"), row => Assert.Equal(3, row.Elements().Count()));
    }

    [Fact]
    public void Nothing_on_a_page_acts_or_is_fetched()
    {
        var page = HtmlReport.Render(ReportExample.Of(40));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(FetchPattern, page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_are_text()
    {
        var page = HtmlReport.Render(ReportExample.OfHostileNames());
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', page);
        Assert.DoesNotContain('\u0001', page);

        // Nothing that was put in became an element or an attribute.
        var (hostile, usual) = (XDocument.Parse(WellFormed(page)), XDocument.Parse(WellFormed(HtmlReport.Render(ReportExample.Of(40)))));
        Assert.Empty(Names(hostile).Except(Names(usual)).Except(["div", "class"]));
        Assert.Contains("</title><script>alert(1)</script>\"'&\uFFFDgnp.exe\uFFFD", hostile.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_read_is_said_at_the_head_and_in_its_place()
    {
        var page = XDocument.Parse(WellFormed(HtmlReport.Render(ReportExample.OfHostileNames())));
        Assert.Contains("This report is not whole", Section(page, "gaps"), StringComparison.Ordinal);
        Assert.Contains("Could not be read", Section(page, "volumes"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_anything_says_so()
    {
        var page = XDocument.Parse(WellFormed(HtmlReport.Render(ReportExample.Of(0) with { Flux = [], Replications = [], Certificates = [], Operations = [], Usage = [], Nodes = [] })));
        Assert.Contains("Nothing was found", Section(page, "findings"), StringComparison.Ordinal);
        Assert.Contains("not installed", Section(page, "flux"), StringComparison.Ordinal);
        Assert.Contains("Nobody measures", Section(page, "usage"), StringComparison.Ordinal);
        Assert.Contains("There is none", Section(page, "replications"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_leads_from_the_source_to_every_application_once()
    {
        var report = ReportExample.Of(60);
        var rows = FluxForestRows.Of(report.Flux!, report.Apps!).ToList();
        var tree = Assert.Single(rows);
        Assert.Equal(("Git", "flux-system"), (tree[0].Kind, tree[0].Name));
        Assert.Equal(60, tree.Count(row => row.Kind == "app"));
        Assert.All(tree.Where(row => row.Kind == "app"), app => Assert.Equal((app.Name, 4), (tree[app.Parent].Name, app.Depth)));

        // Every state has a word of its own, so that no colour is needed.
        var page = XDocument.Parse(WellFormed(HtmlReport.Render(report)));
        var text = string.Concat(page.Descendants("text").Select(element => element.Value));
        Assert.Contains("not ready", text, StringComparison.Ordinal);
        Assert.Contains("suspended", text, StringComparison.Ordinal);
        Assert.All(page.Descendants("svg").Where(svg => svg.Attribute("role") is not null), svg => Assert.False(string.IsNullOrEmpty(svg.Attribute("aria-label")!.Value)));
    }

    [Fact]
    public void Objects_of_Flux_that_lead_to_each_other_in_a_circle_are_drawn_once()
    {
        FluxKustomization Of(string name, string owner) => new() { Kind = "Kustomization", Namespace = "n", Name = name, Owner = new("", "Kustomization", "n", owner) };
        var rows = FluxForestRows.Of([Of("a", "b"), Of("b", "c"), Of("c", "a"), Of("self", "self")], []).SelectMany(tree => tree).Select(row => row.Name);
        Assert.Equal(["a", "b", "c", "self"], rows.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"(src|srcset|action|data)=|@import|url\(|https?://(?!10\.10\.10\.5|ghcr)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex FetchPattern { get; }

    [GeneratedRegex("<(?<name>meta|link|br)(?<rest>[^>]*)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex VoidElements { get; }

    private static string WellFormed(string page) => VoidElements.Replace(page[(page.IndexOf('\n', StringComparison.Ordinal) + 1)..], "<${name}${rest}/>");

    private static string Section(XDocument page, string id) => page.Descendants("section").Single(section => section.Attribute("id")!.Value == id).Value;

    private static IEnumerable<string> Names(XDocument page) => page.Descendants().SelectMany(element => element.Attributes().Select(attribute => attribute.Name.LocalName).Append(element.Name.LocalName)).Distinct();
}
