namespace HomelabOps.HelpBuilder.Tests;

/// <summary>Each breaks the good page in one place and expects one error, at its line.</summary>
public sealed class RuleTests
{
    [Fact]
    public void The_good_page_breaks_no_rule() => Assert.Empty(Run(Workbench.GoodPage));

    [Theory]
    // Front matter. The second text is where in the broken page the error is: nothing for its first line.
    [InlineData("HELP001", "external", "HelpBuilder.Tests.dll-Help.xml", "dll-Help.xml", "external help file: HomelabOps.HelpBuilder.Tests.dll-Help.xml")]
    [InlineData("HELP001", "Module Name", "Module Name: HomelabOps.HelpBuilder.Tests", "Module Name: Other", "Module Name")]
    [InlineData("HELP001", "schema", "schema: 2.0.0", "schema: 1.0.0", "schema: 2.0.0")]
    [InlineData("HELP001", "", "schema: 2.0.0\n", "", "schema: 2.0.0")]
    [InlineData("HELP012", "online version", "version: https://example.org/Get-Thing", "version: https://example.org/", "https://example.org/Get-Thing")]
    [InlineData("HELP012", "", "online version: https://example.org/Get-Thing\n", "", "https://example.org/Get-Thing")]
    // Title and sections
    [InlineData("HELP002", "# Get-Things", "# Get-Thing\n", "# Get-Things\n", "Get-Thing.")]
    [InlineData("HELP002", "", "\n# Get-Thing\n", "\n", "Get-Thing.")]
    [InlineData("HELP003", "", "## SYNOPSIS\n\nGets *things*, & more.\n\n", "", "SYNOPSIS")]
    [InlineData("HELP003", "## SYNOPSIS", "Gets *things*, & more.\n", "", "SYNOPSIS")]
    [InlineData("HELP004", "And more.", "& more.\n", "& more.\n\nAnd more.\n", "one paragraph")]
    [InlineData("HELP004", "## SYNTAX", "## NOTES", "## SYNTAX", "read from the assembly")]
    [InlineData("HELP004", "## Notes", "## NOTES", "## Notes", "NOTES")]
    [InlineData("HELP004", "## NOTES\n\nNothing", "## DESCRIPTION", "## NOTES", "twice")]
    [InlineData("HELP004", "Lost text.", "<!-- A note for authors. -->", "Lost text.", "before the first section")]
    [InlineData("HELP004", "Lost text.", "## EXAMPLES\n", "## EXAMPLES\n\nLost text.\n", "nowhere")]
    // Examples
    [InlineData("HELP006", "### Example 2: All", "### Example 1: All", "### Example 2: All", "'Example 1: '")]
    [InlineData("HELP006", "### All of them", "### Example 1: All of them", "### All of them", "'Example 1: '")]
    [InlineData("HELP006", "### Example 1", "```powershell\nGet-Thing *\n```\n", "", "no code")]
    [InlineData("HELP006", "### Example 1", "```powershell\nGet-Thing *\n```\n", "```powershell\n```\n", "no code")]
    [InlineData("HELP006", "### Example 1", "Get-Thing *", "Get-Other *", "does not use Get-Thing")]
    // Parameters
    [InlineData("HELP007", "## PARAMETERS", "### -Size\n\nThe size.\n", "", "-Size")]
    [InlineData("HELP007", "### -Size", "\nThe size.\n", "", "-Size")]
    [InlineData("HELP008", "### -Verbose", "### -TimeoutSeconds", "### -Verbose", "no parameter -Verbose")]
    [InlineData("HELP008", "### -timeoutSeconds", "### -TimeoutSeconds", "### -timeoutSeconds", "it is -TimeoutSeconds")]
    [InlineData("HELP008", "### TimeoutSeconds", "### -TimeoutSeconds", "### TimeoutSeconds", "no parameter TimeoutSeconds")]
    [InlineData("HELP009", "### -Size\n\nHow long", "### -TimeoutSeconds", "### -Size", "-Size is described twice")]
    // Types
    [InlineData("HELP010", "## OUTPUTS", "### System.Boolean\n\nWith objects.\n", "", "System.Boolean")]
    [InlineData("HELP010", "### System.Int32", "With objects.\n", "With objects.\n\n### System.Int32\n\nNo.\n", "System.Int32")]
    [InlineData("HELP011", "## INPUTS", "### HomelabOps.HelpBuilder.Tests.Cmdlets.Thing\n\nA thing.", "### None", "Cmdlets.Thing")]
    [InlineData("HELP011", "### System.String", "A thing.\n", "A thing.\n\n### System.String\n\nNo.\n", "System.String")]
    // Links, and what text cannot show
    [InlineData("HELP013", "- [Get-Thing]", "- [Get-Thing](Get-Thing.md)", "- [Get-Thing](Get-Nothing.md)", "Get-Nothing.md")]
    [InlineData("HELP013", "[page]", "[page](Get-Thing.md)", "[page](get-thing.md)", "get-thing.md")]
    [InlineData("HELP013", "- See", "- [Get-Thing](Get-Thing.md)", "- See [Get-Thing](Get-Thing.md)", "links only")]
    [InlineData("HELP016", "code <x>", "`code <x>`", "code <x>", "backticks")]
    [InlineData("HELP016", "![x]", "`code <x>`", "![x](Get-Thing.md)", "image")]
    [InlineData("HELP016", "<div>", "Nothing to note.", "<div>\nno\n</div>", "backticks")]
    [InlineData("HELP016", "***", "Nothing to note.", "***", "line")]
    public void A_broken_page_is_one_error_at_its_line(string code, string at, string good, string bad, string says)
    {
        var text = Workbench.GoodPage.ReplaceLineEndings("\n");
        Assert.Contains(good, text, StringComparison.Ordinal);
        var broken = ReplaceFirst(text, good, bad);

        var error = Assert.Single(Run(broken), e => e.Code == code);

        Assert.Equal(broken[..broken.IndexOf(at, StringComparison.Ordinal)].Count(c => c == '\n') + 1, error.Line);
        Assert.Contains(says, error.Text, StringComparison.Ordinal);
        Assert.EndsWith("Get-Thing.md", error.File, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_front_matter_there_is_one_error_at_the_first_line()
    {
        var text = Workbench.GoodPage.ReplaceLineEndings("\n");
        var error = Assert.Single(Run(text[text.IndexOf("# Get-Thing", StringComparison.Ordinal)..]));

        Assert.Equal(("HELP001", 1), (error.Code, error.Line));
    }

    [Fact]
    public void One_example_is_too_few()
    {
        var text = Workbench.GoodPage.ReplaceLineEndings("\n");
        var second = text.IndexOf("### Example 2", StringComparison.Ordinal);
        var error = Assert.Single(Run(text.Remove(second, text.IndexOf("## PARAMETERS", StringComparison.Ordinal) - second)));

        Assert.Equal("HELP005", error.Code);
        Assert.Equal(text[..text.IndexOf("## EXAMPLES", StringComparison.Ordinal)].Count(c => c == '\n') + 1, error.Line);
    }

    [Fact]
    public void A_page_without_a_cmdlet_is_an_error()
    {
        using var bench = new Workbench();
        var error = Assert.Single(bench.Page("Get-Nothing.md", "# Get-Nothing").Run());

        Assert.Equal("HELP014", error.Code);
        Assert.EndsWith("Get-Nothing.md", error.File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cmdlet_without_a_page_is_an_error_when_the_help_must_be_complete()
    {
        using var bench = new Workbench();
        bench.Page("_common.md", File.ReadAllText(Workbench.Golden("_common.md"))).Page("Get-Thing.md", Workbench.GoodPage);

        Assert.Equal(
            ["HELP015 Find-Thing.md", "HELP015 Remove-Thing.md"],
            bench.Run(complete: true).Select(e => $"{e.Code} {Path.GetFileName(e.File)}"));
    }

    [Fact]
    public void A_parameter_of_a_base_class_needs_a_description_when_none_is_shared()
    {
        using var bench = new Workbench();
        var error = Assert.Single(bench.Page("Get-Thing.md", Workbench.GoodPage).Run());

        Assert.Equal("HELP007", error.Code);
        Assert.Contains("-Context", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cmdlet_without_a_HelpUri_is_an_error()
    {
        using var bench = new Workbench();
        var page = Workbench.GoodPage.Replace("Get-Thing", "Find-Thing", StringComparison.Ordinal);

        Assert.Contains(bench.Page("Find-Thing.md", page).Run(), e => e.Code == "HELP012" && e.Text.Contains("no HelpUri", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("### Context\n\nText.", "HELP007")]
    [InlineData("### -Context\n", "HELP007")]
    [InlineData("### -Context\n\nText.\n\n### -Context\n\nText.", "HELP009")]
    [InlineData("### -Context\n\n[x](nowhere.md)", "HELP013")]
    public void Shared_descriptions_have_rules_too(string entries, string code)
    {
        using var bench = new Workbench();
        bench.Page("_common.md", "# Common\n\n## PARAMETERS\n\n" + entries);

        var error = Assert.Single(bench.Run());

        Assert.Equal(code, error.Code);
        Assert.True(error.Line >= 5);
    }

    [Fact]
    public void Nothing_is_written_when_a_rule_is_broken()
    {
        using var bench = new Workbench();
        bench.Page("Get-Nothing.md", "# Get-Nothing").Run();

        Assert.False(Directory.Exists(bench.Output));
    }

    [Fact]
    public void An_error_has_the_form_that_MSBuild_recognises() =>
        Assert.Equal("docs/Get-X.md(3,7): error HELP001: Text.", new Diagnostic("docs/Get-X.md", 3, 7, "HELP001", "Text.").ToString());

    private static IReadOnlyList<Diagnostic> Run(string page)
    {
        using var bench = new Workbench();
        return bench.Page("Get-Thing.md", page).Page("_common.md", File.ReadAllText(Workbench.Golden("_common.md"))).Run();
    }

    private static string ReplaceFirst(string text, string old, string replacement)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return text[..at] + replacement + text[(at + old.Length)..];
    }
}
