using HomelabOps.HelpBuilder.Commands;
using Markdig.Syntax;

namespace HomelabOps.HelpBuilder.Pages;

/// <summary>Holds one page against its cmdlet.</summary>
internal sealed class PageRules(Page page, CommandModel command, CommonParameters common, string module, Diagnostics diagnostics)
{
    private static readonly string[] Sections = ["SYNOPSIS", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    public void Check()
    {
        CheckFrontMatter();
        CheckTitle(page, diagnostics);
        CheckSections();
        CheckExamples();
        CheckParameters();
        CheckOutputs();
        CheckInputs();
        Links.Check(page, diagnostics);
    }

    public static void CheckTitle(Page page, Diagnostics diagnostics)
    {
        if (page.Title?.Value != page.Name)
        {
            Add(page, page.Title?.At ?? Position.Start, Codes.Title, $"The title (# {page.Title?.Value}) must be the file's name, {page.Name}.", diagnostics);
        }
    }

    private static void Add(Page page, Position at, string code, string text, Diagnostics diagnostics) => diagnostics.Add(page.File, at, code, text);

    private void Add(Position at, string code, string text) => Add(page, at, code, text, diagnostics);

    private void CheckFrontMatter()
    {
        if (page.FrontMatter is not { } settings)
        {
            Add(Position.Start, Codes.FrontMatter, "The page must begin with front matter (--- lines around 'external help file', 'Module Name', 'online version', 'schema').");
            return;
        }

        Expect("external help file", $"{module}.dll-Help.xml");
        Expect("Module Name", module);
        Expect("schema", "2.0.0");
        CheckHelpUri(settings.GetValueOrDefault("online version"));

        void Expect(string key, string value)
        {
            var setting = settings.GetValueOrDefault(key);
            if (setting?.Value != value)
            {
                Add(setting?.At ?? Position.Start, Codes.FrontMatter, $"The front matter must say '{key}: {value}'.");
            }
        }
    }

    private void CheckHelpUri(Setting? online)
    {
        var at = online?.At ?? Position.Start;
        if (!Links.IsExternal(command.HelpUri))
        {
            Add(at, Codes.HelpUri, $"{command.Name} has no HelpUri in its [Cmdlet] attribute, so Get-Help -Online leads nowhere.");
        }
        else if (online?.Value != command.HelpUri)
        {
            Add(at, Codes.HelpUri, $"The front matter must say 'online version: {command.HelpUri}', which is the cmdlet's HelpUri.");
        }
    }

    private void CheckSections()
    {
        foreach (var section in page.Sections.Where(s => !Sections.Contains(s.Name, StringComparer.Ordinal)))
        {
            var hint = section.Name.Equals("SYNTAX", StringComparison.OrdinalIgnoreCase) ? "The syntax is read from the assembly." : $"Help has only {string.Join(", ", Sections)}.";
            Add(section.At, Codes.Section, $"A section {section.Name} does not belong here. {hint}");
        }

        foreach (var name in new[] { "SYNOPSIS", "DESCRIPTION" })
        {
            var section = page.Find(name);
            if (section is null || section.Blocks.Count == 0)
            {
                Add(section?.At ?? Position.Start, Codes.Missing, $"The page needs a {name}.");
            }
        }

        if (page.Find("SYNOPSIS") is { Blocks.Count: > 1 } synopsis)
        {
            Add(Position.Of(synopsis.Blocks[1]), Codes.Section, "The SYNOPSIS is one paragraph; the rest belongs to the DESCRIPTION.");
        }
    }

    private void CheckExamples()
    {
        var examples = page.Find("EXAMPLES");
        if (examples is null || examples.Entries.Count < 2)
        {
            Add(examples?.At ?? Position.Start, Codes.TooFewExamples, "The page needs at least two examples (### Example 1: title).");
        }

        for (var i = 0; i < (examples?.Entries.Count ?? 0); i++)
        {
            var entry = examples!.Entries[i];
            if (Example.Number(entry) != i + 1)
            {
                Add(entry.At, Codes.Example, $"The heading must be 'Example {i + 1}: ' and a title.");
            }

            var code = Example.Of(entry).Code;
            if (string.IsNullOrWhiteSpace(code))
            {
                Add(entry.At, Codes.Example, $"Example {i + 1} has no code (a ```powershell block).");
            }
            else if (!code.Contains(command.Name, StringComparison.Ordinal))
            {
                Add(entry.At, Codes.Example, $"Example {i + 1} does not use {command.Name}.");
            }
        }
    }

    private void CheckParameters()
    {
        var described = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var section = page.Find("PARAMETERS");
        foreach (var entry in section?.Entries ?? [])
        {
            var name = entry.Title.TrimStart('-');
            if (!described.Add(name))
            {
                Add(entry.At, Codes.DescribedTwice, $"-{name} is described twice.");
            }
            else if (!entry.Title.StartsWith('-') || !command.Parameters.Any(p => p.Name == name))
            {
                Add(entry.At, Codes.NoSuchParameter, $"{command.Name} has no parameter {entry.Title}{Nearest(name)}.");
            }
            else if (entry.Blocks.Count == 0)
            {
                Add(entry.At, Codes.Undescribed, $"-{name} has a heading but no description.");
            }
        }

        foreach (var parameter in command.Parameters.Where(p => !p.Hidden && !described.Contains(p.Name) && common.Find(p.Name) is null))
        {
            Add(section?.At ?? Position.Start, Codes.Undescribed, $"-{parameter.Name} is not described, neither here nor in {CommonParameters.FileName}.");
        }
    }

    /// <summary>Headings are written by hand: a wrong case, a missing dash or an alias is worth a word.</summary>
    private string Nearest(string name) =>
        command.Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || p.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } near
            ? $"; it is -{near.Name}"
            : "";

    private void CheckOutputs()
    {
        var section = page.Find("OUTPUTS");
        var named = Types(section);
        var outputs = command.Outputs;
        foreach (var missing in outputs.Except(named.Select(n => n.Title), StringComparer.Ordinal))
        {
            Add(section?.At ?? Position.Start, Codes.Outputs, $"OUTPUTS must name {missing}, which {command.Name} declares with [OutputType].");
        }

        foreach (var entry in named.Where(n => !outputs.Contains(n.Title, StringComparer.Ordinal)))
        {
            Add(entry.At, Codes.Outputs, $"{command.Name} does not declare [OutputType] {entry.Title}.");
        }
    }

    private void CheckInputs()
    {
        var section = page.Find("INPUTS");
        var named = Types(section);
        var piped = command.Parameters.Where(p => p.Members.Any(m => m.ByValue)).ToList();
        if (piped.Any(p => p.Type.Element is "System.Object" or "System.Management.Automation.PSObject"))
        {
            // It takes anything; the page says what is useful.
            return;
        }

        foreach (var parameter in piped.Where(p => !named.Any(n => n.Title == p.Type.Element || n.Title == p.Type.Full)))
        {
            Add(section?.At ?? Position.Start, Codes.Inputs, $"INPUTS must name {parameter.Type.Element}, which -{parameter.Name} takes from the pipeline.");
        }

        foreach (var entry in named.Where(n => !piped.Any(p => n.Title == p.Type.Element || n.Title == p.Type.Full)))
        {
            Add(entry.At, Codes.Inputs, $"{command.Name} does not take {entry.Title} from the pipeline by value.");
        }
    }

    /// <summary>"### None" stands for no type.</summary>
    private static List<Entry> Types(Section? section) => section?.Entries.Where(e => e.Title != "None").ToList() ?? [];
}
