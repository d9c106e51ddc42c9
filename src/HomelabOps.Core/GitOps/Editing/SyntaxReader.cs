using HomelabOps.Core.GitOps.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Reads YAML with the place of every node.</summary>
internal sealed class SyntaxReader
{
    private const int MaximumDepth = 200;

    private readonly string _file;
    private readonly string _text;
    private readonly Parser _parser;
    private readonly Dictionary<string, SyntaxNode> _anchors = new(StringComparer.Ordinal);
    private int _flow;

    private SyntaxReader(string file, string text) => (_file, _text, _parser) = (file, text, new Parser(new StringReader(text)));

    /// <summary>The documents of a file, empty ones too.</summary>
    /// <param name="file">The file's name for errors.</param>
    /// <param name="text">Its text, without a byte order mark.</param>
    /// <exception cref="HomelabException">ManifestInvalid.</exception>
    public static IReadOnlyList<SyntaxNode> Read(string file, string text)
    {
        try
        {
            return new SyntaxReader(file, text).ReadDocuments();
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException)
        {
            // It tells the place, and what is wrong in the words of the project.
            YamlReader.ReadAll(file, text);
            throw Errors.ManifestInvalid(file, 1, 1, Errors.Text("Detail_YamlSyntax", "the file cannot be parsed"));
        }
    }

    private List<SyntaxNode> ReadDocuments()
    {
        var documents = new List<SyntaxNode>();
        while (_parser.MoveNext())
        {
            if (_parser.Current is DocumentStart)
            {
                _parser.MoveNext();
                _anchors.Clear();
                documents.Add(ReadNode(0));
            }
        }

        return documents;
    }

    private SyntaxNode ReadNode(int depth)
    {
        var current = _parser.Current ?? throw new InvalidOperationException();
        if (depth > MaximumDepth)
        {
            throw Errors.ManifestInvalid(_file, current.Start.Line, current.Start.Column, Errors.Text("Detail_YamlDepth"));
        }

        _parser.MoveNext();
        if (current is AnchorAlias alias)
        {
            return new SyntaxNode
            {
                Start = (int)alias.Start.Index,
                End = (int)alias.End.Index,
                Line = alias.Start.Line,
                Column = alias.Start.Column,
                IsFlow = _flow > 0,
                Target = _anchors.GetValueOrDefault(alias.Value.Value)
                    ?? throw Errors.ManifestInvalid(_file, alias.Start.Line, alias.Start.Column, Errors.Text("Detail_Alias")),
            };
        }

        var isFlow = current is MappingStart { Style: MappingStyle.Flow } or SequenceStart { Style: SequenceStyle.Flow };
        _flow += isFlow ? 1 : 0;
        var node = current switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart sequence => ReadSequence(sequence, depth),
            _ => ReadMapping((MappingStart)current, depth),
        };
        _flow -= isFlow ? 1 : 0;
        if (node.Anchor is not null)
        {
            _anchors[node.Anchor] = node;
        }

