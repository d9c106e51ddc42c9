using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace HomelabOps.HelpBuilder.Pages;

/// <summary>An example in its parts: text before the code, the code, what it prints, text after it.</summary>
internal sealed partial record Example(string Title, string Code, string Output)
{
    public IReadOnlyList<Block> Before { get; private init; } = [];

    public IReadOnlyList<Block> After { get; private init; } = [];

    public static Example Of(Entry entry)
    {
        var fences = entry.Blocks.OfType<CodeBlock>().ToList();
        var first = entry.Blocks.FindIndex(IsCode);
        return new Example(Heading().Match(entry.Title).Groups["title"].Value, Join(fences.Where(IsCode)), Join(fences.Where(f => !IsCode(f))))
        {
            Before = [.. entry.Blocks.Take(Math.Max(first, 0)).Where(b => b is not CodeBlock)],
            After = [.. entry.Blocks.Skip(Math.Max(first, 0)).Where(b => b is not CodeBlock)],
        };
    }

    /// <summary>The number in the heading, 0 where it is none of ours.</summary>
    public static int Number(Entry entry) =>
        Heading().Match(entry.Title) is { Success: true } match ? int.Parse(match.Groups["number"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static bool IsCode(Block block) =>
        block is FencedCodeBlock { Info: { } info } && (info.Equals("powershell", StringComparison.OrdinalIgnoreCase) || info.Equals("pwsh", StringComparison.OrdinalIgnoreCase));

    private static string Join(IEnumerable<CodeBlock> blocks) => string.Join("\n\n", blocks.Select(PlainText.Code)).Trim('\n');

    [GeneratedRegex(@"^Example (?<number>[0-9]{1,4}): (?<title>\S.*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Heading();
}
