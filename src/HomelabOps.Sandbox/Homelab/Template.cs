using System.Text;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>
/// A manifest with places such as <c>${NAME}</c>. A place that is alone on its line takes a text of several lines, each indented as the
/// place is, or with an empty text takes the line away.
/// </summary>
internal static class Template
{
    private const string Open = "${";

    /// <summary>Fills the places.</summary>
    /// <param name="text">The template; its lines end in a line feed.</param>
    /// <param name="values">What stands in which place.</param>
    /// <exception cref="InvalidOperationException">A place has no value or no end, or a text of several lines has no line to itself.</exception>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        if (!text.Contains(Open, StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 256);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range);
            if (range.Start.Value == text.Length)
            {
                // What follows the last line feed is no line.
                break;
            }

            AppendLine(result, line, values);
        }

        return result.ToString();
    }

    private static void AppendLine(StringBuilder result, ReadOnlySpan<char> line, IReadOnlyDictionary<string, string> values)
    {
        var content = line.TrimStart();
        if (content.StartsWith(Open, StringComparison.Ordinal) && content.IndexOf('}') == content.Length - 1)
        {
            AppendBlock(result, line[..^content.Length], Value(content[Open.Length..^1], values));
            return;
        }

        for (var start = line.IndexOf(Open, StringComparison.Ordinal); start >= 0; start = line.IndexOf(Open, StringComparison.Ordinal))
        {
            var end = line[start..].IndexOf('}');
            if (end < 0)
            {
                throw new InvalidOperationException($"A place of the template has no end: {line}");
            }

            var value = Value(line[(start + Open.Length)..(start + end)], values);
            if (value.Contains('\n', StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"A text of several lines is to be in the middle of a line: {line}");
            }

            result.Append(line[..start]).Append(value);
            line = line[(start + end + 1)..];
        }

        result.Append(line).Append('\n');
    }

    private static void AppendBlock(StringBuilder result, ReadOnlySpan<char> indent, string block)
    {
        foreach (var line in block.AsSpan().TrimEnd('\n').EnumerateLines())
        {
            if (!line.IsEmpty)
            {
                result.Append(indent).Append(line).Append('\n');
            }
        }
    }

    private static string Value(ReadOnlySpan<char> name, IReadOnlyDictionary<string, string> values) =>
        values.TryGetValue(name.ToString(), out var value) ? value : throw new InvalidOperationException($"The template has a place without a value: {name}");
}
