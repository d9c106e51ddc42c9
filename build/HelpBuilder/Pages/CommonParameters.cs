namespace HomelabOps.HelpBuilder.Pages;

/// <summary>Descriptions of parameters that many cmdlets share, for pages that do not describe them themselves.</summary>
internal sealed class CommonParameters
{
    public const string FileName = "_common.md";

    public static readonly CommonParameters None = new();

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private CommonParameters()
    {
    }

    public string File { get; private init; } = "";

    public static CommonParameters Of(Page page, Diagnostics diagnostics)
    {
        var common = new CommonParameters { File = page.File };
        foreach (var entry in page.Sections.SelectMany(s => s.Entries))
        {
            if (!entry.Title.StartsWith('-') || entry.Blocks.Count == 0)
            {
                diagnostics.Add(page.File, entry.At, Codes.Undescribed, $"'{entry.Title}' must be a parameter's name with its dash and have a description.");
            }
            else if (!common._entries.TryAdd(entry.Title[1..], entry))
            {
                diagnostics.Add(page.File, entry.At, Codes.DescribedTwice, $"{entry.Title} is described twice.");
            }
        }

        Links.Check(page, diagnostics);
        return common;
    }

    public Entry? Find(string parameter) => _entries.GetValueOrDefault(parameter);
}
