using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Reads YAML (and with it JSON) into nodes, with anchors, aliases and merge keys resolved.</summary>
internal sealed class KubeConfigReader
{
    // A kubeconfig is six levels deep; the limits only keep a hostile file from exhausting the stack or the memory.
    private const int MaximumDepth = 64;
    private const int MaximumNodes = 1_000_000;

    private readonly Parser _parser;
    private readonly string _file;
    private readonly Dictionary<string, KubeConfigNode> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private KubeConfigReader(TextReader text, string file)
    {
        _parser = new Parser(text);
        _file = file;
    }

    /// <summary>The first document of a file, or null when there is nothing in it but comments.</summary>
    public static KubeConfigNode? Read(TextReader text, string file)
    {
        var reader = new KubeConfigReader(text, file);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            // Not kept as inner exception: what the parser says about a place is repeated here, what it may quote is not.
            throw Errors.KubeConfigInvalid(file, exception.Start.Line, exception.Start.Column, Describe(exception));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner trips over some broken files; the place is that of the last thing it understood.
            var last = reader._parser.Current?.End ?? Mark.Empty;
            throw Errors.KubeConfigInvalid(file, last.Line, last.Column, "invalid YAML");
        }
    }

    private static string Describe(YamlException exception)
    {
        string text = exception.Message.Trim().TrimEnd('.');
        return text.Contains('\n', StringComparison.Ordinal) || text.Length > 200 ? "invalid YAML" : text;
    }

    private KubeConfigNode? ReadDocument()
    {
        while (_parser.MoveNext() && _parser.Current is StreamStart or DocumentStart)
        {
            // Only the content matters.
        }

        if (_parser.Current is null or StreamEnd or DocumentEnd)
        {
            return null;
        }

        KubeConfigNode root = ReadNode(0);

        // What follows is read too, so that a syntax error at the end of the document is found.
        while (_parser.Current is not (null or DocumentEnd or StreamEnd))
        {
            _parser.MoveNext();
        }

        return root;
    }

    private KubeConfigNode ReadNode(int depth)
    {
        ParsingEvent current = _parser.Current!;
        if (depth > MaximumDepth || ++_nodes > MaximumNodes)
        {
            throw Errors.KubeConfigInvalid(_file, current.Start.Line, current.Start.Column, Errors.Text("Detail_TooDeep"));
        }

        if (current is AnchorAlias alias)
        {
            _parser.MoveNext();
            return _anchors.TryGetValue(alias.Value.Value, out KubeConfigNode? target) ? target
                : throw Errors.KubeConfigInvalid(_file, alias.Start.Line, alias.Start.Column, Errors.Text("Detail_Alias"));
        }

        var node = (NodeEvent)current;
        KubeConfigNode result = node switch
        {
            Scalar scalar => KubeConfigNode.Scalar(scalar, _file),
            MappingStart => KubeConfigNode.Mapping(node.Start, _file),
            _ => KubeConfigNode.Sequence(node.Start, _file),
        };
        _parser.MoveNext();
        if (result.Map is not null)
        {
            ReadMapping(result.Map, depth);
        }
        else if (result.Items is not null)
        {
            while (_parser.Current is not SequenceEnd)
            {
                result.Items.Add(ReadNode(depth + 1));
            }

            _parser.MoveNext();
        }

        // After the content, so that an anchor cannot contain itself.
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor.Value] = result;
        }

        return result;
    }

    private void ReadMapping(Dictionary<string, KubeConfigNode> map, int depth)
    {
        List<KubeConfigNode>? merges = null;
        while (_parser.Current is not MappingEnd)
        {
            KubeConfigNode key = ReadNode(depth + 1);
            KubeConfigNode value = ReadNode(depth + 1);
            if (key.Text is null)
            {
                throw key.Invalid(Errors.Text("Detail_Scalar", "?"));
            }

            if (key.IsPlain && key.Text == "<<")
            {
                (merges ??= []).AddRange(value.Items ?? [value]);
            }
            else if (!map.TryAdd(key.Text, value))
            {
                throw key.Invalid(Errors.Text("Detail_DuplicateKey", key.Text));
            }
        }

        _parser.MoveNext();

        // A key of the mapping itself wins over a merged one, an earlier merge over a later one.
        foreach (KeyValuePair<string, KubeConfigNode> pair in (merges ?? []).SelectMany(merge => merge.Map ?? throw merge.Invalid(Errors.Text("Detail_Mapping", "<<"))))
        {
            map.TryAdd(pair.Key, pair.Value);
        }
    }
}
