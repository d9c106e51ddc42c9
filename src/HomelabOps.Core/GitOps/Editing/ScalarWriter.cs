using System.Buffers;
using System.Globalization;
using System.Text;
using HomelabOps.Core.GitOps.Yaml;
using YamlDotNet.Core;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Writes scalars. It proposes forms, the best one first; whether one means what was asked is for the reader to tell.</summary>
internal static class ScalarWriter
{
    private static readonly SearchValues<char> FlowMarks = SearchValues.Create("[]{},:");

    private const string Indicators = "-?:,[]{}#&*!|>'\"%@`";

    /// <summary>The forms that a value may have in the place of another one.</summary>
    /// <param name="value">The scalar.</param>
    /// <param name="style">How the present one is written.</param>
    /// <param name="isFlow">It stands between brackets or braces.</param>
    /// <param name="quotes">What the file puts around text that needs quotes.</param>
    public static IEnumerable<string> OneLine(YamlValue value, ScalarStyle style, bool isFlow, ScalarStyle quotes)
    {
        var text = value.Scalar!;
        if (value.Kind != ScalarKind.Text)
        {
            yield return text;
            yield break;
        }

        if (style is ScalarStyle.Plain or ScalarStyle.Any && IsPlain(text, isFlow))
        {
            yield return text;
        }

        var preferred = style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? style : quotes;
        if (preferred == ScalarStyle.SingleQuoted && !text.Any(char.IsControl))
        {
            yield return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        }

        yield return Quote(text);
    }

    /// <summary>The lines of a scalar in a block, after an indicator and the rest of its line; null where a block cannot hold it.</summary>
    /// <param name="text">The value.</param>
    /// <param name="isFolded">The style that begins with &gt;.</param>
    /// <param name="indent">Spaces before each line.</param>
    /// <param name="step">How much deeper that is than what holds the scalar.</param>
    /// <param name="tail">What stands behind the indicator: a comment.</param>
    /// <param name="newLine">How lines end.</param>
    public static string? Block(string text, bool isFolded, int indent, int step, string tail, string newLine)
    {
        var body = text.TrimEnd('\n');
        if (body.Length == 0 || step is < 1 or > 9 || text.Any(character => char.IsControl(character) && character is not ('\n' or '\t')))
        {
            return null;
        }

        var lines = body.Split('\n');
        if (lines.Any(line => line.Length > 0 && string.IsNullOrWhiteSpace(line)))
        {
            return null;
        }

        var trailing = text.Length - body.Length;
        var header = new StringBuilder(isFolded ? ">" : "|");
        if (lines.First(line => line.Length > 0)[0] is ' ' or '\t' || lines[0].Length == 0)
        {
            header.Append(step.ToString(CultureInfo.InvariantCulture));
        }

        header.Append(trailing switch { 0 => "-", 1 => "", _ => "+" }).Append(tail);
        var space = new string(' ', indent);
        for (var index = 0; index < lines.Length; index++)
        {
            // A single line break between two lines of the same depth would become a space.
            if (isFolded && index > 0 && IsText(lines[index]) && IsText(lines[..index].LastOrDefault(line => line.Length > 0) ?? ""))
            {
                header.Append(newLine);
            }

            header.Append(newLine).Append(lines[index].Length == 0 ? "" : space + lines[index]);
        }

        return header.Append(string.Concat(Enumerable.Repeat(newLine, Math.Max(0, trailing - 1)))).ToString();
    }

    /// <summary>A text between double quotes.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var character in text)
        {
            result.Append(character switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(character) || character is '\uFEFF' or '\u2028' or '\u2029' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => character.ToString(),
            });
        }

        return result.Append('"').ToString();
    }

    /// <summary>Whether a text stays text without quotes, for all that may read it.</summary>
    public static bool IsPlain(string text, bool isFlow) =>
        text.Length > 0
        && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])
        && (!Indicators.Contains(text[0], StringComparison.Ordinal) || (text.Length > 1 && text[0] is '-' or '?' or ':' && !char.IsWhiteSpace(text[1]) && !isFlow))
        && !text.StartsWith("---", StringComparison.Ordinal) && !text.StartsWith("...", StringComparison.Ordinal)
        && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && text[^1] != ':'
        && !text.Any(character => char.IsControl(character) || character is '\uFEFF' or '\u2028' or '\u2029' or '\u00A0')
        && !(isFlow && text.AsSpan().ContainsAny(FlowMarks))
        && ScalarTyping.ResolvePlain(text, YamlSchema.Manifest).Kind == ScalarKind.Text
        && ScalarTyping.ResolvePlain(text, YamlSchema.Json).Kind == ScalarKind.Text
        && !ScalarTyping.IsTimestamp(text);

    private static bool IsText(string line) => line.Length > 0 && line[0] is not (' ' or '\t');
}
