using System.Text;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>
/// What kustomize makes of a folded scalar. It writes each object once and reads it again, and its YAML library writes one
/// line break too many before a line that is indented further. Flux applies such texts as they come out, so they are the same here.
/// </summary>
internal static class FoldedText
{
    /// <summary>The text after it was written and read once more.</summary>
    public static string RoundTrip(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal))
        {
            return text;
        }

        // The library looks at the start of the text where it should look behind the line break.
        var first = 0;
        while (first < text.Length && text[first] == '\n')
        {
            first++;
        }

        var doubles = first < text.Length && !IsBlank(text[first]);
        var result = new StringBuilder();
        var position = 0;
        while (position < text.Length)
        {
            var end = text.IndexOf('\n', position);
            end = end < 0 ? text.Length : end;
            var isIndented = end > position && IsBlank(text[position]);
            result.Append(text, position, end - position);
            var next = end;
            while (next < text.Length && text[next] == '\n')
            {
                next++;
            }

            var breaks = next - end;
            var written = breaks > 0 && end > position && !isIndented && doubles ? breaks + 1 : breaks;
            result.Append(Read(written, breaks, isIndented, next < text.Length ? text[next] : null, end == position));
            position = next;
        }

        return result.ToString();
    }

    // What a reader makes of the line breaks that were written.
    private static string Read(int written, int original, bool isIndented, char? following, bool isStart) => following switch
    {
        _ when original == 0 => "",
        null => new string('\n', original == 1 ? 1 : written),
        _ when isStart || isIndented || IsBlank(following.Value) => new string('\n', written),
        _ => written == 1 ? " " : new string('\n', written - 1),
    };

    private static bool IsBlank(char character) => character is ' ' or '\t';
}
