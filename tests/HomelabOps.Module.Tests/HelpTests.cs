using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>The help as the engine shows it, beside the commands as the engine knows them.</summary>
[Collection(nameof(ProcessWide))]
public sealed class HelpTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Every_cmdlet_has_a_full_help_of_its_own_parameters_and_no_others() => Assert.All(Commands(), command =>
    {
        var help = _engine.Run($"Get-Help {command.Name} -Full").ThrowIfFailed().Output.Single();
        var own = command.Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name)).Select(parameter => parameter.Name);

        Assert.Equal($"MamlCommandHelpInfo#HomelabOps#{command.Name}#FullView", help.TypeNames[0]);
        Assert.DoesNotContain("[<CommonParameters>]", Text(help, "Synopsis"), StringComparison.Ordinal);
        Assert.NotEqual("", Text(help, "description"));
        Assert.Equal(own.Order(StringComparer.Ordinal), Parameters(help).Select(parameter => Text(parameter, "name")).Order(StringComparer.Ordinal));
        Assert.All(Parameters(help), parameter => Assert.NotEqual("", Text(parameter, "description")));
        Assert.NotEmpty(Items(help, "examples", "example"));
    });

    [Fact]
    public void Every_page_and_every_help_file_belongs_to_a_cmdlet_of_the_manifest()
    {
        var names = Commands().Select(command => command.Name).Order(StringComparer.Ordinal).ToList();
        var pages = Directory.GetFiles(Path.Combine(Build.RepositoryRoot, "docs", "cmdlets"), "*-*.md").Select(Path.GetFileNameWithoutExtension);
        var help = System.Xml.Linq.XDocument.Load(Path.Combine(Build.Module, "en-US", "HomelabOps.dll-Help.xml"));

        Assert.Equal(names, pages.Order(StringComparer.Ordinal));
        Assert.Equal(names, help.Descendants().Where(element => element.Name.LocalName == "details").Select(details => details.Elements().First(element => element.Name.LocalName == "name").Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_about_topics_are_found() => Assert.All(
        Directory.GetFiles(Path.Combine(Build.RepositoryRoot, "docs", "about"), "about_*.md").Select(Path.GetFileNameWithoutExtension),
        topic => Assert.Contains("TOPIC", _engine.Run($"Get-Help {topic}").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal));

    private List<CmdletInfo> Commands() =>
        [.. _engine.Run("Get-Command -Module HomelabOps").ThrowIfFailed().Output.Select(item => (CmdletInfo)item.BaseObject)];

    private static IEnumerable<PSObject> Parameters(PSObject help) => Items(help, "parameters", "parameter");

    // Nothing, one, or several.
    private static IEnumerable<PSObject> Items(PSObject of, string list, string item)
    {
        var value = PSObject.AsPSObject(of.Properties[list].Value).Properties[item]?.Value;
        var items = LanguagePrimitives.GetEnumerable(value)?.Cast<object>() ?? (value is null ? [] : [value]);
        return items.Select(PSObject.AsPSObject);
    }

    // A text, or paragraphs of it.
    private static string Text(PSObject of, string property)
    {
        var value = of.Properties[property]?.Value;
        var paragraphs = LanguagePrimitives.GetEnumerable(value)?.Cast<object>().Select(PSObject.AsPSObject) ?? [];
        var text = string.Concat(paragraphs.Select(paragraph => paragraph.Properties["Text"]?.Value ?? paragraph));
        return (text.Length > 0 ? text : value?.ToString() ?? "").Trim();
    }
}
