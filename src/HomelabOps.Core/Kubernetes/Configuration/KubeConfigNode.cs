using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>
/// A value of a kubeconfig with its place in the file. A tree of these is all that a kubeconfig needs: the deserializer's
/// reflection is most of what a typed reading costs, and it loses the place that an error has to name.
/// </summary>
internal sealed class KubeConfigNode
{
    private KubeConfigNode(Mark mark, string file)
    {
        Line = mark.Line;
        Column = mark.Column;
        File = file;
    }

    public string File { get; }

    public long Line { get; }

    public long Column { get; }

    public string? Text { get; private init; }

    /// <summary>An unquoted scalar, which YAML may take for a number, a Boolean or null.</summary>
    public bool IsPlain { get; private init; }

    public Dictionary<string, KubeConfigNode>? Map { get; private init; }

    public List<KubeConfigNode>? Items { get; private init; }

    public bool IsNull => Text is not null && IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public static KubeConfigNode Scalar(Scalar scalar, string file) => new(scalar.Start, file)
    {
        Text = scalar.Value,
        IsPlain = scalar.Style == ScalarStyle.Plain,
    };

    public static KubeConfigNode Mapping(Mark mark, string file) => new(mark, file) { Map = new Dictionary<string, KubeConfigNode>(StringComparer.Ordinal) };

    public static KubeConfigNode Sequence(Mark mark, string file) => new(mark, file) { Items = [] };

    /// <summary>The text of a field, or null when it is absent, null or empty: kubectl makes no difference between these.</summary>
    public string? GetText(string key)
    {
        if (!TryGet(key, out KubeConfigNode? value))
        {
            return null;
        }

        return value.Text switch
        {
            null => throw value.Invalid(Errors.Text("Detail_Scalar", key)),
            "" => null,
            string text => text,
        };
    }

    public bool GetBoolean(string key) => TryGet(key, out KubeConfigNode? value) && value.Text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" => false,
        _ => throw value.Invalid(Errors.Text("Detail_Boolean", key)),
    };

    public KubeConfigNode? GetMap(string key) => !TryGet(key, out KubeConfigNode? value) ? null
        : value.Map is null ? throw value.Invalid(Errors.Text("Detail_Mapping", key)) : value;

    public IReadOnlyList<KubeConfigNode> GetItems(string key) => !TryGet(key, out KubeConfigNode? value) ? []
        : value.Items ?? throw value.Invalid(Errors.Text("Detail_Sequence", key));

    public IReadOnlyList<string> GetTexts(string key) =>
        [.. GetItems(key).Select(item => item.Text ?? throw item.Invalid(Errors.Text("Detail_Scalar", key)))];

    public HomelabException Invalid(string detail) => Errors.KubeConfigInvalid(File, Line, Column, detail);

    public HomelabException Invalid(string key, string detail) => (Map is not null && Map.TryGetValue(key, out KubeConfigNode? value) ? value : this).Invalid(detail);

    /// <summary>Says where, never what: the value may be a secret.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";

    private bool TryGet(string key, [NotNullWhen(true)] out KubeConfigNode? value)
    {
        value = null;
        return Map is not null && Map.TryGetValue(key, out value) && !value.IsNull;
    }
}
