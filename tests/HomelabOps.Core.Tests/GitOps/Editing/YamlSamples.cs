using System.Globalization;
using System.Text;

namespace HomelabOps.Core.Tests.GitOps.Editing;

/// <summary>Files in every form that YAML has, the same ones for the same seed.</summary>
internal sealed class YamlSamples(int seed)
{
    private static readonly string[] Keys = ["name", "image", "replicas", "spec", "values", "resources", "limits", "memory", "env", "host", "app.kubernetes.io/name", "on", "1", "key with blanks", "controllers", "persistence"];

    private static readonly string[] Texts =
    [
        "sonarr", "linuxserver/sonarr:4.0.16", "${APP}", "${TAG:=1.2.3}", "1Gi", "a b  c", "http://x:80/y?z=#w", "ghcr.io/a/b:1.0@sha256:00ff", "-c", "ünïcode ☃ 🐳", "it's", "C:\\data", "*.example.org", "~x", "end",
    ];

    // Deeper than any block.
    private static readonly string FlowLine = "\n" + new string(' ', 40);

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private readonly List<string> _anchors = [];
    private int _step = 2;
    private int _listStep = 2;

    /// <summary>A file with some documents.</summary>
    public byte[] File()
    {
        (_step, _listStep) = (_random.Next(4) == 0 ? 4 : 2, _random.Next(3) == 0 ? 0 : 2);
        var documents = _random.Next(1, 4);
        for (var index = 0; index < documents; index++)
        {
            _anchors.Clear();
            if (index > 0 || _random.Next(2) == 0)
            {
                _text.Append(_random.Next(4) == 0 ? "--- # next\n" : "---\n");
            }

            Comment(0);
            Mapping(0, 0);
        }

        var text = _text.ToString();
        text = _random.Next(5) == 0 ? text.TrimEnd('\n') : text;
        text = _random.Next(4) == 0 ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
        return Encoding.UTF8.GetBytes(_random.Next(6) == 0 ? "\uFEFF" + text : text);
    }

    private void Mapping(int indent, int depth, bool isFirstPlaced = false)
    {
        var keys = Keys.OrderBy(_ => _random.Next()).Take(_random.Next(1, 6)).ToArray();
        foreach (var key in keys)
        {
            if (!isFirstPlaced)
            {
                Comment(indent);
                Indent(indent);
            }

            isFirstPlaced = false;
            _text.Append(key.Contains(' ', StringComparison.Ordinal) || key is "on" or "1" || _random.Next(8) == 0 ? $"\"{key}\"" : key).Append(_random.Next(12) == 0 ? " :" : ":");
            Value(indent, depth);
        }
    }

    private void Value(int indent, int depth)
    {
        var anchor = _random.Next(15) == 0 ? $"&a{_anchors.Count.ToString(CultureInfo.InvariantCulture)} " : "";
        switch (depth > 4 ? 9 : _random.Next(14))
        {
            case 0 or 1 or 2:
                Tail(anchor.Length > 0 ? " " + anchor.TrimEnd() : "");
                Mapping(indent + _step, depth + 1);
                break;
            case 3 or 4:
                Tail("");
                anchor = "";
                Sequence(indent + _listStep, depth + 1);
                break;
            case 5:
                Tail($" {anchor}{Flow(0)}");
                break;
            case 6:
                anchor = "";
                Block(indent + _step);
                break;
            case 7 when _anchors.Count > 0:
                anchor = "";
                Tail($" *{_anchors[_random.Next(_anchors.Count)]}");
                break;
            case 8:
                anchor = "";
                Tail("");
                break;
            default:
                Tail($" {anchor}{Scalar(isFlow: false)}");
                break;
        }

        // An anchor can be used when what it names is over.
        if (anchor.Length > 0)
        {
            _anchors.Add(anchor.Trim()[1..]);
        }
    }

    private void Sequence(int indent, int depth)
    {
        for (var count = _random.Next(1, 5); count > 0; count--)
        {
            Comment(indent);
            Indent(indent);
            _text.Append('-');
            switch (_random.Next(6))
            {
                case 0 or 1 when depth < 5:
                    _text.Append(' ');
                    Mapping(indent + 2, depth + 1, isFirstPlaced: true);
                    break;
                case 2:
                    Block(indent + 2);
                    break;
                case 3:
                    Tail($" {Flow(0)}");
                    break;
                default:
                    Tail(" " + Scalar(isFlow: false));
                    break;
            }
        }
    }

    private void Block(int indent)
    {
        _text.Append(' ').Append(_random.Next(2) == 0 ? '|' : '>').Append(_random.Next(3) switch { 0 => "-", 1 => "+", _ => "" }).Append(_random.Next(6) == 0 ? " # how" : "").Append('\n');
        for (var lines = _random.Next(1, 5); lines > 0; lines--)
        {
            Indent(indent);
            _text.Append(Texts[_random.Next(Texts.Length)]).Append('\n');
            if (_random.Next(4) == 0)
            {
                _text.Append('\n');
            }
        }
    }

    private string Flow(int depth)
    {
        var children = Enumerable.Range(0, _random.Next(depth == 0 ? 0 : 1, 4)).Select(_ => depth < 2 && _random.Next(5) == 0 ? Flow(depth + 1) : Scalar(isFlow: true)).ToArray();
        var isSpread = children.Length > 0 && _random.Next(3) == 0;
        return _random.Next(2) == 0
            ? $"[{Join(children)}{End()}]"
            : $"{{ {Join(children.Select((child, index) => $"k{index.ToString(CultureInfo.InvariantCulture)}: {child}"))}{End()} }}";

        string Join(IEnumerable<string> parts) => parts.Aggregate("", (text, part) => text.Length == 0 ? part : text + (isSpread ? Gap() : ", ") + part);

        string End() => isSpread ? _random.Next(4) switch { 0 => " # because: it is {so}" + FlowLine, 1 => ", # because: it is {so}" + FlowLine, 2 => FlowLine + "# - not: \"an item" + FlowLine, _ => "," } : "";
    }

    private string Gap() => _random.Next(6) switch
    {
        0 => "," + FlowLine,
        1 => ", # because: it is {so}" + FlowLine,
        2 => "," + FlowLine + "# - not: \"an item" + FlowLine,
        3 => " # because: it is {so}" + FlowLine + ", ",
        4 => ", # because: it is {so}" + FlowLine + "# - not: \"an item" + FlowLine,
        _ => ", ",
    };

    private string Scalar(bool isFlow)
    {
        var text = Texts[_random.Next(Texts.Length)];
        return _random.Next(7) switch
        {
            0 => _random.Next(-5, 5000).ToString(CultureInfo.InvariantCulture),
            1 => _random.Next(2) == 0 ? "true" : "null",
            2 => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            3 => $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal)}\"",
            4 => _random.Next(2) == 0 ? "1.5" : "\"1.10\"",
            _ => isFlow || text[0] is '*' or '-' || text.Contains(" #", StringComparison.Ordinal) ? $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal)}\"" : text,
        };
    }

    private void Tail(string text) => _text.Append(text).Append(_random.Next(6) == 0 ? " # because: it is {so}" : "").Append('\n');

    private void Comment(int indent)
    {
        if (_random.Next(8) == 0)
        {
            _text.Append('\n');
        }

        if (_random.Next(7) == 0)
        {
            Indent(indent);
            _text.Append("# - not: \"an item\n");
        }
    }

    private void Indent(int indent) => _text.Append(' ', indent);
}
