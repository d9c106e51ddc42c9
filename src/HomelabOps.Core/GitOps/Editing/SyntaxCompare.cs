using HomelabOps.Core.GitOps.Yaml;
using YamlDotNet.Core;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Holds a document against what it was: the proof that an edit did what was asked for, and nothing else.</summary>
internal static class SyntaxCompare
{
    /// <summary>Whether two nodes are the same: values, types, styles, order of keys, anchors and aliases.</summary>
    public static bool AreSame(SyntaxNode one, SyntaxNode other) => AreSameBut(one, other, null, static (_, _) => true);

    /// <summary>
    /// Whether a document is the same but for one place, where a change was made.
    /// </summary>
    /// <param name="before">The node before.</param>
    /// <param name="after">The node after.</param>
    /// <param name="place">The node at which the change was made, of those before; null for none.</param>
    /// <param name="check">Whether that node has become what it should.</param>
    public static bool AreSameBut(SyntaxNode before, SyntaxNode after, SyntaxNode? place, Func<SyntaxNode, SyntaxNode, bool> check)
    {
        if (before == place)
        {
            return check(before, after);
        }

        if (before.Anchor != after.Anchor || before.Tag != after.Tag || before.Text != after.Text || before.Style != after.Style || before.Target?.Anchor != after.Target?.Anchor)
        {
            return false;
        }

        if (before.Items is not null)
        {
            return after.Items is not null && before.Items.Count == after.Items.Count && before.Items.Zip(after.Items).All(pair => AreSameBut(pair.First, pair.Second, place, check));
        }

        if (before.Entries is null)
        {
            return after.Items is null && after.Entries is null;
        }

        return after.Entries is not null && before.Entries.Count == after.Entries.Count
            && before.Entries.Zip(after.Entries).All(pair => AreSame(pair.First.Key, pair.Second.Key) && AreSameBut(pair.First.Value, pair.Second.Value, place, check));
    }

    /// <summary>Whether a node means a value, for all libraries that may read it.</summary>
    public static bool Means(SyntaxNode node, YamlValue value)
    {
        if (value.Entries is not null)
        {
            return node.Entries is not null && node.Entries.Count == value.Entries.Count
                && node.Entries.Zip(value.Entries).All(pair => Means(pair.First.Key, YamlValue.Text(pair.Second.Key)) && Means(pair.First.Value, pair.Second.Value));
        }

        if (value.Items is not null)
        {
            return node.Items is not null && node.Items.Count == value.Items.Count && node.Items.Zip(value.Items).All(pair => Means(pair.First, pair.Second));
        }

        if (node.Text is null)
        {
            return false;
        }

        var scalar = new YamlNode { Line = node.Line, Column = node.Column, Text = node.Text, IsPlain = node.Style == ScalarStyle.Plain, Tag = node.Tag };
        return IsAsked(ScalarTyping.Resolve(scalar, YamlSchema.Manifest)) && IsAsked(ScalarTyping.Resolve(scalar, YamlSchema.Json));

        bool IsAsked((ScalarKind Kind, System.Text.Json.Nodes.JsonValue? Json) found) => found.Kind == value.Kind && value.Kind switch
        {
            ScalarKind.Text => found.Json!.GetValue<string>() == value.Scalar,
            ScalarKind.Number => found.Json!.ToJsonString() == value.Scalar,
            ScalarKind.Boolean => found.Json!.ToJsonString() == value.Scalar,
            _ => true,
        };
    }
}
