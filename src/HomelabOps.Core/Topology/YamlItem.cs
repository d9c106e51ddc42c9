using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HomelabOps.Core.Topology;

/// <summary>A node of a YAML document with its place, as the event parser gives it. Aliases are resolved, repeated keys are kept.</summary>
internal sealed class YamlItem
{
    // A hostile file must not exhaust the stack, nor aliases of aliases the memory.
    private const int MaximumDepth = 64;
    private const int MaximumWritten = 1_000_000;

    private YamlItem(Mark start)
    {
        Line = start.Line;
        Column = start.Column;
    }

    public long Line { get; }

    public long Column { get; }

    /// <summary>The text of a scalar; null for a mapping, a list and an empty value.</summary>
    public string? Text { get; private init; }

    public List<YamlItem>? Items { get; private init; }

    public List<KeyValuePair<YamlItem, YamlItem>>? Entries { get; private init; }

    /// <summary>A key without a value, or <c>null</c>.</summary>
    public bool IsNull => Text is null && Items is null && Entries is null;

    /// <summary>The documents of a text, in which at least a comment's worth of nothing may be.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static IReadOnlyList<YamlItem> ReadAll(TextReader text)
    {
        var parser = new Parser(text);
        var documents = new List<YamlItem>();
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart)
            {
                parser.MoveNext();
                documents.Add(Read(parser, [], 0));
            }
        }

        return documents;
    }

    /// <summary>The value of a key; null when there is none.</summary>
    public YamlItem? Find(string key) => Entries?.Find(entry => entry.Key.Text == key).Value;

    /// <summary>
    /// Writes the node as JSON in which every scalar is text, since only types whose parts are text are read from it. A
    /// key of the mapping itself comes after a merged one, and so wins.
    /// </summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        var budget = MaximumWritten;
        WriteJson(writer, ref budget);
    }

    private void WriteJson(Utf8JsonWriter writer, ref int budget)
    {
        if (--budget < 0)
        {
            throw new YamlException("The aliases of the document expand to too much");
        }

        if (Entries is not null)
        {
            writer.WriteStartObject();
            foreach (var (key, value) in Entries.Where(entry => entry.Key.Text == "<<").SelectMany(entry => entry.Value.Entries ?? []).Concat(Entries.Where(entry => entry.Key.Text != "<<")))
            {
                writer.WritePropertyName(key.Text ?? "");
                value.WriteJson(writer, ref budget);
            }

            writer.WriteEndObject();
        }
        else if (Items is not null)
        {
            writer.WriteStartArray();
            foreach (var item in Items)
            {
                item.WriteJson(writer, ref budget);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStringValue(Text);
        }
    }

    private static YamlItem Read(Parser parser, Dictionary<string, YamlItem> anchors, int depth)
    {
        var current = parser.Current!;
        if (depth > MaximumDepth)
        {
            throw new YamlException(current.Start, current.End, "It is nested too deeply");
        }

        if (current is AnchorAlias alias)
        {
            parser.MoveNext();
            return anchors.GetValueOrDefault(alias.Value.Value) ?? throw new YamlException(alias.Start, alias.End, "An alias has no anchor; put text that begins with * in quotes");
        }

        var node = (NodeEvent)current;
        var item = new YamlItem(node.Start)
        {
            Text = node is Scalar scalar && !MeansNull(scalar) ? scalar.Value : null,
            Items = node is SequenceStart ? [] : null,
            Entries = node is MappingStart ? [] : null,
        };
        parser.MoveNext();
        if (item.Entries is not null)
        {
            while (parser.Current is not MappingEnd)
            {
                var key = Read(parser, anchors, depth + 1);
                item.Entries.Add(new(key, Read(parser, anchors, depth + 1)));
            }

            parser.MoveNext();
        }
        else if (item.Items is not null)
        {
            while (parser.Current is not SequenceEnd)
            {
                item.Items.Add(Read(parser, anchors, depth + 1));
            }

            parser.MoveNext();
        }

        // After the content, so that an anchor cannot contain itself.
        if (!node.Anchor.IsEmpty)
        {
            anchors[node.Anchor.Value] = item;
        }

        return item;
    }

    private static bool MeansNull(Scalar scalar) => scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" };
}
