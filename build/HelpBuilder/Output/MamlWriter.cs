using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using HomelabOps.HelpBuilder.Commands;
using HomelabOps.HelpBuilder.Pages;

namespace HomelabOps.HelpBuilder.Output;

/// <summary>Writes MAML as PowerShell's help reader wants it.</summary>
internal sealed class MamlWriter(CommonParameters common, Diagnostics diagnostics)
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly XElement Blank = new(Maml + "para");

    public static string Document(IEnumerable<XElement> commands)
    {
        var root = new XElement(Msh + "helpItems", new XAttribute("schema", "maml"), commands);
        using var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.None }))
        {
            root.Save(xml);
        }

        return text.ToString() + "\n";
    }

    public XElement Write(Page page, CommandModel command)
    {
        var text = new PlainText(page.File, diagnostics);
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "command", Command.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "dev", Dev.NamespaceName),
            new XElement(
                Command + "details",
                new XElement(Command + "name", command.Name),
                new XElement(Command + "verb", command.Verb),
                new XElement(Command + "noun", command.Noun),
                Description(text.Read(page.Find("SYNOPSIS")?.Blocks ?? []))),
            Description(text.Read(page.Find("DESCRIPTION")?.Blocks ?? [])),
            new XElement(Command + "syntax", command.Sets.Select(set => SyntaxItem(command, set))),
            Parameters(page, command, text),
            new XElement(Command + "inputTypes", Types(page.Find("INPUTS"), Command + "inputType", text)),
            new XElement(Command + "returnValues", Types(page.Find("OUTPUTS"), Command + "returnValue", text)),
            Notes(page, command, text),
            Examples(page, text),
            RelatedLinks(page, command));
    }

    private static XElement SyntaxItem(CommandModel command, string set)
    {
        // The order of the engine's own syntax: positional, mandatory, the others; WhatIf and Confirm come last as they are.
        var members = command.Parameters.Select(p => (Parameter: p, Member: p.In(set))).Where(m => m.Member is { Hidden: false }).ToList();
        return new XElement(
            Command + "syntaxItem",
            new XElement(Maml + "name", command.Name),
            members.OrderBy(m => m.Member!.Position ?? int.MaxValue).ThenBy(m => m.Member!.Mandatory ? 0 : 1)
                .Select(m => SyntaxParameter(m.Parameter, m.Member!)));
    }

    private static XElement SyntaxParameter(ParameterModel parameter, SetMember member)
    {
        var element = new XElement(Command + "parameter", Attributes(parameter, member), new XElement(Maml + "name", parameter.Name));
        if (parameter.Values.Count > 0)
        {
            element.Add(new XElement(Command + "parameterValueGroup", parameter.Values.Select(v => Value(v, required: false))));
        }
        else if (!parameter.IsSwitch)
        {
            element.Add(Value(parameter.Type.Short, required: true));
        }

        return element;
    }

    private XElement Parameters(Page page, CommandModel command, PlainText text)
    {
        var shared = new PlainText(common.File, diagnostics);
        var entries = page.Find("PARAMETERS")?.Entries ?? [];
        var shown = command.Parameters.Where(p => !p.Hidden)
            .OrderBy(p => p.Name is "WhatIf" or "Confirm" ? 1 : 0).ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase);
        return new XElement(Command + "parameters", shown.Select(parameter =>
        {
            var own = entries.Find(e => e.Title == "-" + parameter.Name);
            var description = own is not null ? text.Read(own.Blocks) : shared.Read(common.Find(parameter.Name)?.Blocks ?? []);
            return Parameter(parameter, parameter.In(command.Sets[0]) ?? parameter.Members[0], description);
        }));
    }

    private static XElement Parameter(ParameterModel parameter, SetMember member, IReadOnlyList<TextBlock> description)
    {
        var blocks = parameter.Values.Count == 0 ? description : [.. description, Line($"Accepted values: {string.Join(", ", parameter.Values)}.")];
        // Where the sets differ, the syntax shows it; here a parameter is required if it always is.
        var attributes = Attributes(parameter, member with { Mandatory = parameter.Members.All(m => m.Mandatory) });
        return new XElement(
            Command + "parameter",
            attributes,
            new XElement(Maml + "name", parameter.Name),
            Description(blocks),
            Value(parameter.Type.Short, !parameter.IsSwitch),
            new XElement(Dev + "type", new XElement(Maml + "name", parameter.Type.Full), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", parameter.Default ?? (parameter.IsSwitch ? "False" : "None")));
    }

    private static IEnumerable<XAttribute> Attributes(ParameterModel parameter, SetMember member)
    {
        yield return new XAttribute("required", member.Mandatory);
        yield return new XAttribute("variableLength", parameter.Type.Full.EndsWith("[]", StringComparison.Ordinal));
        yield return new XAttribute("globbing", parameter.Wildcards);
        yield return new XAttribute("pipelineInput", Pipeline(parameter));
        yield return new XAttribute("position", member.Position?.ToString(CultureInfo.InvariantCulture) ?? "named");
        yield return new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases));
    }

    private static string Pipeline(ParameterModel parameter)
    {
        var ways = new List<string>();
        if (parameter.Members.Any(m => m.ByValue))
        {
            ways.Add("ByValue");
        }

        if (parameter.Members.Any(m => m.ByPropertyName))
        {
            ways.Add("ByPropertyName");
        }

        return ways.Count == 0 ? "False" : $"True ({string.Join(", ", ways)})";
    }

    private static XElement Value(string text, bool required) =>
        new(Command + "parameterValue", new XAttribute("required", required), new XAttribute("variableLength", false), text);

    private static IEnumerable<XElement> Types(Section? section, XName name, PlainText text) =>
        (section?.Entries ?? []).Select(entry => new XElement(
            name,
            new XElement(Dev + "type", new XElement(Maml + "name", entry.Title), new XElement(Maml + "uri")),
            Description(text.Read(entry.Blocks))));

    private static XElement? Notes(Page page, CommandModel command, PlainText text)
    {
        var blocks = text.Read(page.Find("NOTES")?.Blocks ?? []).ToList();
        if (command.Rights.Count > 0)
        {
            blocks.Add(Line($"Rights needed: {string.Join("; ", command.Rights)}."));
        }

        // An empty set would be a heading with nothing below it.
        return blocks.Count == 0 ? null : new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(blocks)));
    }

    private static XElement Examples(Page page, PlainText text) =>
        new(Command + "examples", (page.Find("EXAMPLES")?.Entries ?? []).Select((entry, i) =>
        {
            var example = Example.Of(entry);
            var title = string.Create(CultureInfo.InvariantCulture, $" Example {i + 1}: {example.Title} ");
            var dashes = new string('-', Math.Max(3, (66 - title.Length) / 2));
            var before = Joined(text.Read(example.Before));
            var after = new XElement(Maml + "para", Joined(text.Read(example.After)));

            // How the engine's view puts these together was found by trying. The introduction is the only text that it
            // does not trim, and code follows it on the same line. Between output and remarks, and between examples, it
            // puts nothing; and of several paragraphs after an empty one it runs two together, hence one for all.
            return new XElement(
                Command + "example",
                new XElement(Maml + "title", dashes + title + dashes),
                before.Length == 0 ? null : new XElement(Maml + "introduction", new XElement(Maml + "para", before + "\n\n")),
                new XElement(Dev + "code", example.Code),
                example.Output.Length == 0 ? null : new XElement(Dev + "results", example.Output),
                new XElement(Dev + "remarks", example.Output.Length == 0 ? [after, Blank] : [Blank, after]));
        }));

    private XElement RelatedLinks(Page page, CommandModel command)
    {
        // Get-Help -Online opens the first link that has an address.
        var links = Links.Related(page, diagnostics).Prepend((Text: "Online Version:", Uri: command.HelpUri ?? ""));
        return new XElement(Command + "relatedLinks", links.Select(l =>
            new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", l.Text), new XElement(Maml + "uri", l.Uri))));
    }

    private static XElement Description(IReadOnlyList<TextBlock> blocks) => new(Maml + "description", Paragraphs(blocks));

    private static IEnumerable<XElement> Paragraphs(IReadOnlyList<TextBlock> blocks) => Texts(blocks).Select(p => new XElement(Maml + "para", p));

    private static string Joined(IReadOnlyList<TextBlock> blocks) => string.Join("\n\n", Texts(blocks));

    private static List<string> Texts(IReadOnlyList<TextBlock> blocks)
    {
        var paragraphs = new List<string>();
        foreach (var block in blocks)
        {
            if (block.Verbatim && paragraphs.Count > 0)
            {
                // The engine trims each paragraph; only within one does the indentation of code survive.
                paragraphs[^1] += "\n\n" + block;
            }
            else
            {
                paragraphs.Add(block.Verbatim ? new TextBlock([.. block.Lines.Select(l => l with { Indent = 0 })]).ToString() : block.ToString());
            }
        }

        return paragraphs;
    }

    private static TextBlock Line(string text) => new([new TextLine(0, "", text)]);

    private sealed class Utf8Writer() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;
    }
}
