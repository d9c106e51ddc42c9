using System.Text.Json.Nodes;
using HomelabOps.Core.Reporting.Html;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Reporting;

/// <summary>
/// The page in a real browser. Needs chromium, and axe-core's axe.min.js named by HOMELABOPS_AXE or in the cache folder, where CI puts it;
/// HOMELABOPS_SCREENSHOTS names a folder for pictures to look at.
/// </summary>
public sealed class ReportBrowserTests : IAsyncDisposable
{
    private static readonly string[] Schemes = ["light", "dark"];
    private static readonly int[] Widths = [400, 900, 1400];

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private Browser? _browser;

    [Fact]
    public async Task The_page_is_readable_in_three_widths_light_and_dark_and_axe_finds_nothing_serious()
    {
        var browser = await StartAsync();
        var axe = Environment.GetEnvironmentVariable("HOMELABOPS_AXE") is { Length: > 0 } named ? named : Path.Combine(Cache(), "homelabops-axe", "package", "axe.min.js");
        Assert.SkipUnless(File.Exists(axe), $"There is no {axe}.");
        var (script, pictures) = (await File.ReadAllTextAsync(axe), Environment.GetEnvironmentVariable("HOMELABOPS_SCREENSHOTS"));
        foreach (var (name, report) in new[] { ("large", ReportExample.Of(40)), ("hostile", ReportExample.OfHostileNames()) })
        {
            var file = Write(name, HtmlReport.Render(report));
            foreach (var (scheme, width) in Schemes.SelectMany(scheme => Widths.Select(width => (scheme, width))).Where(screen => name == "large" || screen.width == Widths[0]))
            {
                await browser.OpenAsync(file, width, scheme);
                Assert.Equal(width, (int)(await browser.EvaluateAsync("document.documentElement.scrollWidth"))!);
                Assert.Null(await browser.EvaluateAsync(Narrow));
                if (pictures is not null)
                {
                    await browser.PictureAsync(Path.Combine(pictures, $"{name}-{width}-{scheme}.png"), isWhole: true);
                }

                _ = await browser.EvaluateAsync(script + ";1");
                var found = JsonNode.Parse((string)(await browser.EvaluateAsync("axe.run().then(found => JSON.stringify(found.violations.map(item => ({ id: item.id, impact: item.impact, where: item.nodes.slice(0, 3).map(node => node.html.slice(0, 200)) }))))"))!)!.AsArray();
                Assert.Empty(found.Where(item => (string?)item!["impact"] is "serious" or "critical").Select(item => $"{scheme} {width}: {item!.ToJsonString()}"));
            }
        }

        Assert.All(browser.Requests, address => Assert.True(address.StartsWith("file:", StringComparison.Ordinal) || address == "about:blank", address));
    }

    [Fact]
    public async Task No_script_of_a_name_runs_and_the_page_prints()
    {
        var browser = await StartAsync();
        await browser.OpenAsync(Write("trap", HtmlReport.Render(ReportExample.OfHostileNames()).Replace("</main>", "<script>document.title='ran'</script></main>", StringComparison.Ordinal)), 900, "dark");

        // Even one that was put there by hand is not run.
        Assert.StartsWith("Homelab report", (string?)await browser.EvaluateAsync("document.title"), StringComparison.Ordinal);

        await browser.OpenAsync(Write("print", HtmlReport.Render(ReportExample.Of(60))), 900, "dark", "print");
        Assert.Equal("rgb(255, 255, 255)", (string?)await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("%PDF"u8.ToArray(), (await browser.PrintAsync())[..4]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        Scratch.Delete(_folder);
    }

    // Text that is cut off at the side, or smaller than people can read.
    private const string Narrow =
        """
        (() => { for (const item of document.querySelectorAll('td, p, li, h1, h2, h3, small, span')) {
          const box = item.getBoundingClientRect();
          if (box.right > innerWidth + 1 || parseFloat(getComputedStyle(item).fontSize) < 12) return item.outerHTML.slice(0, 300);
        } return null; })()
        """;

    private async Task<Browser> StartAsync()
    {
        var program = Browser.Find();
        Assert.SkipWhen(program is null, "There is no chromium on this machine.");
        return _browser = await Browser.StartAsync(program);
    }

    private string Write(string name, string page)
    {
        var file = Path.Combine(_folder, $"{name}.html");
        File.WriteAllText(file, page);
        return file;
    }

    private static string Cache() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
