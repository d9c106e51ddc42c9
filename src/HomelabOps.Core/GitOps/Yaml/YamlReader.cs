using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>Reads the documents of a YAML file. Comments are skipped; a byte order mark and line ends of Windows do no harm.</summary>
internal sealed class YamlReader
{
    // A hostile file must not exhaust the stack.
    private const int MaximumDepth = 200;

    private readonly string _file;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);

    private int _flow;

    private YamlReader(string file, string text)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The documents that have content.</summary>
    /// <param name="file">The file's name for errors.</param>
    /// <param name="text">The file's text.</param>
    /// <exception cref="HomelabException">ManifestInvalid.</exception>
    public static IReadOnlyList<YamlDocument> ReadAll(string file, string text)
    {
        text = text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text;
        if (text.StartsWith("\0GITCRYPT\0", StringComparison.Ordinal))
        {
            throw Errors.ManifestInvalid(file, 1, 1, Errors.Text("Detail_EditGitCrypt"));
        }

        var reader = new YamlReader(file, text);
        try
        {
            return reader.ReadDocuments();
        }
        catch (YamlException exception)
        {
            throw Unclosed(file, text, exception.Start) ?? Errors.ManifestInvalid(file, exception.Start.Line, exception.Start.Column, Errors.Text("Detail_YamlSyntax", Describe(exception)));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner trips over some broken files and does not say where.
            throw Unclosed(file, text, null) ?? Errors.ManifestInvalid(file, 1, 1, Errors.Text("Detail_YamlSyntax", "the file cannot be parsed"));
        }
    }

    /// <summary>The documents of a file's bytes, which are UTF-8 as all YAML of Kubernetes.</summary>
    public static IReadOnlyList<YamlDocument> ReadAll(string file, byte[] bytes) => ReadAll(file, Encoding.UTF8.GetString(bytes));

    private List<YamlDocument> ReadDocuments()
    {
        var documents = new List<YamlDocument>();
        var index = 0;
        while (_parser.MoveNext())
        {
            if (_parser.Current is DocumentStart)
            {
                _parser.MoveNext();
                _anchors.Clear();
                documents.Add(new YamlDocument(index++, ReadNode(0)));
            }
        }

        return documents;
    }

    private YamlNode ReadNode(int depth)
    {
        // The parser gives up without a word on some broken mappings.
        var current = _parser.Current ?? throw new InvalidOperationException();
        if (depth > MaximumDepth)
        {
            throw Errors.ManifestInvalid(_file, current.Start.Line, current.Start.Column, Errors.Text("Detail_YamlDepth"));
        }

        _parser.MoveNext();
        var isFlow = current is MappingStart { Style: MappingStyle.Flow } or SequenceStart { Style: SequenceStyle.Flow };
        _flow += isFlow ? 1 : 0;
        if (current is AnchorAlias alias)
        {
            return _anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw Errors.ManifestInvalid(_file, alias.Start.Line, alias.Start.Column, Errors.Text("Detail_Alias"));
        }

        var node = current switch
        {
            Scalar scalar => new YamlNode
            {
                Line = scalar.Start.Line,
                Column = scalar.Start.Column,
                Text = scalar.Value,
                IsPlain = scalar.Style == ScalarStyle.Plain,
                IsInFlow = _flow > 0,
                IsFolded = scalar.Style == ScalarStyle.Folded,
                Tag = TagOf(scalar),
            },
            SequenceStart => ReadSequence(current.Start, depth),
            _ => ReadMapping(current.Start, depth),
        };
        _flow -= isFlow ? 1 : 0;

        // After the content, so that an anchor cannot contain itself.
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = node;
        }

        return node;
    }

    private YamlNode ReadSequence(Mark start, int depth)
    {
        var items = new List<YamlNode>();
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        _parser.MoveNext();
        return new YamlNode { Line = start.Line, Column = start.Column, Items = items };
    }

    private YamlNode ReadMapping(Mark start, int depth)
    {
        var entries = new List<KeyValuePair<YamlNode, YamlNode>>();
        YamlNode? merge = null;
        while (_parser.Current is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not { Text: "<<", IsPlain: true, Tag: null })
            {
                entries.Add(new(key, value));
                continue;
            }

            if (merge is not null)
            {
                throw Errors.ManifestInvalid(_file, key.Line, key.Column, Errors.Text("Detail_DuplicateKey", "<<"));
            }

            merge = value;
        }

        _parser.MoveNext();
        return new YamlNode { Line = start.Line, Column = start.Column, Entries = merge is null ? entries : Merged(entries, merge) };
    }

    // Keys of the mapping win over merged ones, and among those the ones of the earlier mapping.
    private List<KeyValuePair<YamlNode, YamlNode>> Merged(List<KeyValuePair<YamlNode, YamlNode>> own, YamlNode merge)
    {
        var sources = merge.Items ?? [merge];
        var known = own.Select(entry => entry.Key.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            if (source.Entries is null)
            {
                throw Errors.ManifestInvalid(_file, merge.Line, merge.Column, Errors.Text("Detail_YamlMerge"));
            }

            own.AddRange(source.Entries.Where(entry => known.Add(entry.Key.Text)));
        }

        return own;
    }

    // What was opened before the parser gave up, and is never closed, is why it did.
    private static HomelabException? Unclosed(string file, string text, Mark? failure) =>
        UnclosedMark.Find(text) is var (mark, line, column) && (failure is not { } at || line < at.Line || (line == at.Line && column <= at.Column))
            ? Errors.ManifestInvalid(file, line, column, Errors.Text("Detail_YamlUnclosed", mark))
            : null;

    private static string? TagOf(Scalar scalar) => scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific || scalar.Tag.Value == "!" ? null : scalar.Tag.Value;

    private static string Describe(YamlException exception)
    {
        var text = exception.Message.Trim().TrimEnd('.');
        return text.Contains('\n', StringComparison.Ordinal) || text.Length is 0 or > 160 ? "syntax error" : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
