using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace HomelabOps.Core.Reporting.Html;

/// <summary>
/// Builds markup from interpolated strings: what stands in the source is markup, and every value between braces is encoded. So no value
/// can be forgotten, and attributes have quotes because values may have spaces.
/// </summary>
internal sealed class HtmlBuilder
{
    private readonly StringBuilder _text = new(64 * 1024);

    /// <summary>Adds markup with values.</summary>
    public HtmlBuilder Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>Adds what is markup as a whole and comes from the module itself.</summary>
    public HtmlBuilder AddOwn(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // Letters that change how others are shown, or that no text has, would let a name look like something else.
    private void Encode(ReadOnlySpan<char> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var letter = value[i];
            switch (letter)
            {
                case '&':
                    _text.Append("&amp;");
                    break;
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '"':
                    _text.Append("&quot;");
                    break;
                case '\'':
                    _text.Append("&#39;");
                    break;
                case '\n' or '\t':
                    _text.Append(letter);
                    break;
                case '\r':
                    break;
                default:
                    if (char.IsHighSurrogate(letter) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                    {
                        _text.Append(letter).Append(value[++i]);
                    }
                    else
                    {
                        _text.Append(char.IsControl(letter) || char.IsSurrogate(letter) || IsDirection(letter) || letter is '\uFFFE' or '\uFFFF' ? '\uFFFD' : letter);
                    }

                    break;
            }
        }
    }

    private static bool IsDirection(char letter) => letter is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>Takes an interpolated string apart.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        private readonly HtmlBuilder _builder;

        public Markup(int literalLength, int formattedCount, HtmlBuilder builder)
        {
            _ = literalLength + formattedCount;
            _builder = builder;
        }

        public void AppendLiteral(string markup) => _builder._text.Append(markup);

        public void AppendFormatted(string? value) => _builder.Encode(value);

        public void AppendFormatted<T>(T value, string? format = null)
            where T : notnull => _builder.Encode(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value.ToString());
    }
}
