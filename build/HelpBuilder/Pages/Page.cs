using Markdig.Syntax;

namespace HomelabOps.HelpBuilder.Pages;

/// <summary>A Markdown file cut at its headings. What it says is still Markdig's tree.</summary>
internal sealed record Page(string File)
{
    /// <summary>The file's name without .md.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    public IReadOnlyDictionary<string, Setting>? FrontMatter { get; init; }

    public Setting? Title { get; init; }

    public IReadOnlyList<Section> Sections { get; init; } = [];

    public Section? Find(string section) => Sections.FirstOrDefault(s => s.Name.Equals(section, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A text of the page and where it stands.</summary>
internal sealed record Setting(string Value, Position At);

/// <summary>What is under a heading of level two: text, then entries under headings of level three.</summary>
internal sealed record Section(string Name, Position At)
{
    public List<Block> Blocks { get; } = [];

    public List<Entry> Entries { get; } = [];
}

/// <summary>What is under a heading of level three: an example, a parameter, a type.</summary>
internal sealed record Entry(string Title, Position At)
{
    public List<Block> Blocks { get; } = [];
}
