using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HomelabOps.HelpBuilder.Pages;

/// <summary>Parses Markdown and cuts it at the headings.</summary>
internal sealed class PageReader
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePreciseSourceLocation().UseYamlFrontMatter().UsePipeTables().Build();

    /// <summary>Elsewhere a heading of level three is a part of the text.</summary>
    private static readonly HashSet<string> WithEntries = new(["EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS"], StringComparer.OrdinalIgnoreCase);

    private readonly string _file;
    private readonly bool _topic;
    private readonly Diagnostics _diagnostics;
    private readonly List<Section> _sections = [];
    private IReadOnlyDictionary<string, Setting>? _frontMatter;
    private Setting? _title;

    private PageReader(string file, bool topic, Diagnostics diagnostics) => (_file, _topic, _diagnostics) = (file, topic, diagnostics);

    public static Page Read(string file, string text, Diagnostics diagnostics, bool topic = false)
    {
        var reader = new PageReader(file, topic, diagnostics);
        foreach (var block in Markdown.Parse(text, Pipeline))
        {
            reader.Take(block);
        }

        foreach (var section in reader._sections.Where(s => reader.HasEntries(s) && s.Blocks.Count > 0))
        {
            diagnostics.Add(file, Position.Of(section.Blocks[0]), Codes.Section, $"Text in {section.Name} before its first heading of level three appears nowhere in the help.");
        }

        return new Page(file) { FrontMatter = reader._frontMatter, Title = reader._title, Sections = reader._sections };
    }

    private void Take(Block block)
    {
        switch (block)
        {
            case YamlFrontMatterBlock yaml:
                _frontMatter = Settings(yaml);
                break;
            case LinkReferenceDefinitionGroup:
            case HtmlBlock { Type: HtmlBlockType.Comment }:
                // The one is used where it is referred to, the other is a note to whoever edits the page.
                break;
            case HeadingBlock { Level: 1 } heading when _title is null:
                _title = new Setting(Heading(heading), Position.Of(heading));
                break;
            case HeadingBlock { Level: 2 } heading:
                Open(heading);
                break;
            case HeadingBlock { Level: 3 } heading when _sections.Count > 0 && HasEntries(_sections[^1]):
                _sections[^1].Entries.Add(new Entry(Heading(heading), Position.Of(heading)));
                break;
            default:
                Place(block);
                break;
        }
    }

    private bool HasEntries(Section section) => !_topic && WithEntries.Contains(section.Name);

    private void Open(HeadingBlock heading)
    {
        var section = new Section(Heading(heading), Position.Of(heading));
        if (_sections.Any(s => s.Name.Equals(section.Name, StringComparison.OrdinalIgnoreCase)))
        {
            _diagnostics.Add(_file, section.At, Codes.Section, $"The section {section.Name} is there twice.");
        }

        _sections.Add(section);
    }

    private void Place(Block block)
    {
        if (_sections.Count == 0)
        {
            _diagnostics.Add(_file, Position.Of(block), Codes.Section, "Text before the first section appears nowhere in the help. Put it under a heading of level two.");
        }
        else if (_sections[^1].Entries is [.., var entry])
        {
            entry.Blocks.Add(block);
        }
        else
        {
            _sections[^1].Blocks.Add(block);
        }
    }

    /// <summary>A heading's text as it would be read: code and emphasis without their marks.</summary>
    private static string Heading(HeadingBlock heading) => heading.Inline is null ? "" : string.Concat(Flat(heading.Inline)).Trim();

    private static IEnumerable<string> Flat(ContainerInline inlines) => inlines.SelectMany(inline => inline switch
    {
        LiteralInline literal => [literal.Content.ToString()],
        CodeInline code => [code.Content],
        HtmlEntityInline entity => [entity.Transcoded.ToString()],
        ContainerInline container => Flat(container),
        _ => Enumerable.Empty<string>(),
    });

    private static Dictionary<string, Setting> Settings(YamlFrontMatterBlock yaml)
    {
        // "key: value" lines are all that platyPS's front matter has.
        var settings = new Dictionary<string, Setting>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < yaml.Lines.Count; i++)
        {
            var line = yaml.Lines.Lines[i].Slice.ToString();
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                settings[line[..colon].Trim()] = new Setting(line[(colon + 1)..].Trim().Trim('"', '\''), new Position(yaml.Line + 2 + i, 1));
            }
        }

        return settings;
    }
}
