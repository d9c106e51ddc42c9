using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>Writes objects as YAML in the way kubectl does: block style, keys in their order, quotes only where needed.</summary>
internal static partial class YamlText
{
    /// <summary>The object, with its events in comments below when it has any. Ends without a line end.</summary>
    public static string Of(RawObject item)
    {
        var text = new StringBuilder(Of(item.Json));
        if (item.Events is { } events)
        {
            AppendEvents(text, events);
        }

        return text.ToString();
    }

    /// <summary>A JSON value as a YAML document. Ends without a line end.</summary>
    public static string Of(JsonElement value)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, value);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());

        // Whoever writes the text ends its last line. Only this one line end: those before it can be part of a value.
        var written = text.ToString();
        return written.EndsWith('\n') ? written[..^1] : written;
    }

    private static void Emit(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                // An empty collection has no block style.
                emitter.Emit(new MappingStart(default, default, isImplicit: true, value.EnumerateObject().Any() ? MappingStyle.Block : MappingStyle.Flow));
                foreach (var member in value.EnumerateObject())
                {
                    EmitText(emitter, member.Name, isKey: true);
                    Emit(emitter, member.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(default, default, isImplicit: true, value.GetArrayLength() > 0 ? SequenceStyle.Block : SequenceStyle.Flow));
                foreach (var item in value.EnumerateArray())
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                EmitText(emitter, value.GetString()!, isKey: false);
                break;
            default:
                // Numbers, true, false and null are spelled alike in both languages.
                emitter.Emit(new Scalar(default, default, value.GetRawText(), ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    private static void EmitText(Emitter emitter, string text, bool isKey) =>
        emitter.Emit(new Scalar(default, default, text, Style(text, isKey), isPlainImplicit: true, isQuotedImplicit: true));

    private static ScalarStyle Style(string text, bool isKey)
    {
        if (text.Length == 0 || LooksLikeAnotherType().IsMatch(text))
        {
            return ScalarStyle.DoubleQuoted;
        }

        if (text.Contains('\n', StringComparison.Ordinal))
        {
            return !isKey && IsPlainBlock(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted;
        }

        // The emitter itself takes quotes where plain text would read as something else.
        return text.Any(char.IsControl) || text.Any(char.IsSurrogate) ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain;
    }

    // A literal block cannot escape anything, and blanks at its edges get lost in editors.
    private static bool IsPlainBlock(string text) =>
        text[0] is not (' ' or '\n' or '\t')
        && !text.Contains(" \n", StringComparison.Ordinal)
        && !text.Contains("\t\n", StringComparison.Ordinal)
        && text[^1] is not (' ' or '\t')
        && !text.Any(character => (char.IsControl(character) && character is not ('\n' or '\t')) || char.IsSurrogate(character) || character is '\u0085' or '\u2028' or '\u2029' or '\ufeff');

    private static void AppendEvents(StringBuilder text, IReadOnlyList<HomelabEvent> events)
    {
        text.Append(events.Count == 0 ? "\n# Events: none" : "\n# Events:");
        foreach (var item in events)
        {
            // A time that sorts and says its zone, as all times in the object above.
            var time = item.Time is { } local ? local.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "?";
            var times = item.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({item.Count} times)") : "";
            text.Append(CultureInfo.InvariantCulture, $"\n# {time} {item.Type} {item.Reason}{times} [{item.Source}]: {OneLine().Replace(item.Message, " ")}");
        }
    }

    // What a reader of YAML 1.1 or 1.2 takes for null, a Boolean, a number or a time; kubectl quotes all of it.
    [GeneratedRegex(
        """
        ^(?:~|null|true|false|yes|no|on|off|y|n|<<|=
          |[-+]?(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:e[-+]?\d+)?
          |[-+]?0(?:x[\da-f_]+|o[0-7_]+|b[01_]+)
          |[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?
          |[-+]?\.inf|\.nan
          |\d{4}-\d{1,2}-\d{1,2}(?:[Tt\s].*)?)$
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LooksLikeAnotherType();

    [GeneratedRegex(@"[\r\n]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneLine();
}