        return node;
    }

    private SyntaxNode ReadScalar(Scalar scalar)
    {
        var isEmpty = scalar is { Style: ScalarStyle.Plain, Value.Length: 0 };
        var start = isEmpty ? (int)scalar.End.Index : AfterProperties(scalar, scalar.Tag);
        return new SyntaxNode
        {
            Start = start,
            End = isEmpty ? start : EndOf(scalar, start),
            Line = scalar.Start.Line,
            Column = scalar.Start.Column,
            Text = scalar.Value,
            Style = scalar.Style,
            IsFlow = _flow > 0,
            Tag = TagOf(scalar.Tag),
            Anchor = AnchorOf(scalar),
        };
    }

    private SyntaxNode ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<SyntaxNode>();
        var isFlow = start.Style == SequenceStyle.Flow;
        var offset = AfterProperties(start, start.Tag);
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(Placed(ReadNode(depth + 1), offset, items, (int)start.Start.Column, isFlow));
        }

        _parser.MoveNext();
        return new SyntaxNode
        {
            Start = offset,
            End = isFlow ? AfterClosing(items.Count > 0 ? items[^1].End : offset + 1) : items.Count > 0 ? items[^1].End : offset,
            Line = start.Start.Line,
            Column = start.Start.Column,
            IsFlow = _flow > 0,
            Tag = TagOf(start.Tag),
            Anchor = AnchorOf(start),
            Items = items,
        };
    }

    private SyntaxNode ReadMapping(MappingStart start, int depth)
    {
        var entries = new List<SyntaxEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            if (key.Text is { } name && !keys.Add(name))
            {
                throw Errors.ManifestInvalid(_file, key.Line, key.Column, Errors.Text("Detail_DuplicateKey", name));
            }

            var value = ReadNode(depth + 1);
            entries.Add(new(key, value.IsMissing ? value.At(AfterColon(key)) : value));
        }

        _parser.MoveNext();
        var isFlow = start.Style == MappingStyle.Flow;
        var offset = AfterProperties(start, start.Tag);
        return new SyntaxNode
        {
            Start = offset,
            End = isFlow ? AfterClosing(entries.Count > 0 ? BlockLayout.EndOf(entries[^1]) : offset + 1) : entries.Count > 0 ? BlockLayout.EndOf(entries[^1]) : offset,
            Line = start.Start.Line,
            Column = start.Start.Column,
            IsFlow = _flow > 0,
            Tag = TagOf(start.Tag),
            Anchor = AnchorOf(start),
            Entries = entries,
        };
    }

    // The mark of an item that is not written may be anywhere up to the next one.
    private SyntaxNode Placed(SyntaxNode item, int start, List<SyntaxNode> before, int column, bool isFlow)
    {
        if (!item.IsMissing || isFlow)
        {
            return item;
        }

        var dash = before.Count == 0 ? start : BlockLayout.FindDash(_text, before[^1].End, column);
        return dash < 0 ? item : item.At(dash + 1);
    }

    private int AfterColon(SyntaxNode key)
    {
        var end = key.End;
        while (end < _text.Length && _text[end] is ' ' or '\t')
        {
            end++;
        }

        return end < _text.Length && _text[end] == ':' ? end + 1 : key.End;
    }

    // An event begins with its anchor and tag, in any order and perhaps on lines of their own.
    private int AfterProperties(NodeEvent node, TagName tag)
    {
        var offset = (int)node.Start.Index;
        var open = (node.Anchor.IsEmpty ? 0 : 1) + (tag.IsEmpty ? 0 : 1);
        while (open > 0 && offset < _text.Length && _text[offset] is '&' or '!')
        {
            while (offset < _text.Length && !char.IsWhiteSpace(_text[offset]) && !(_flow > 0 && _text[offset] is ',' or ']' or '}'))
            {
                offset++;
            }

            open--;
            offset = AfterBlanks(offset);
        }

        return offset;
    }

    private int AfterBlanks(int offset)
    {
        while (offset < _text.Length && (char.IsWhiteSpace(_text[offset]) || _text[offset] == '#'))
        {
            offset = _text[offset] != '#' ? offset + 1 : _text.IndexOf('\n', offset) is var end and >= 0 ? end : _text.Length;
        }

        return offset;
    }

    // After the bracket or brace of a collection whose last child ends here.
    private int AfterClosing(int offset)
    {
        while ((offset = AfterBlanks(offset)) < _text.Length && _text[offset] == ',')
        {
            offset++;
        }

        return Math.Min(offset + 1, _text.Length);
    }

    // The marks of plain scalars and of those in a block may reach into the blanks behind them.
    private int EndOf(Scalar scalar, int start)
    {
        var end = Math.Min((int)scalar.End.Index, _text.Length);
        if (scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted)
        {
            return end;
        }

        if (scalar.Style == ScalarStyle.Plain)
        {
            return start + _text.AsSpan(start, end - start).TrimEnd().Length;
        }

        // Trailing empty lines are content where the header says so; in every other case they are the file's.
        var header = _text.AsSpan(start, end - start);
        header = header[..Math.Max(0, header.IndexOf('\n') is var line and >= 0 ? line : header.Length)];
        header = header.IndexOf('#') is var comment and >= 0 ? header[..comment] : header;
        if (!header.Contains('+'))
        {
            var content = start + _text.AsSpan(start, end - start).TrimEnd().Length;
            end = _text.IndexOf('\n', content) is var next and >= 0 && next < end ? next : end;
        }
        else if (end > start && _text[end - 1] == '\n')
        {
            end--;
        }
        else
        {
            // The mark may stand in the indentation of what follows.
            var last = _text.LastIndexOf('\n', end - 1, end - start);
            end = last > start && _text.AsSpan(last, end - last).Trim().IsEmpty ? last : end;
        }

        return end > start && _text[end - 1] == '\r' ? end - 1 : end;
    }

    private static string? TagOf(TagName tag) => tag.IsEmpty || tag.IsNonSpecific ? null : tag.Value;

    private static string? AnchorOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;
}
