using System.Xml.Linq;

namespace HomelabOps.HelpBuilder.Tests;

public sealed class MamlTests
{
    [Fact]
    public void The_whole_file_is_as_the_golden_one()
    {
        using var bench = new Workbench();
        bench.Page("Get-Thing.md", Workbench.GoodPage).Page("_common.md", File.ReadAllText(Workbench.Golden("_common.md")));

        Assert.Empty(bench.Run());

        if (Environment.GetEnvironmentVariable("HELPBUILDER_ACCEPT") is { Length: > 0 } folder)
        {
            // After a wanted change: take the new text, and read the difference before it is committed.
            File.WriteAllText(Path.Combine(folder, "Get-Thing.xml"), bench.Maml);
        }

        Assert.Equal(File.ReadAllText(Workbench.Golden("Get-Thing.xml")), bench.Maml, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void WhatIf_and_Confirm_are_the_last_parameters_and_may_be_described_for_all()
    {
        using var bench = new Workbench();

        Assert.Empty(bench.Page("_common.md", Common).Page("Remove-Thing.md", SmallPage).Run());

        var parameters = Descendants(bench, "parameters").Single().Elements();
        Assert.Equal(["Context", "Force", "Limit", "Name", "Confirm", "WhatIf"], parameters.Select(p => Child(p, "name").Value));
        Assert.Equal("Shared.", Child(parameters.Last(), "description").Value);
        Assert.Equal("wi", parameters.Last().Attribute("aliases")?.Value);
        var syntax = Assert.Single(Descendants(bench, "syntaxItem"));
        Assert.Equal(["Name", "Force", "Limit", "Context", "WhatIf", "Confirm"], syntax.Elements().Skip(1).Select(p => Child(p, "name").Value));
    }

    [Fact]
    public void Without_notes_and_rights_there_is_no_heading_for_them()
    {
        using var bench = new Workbench();

        bench.Page("_common.md", Common).Page("Remove-Thing.md", SmallPage).Run();

        Assert.Empty(Descendants(bench, "alertSet"));
    }

    [Fact]
    public void Without_a_page_the_file_is_there_and_empty()
    {
        using var bench = new Workbench();

        Assert.Empty(bench.Run());

        Assert.Empty(XDocument.Parse(bench.Maml).Root!.Elements());
    }

    private const string Common = """
        # Common

        ## PARAMETERS

        ### -Context

        Shared.

        ### -WhatIf

        Shared.

        ### -Confirm

        Shared.
        """;

    private const string SmallPage = """
        ---
        external help file: HomelabOps.HelpBuilder.Tests.dll-Help.xml
        Module Name: HomelabOps.HelpBuilder.Tests
        online version: https://example.org/Remove-Thing
        schema: 2.0.0
        ---
        # Remove-Thing
        ## SYNOPSIS
        Removes.
        ## DESCRIPTION
        Removes.
        ## EXAMPLES
        ### Example 1: One
        ```powershell
        Remove-Thing one
        ```
        ### Example 2: Two
        ```powershell
        Remove-Thing two
        ```
        ## PARAMETERS
        ### -Name
        Text.
        ### -Force
        Text.
        ### -Limit
        Text.
        ## OUTPUTS
        ### None
        """;

    private static IEnumerable<XElement> Descendants(Workbench bench, string name) =>
        XDocument.Parse(bench.Maml).Descendants().Where(e => e.Name.LocalName == name);

    private static XElement Child(XElement element, string name) => element.Elements().Single(e => e.Name.LocalName == name);
}
