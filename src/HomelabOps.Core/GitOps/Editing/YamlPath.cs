using System.Buffers;
using System.Globalization;
using System.Text;

namespace HomelabOps.Core.GitOps.Editing;

/// <summary>The way to a node: keys and indexes.</summary>
internal sealed class YamlPath : IEquatable<YamlPath>
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(".[]\"' ");

    private readonly object[] _steps;

    private YamlPath(object[] steps) => _steps = steps;

    /// <summary>The document's root.</summary>
    public static YamlPath Root { get; } = new([]);

    /// <summary>Keys as text and indexes, counted from 0, as numbers.</summary>
    public IReadOnlyList<object> Steps => _steps;

    /// <summary>The last step.</summary>
    public object Last => _steps[^1];

    /// <summary>The way without its last step.</summary>
    public YamlPath Parent => new(_steps[..^1]);

    /// <summary>A way of keys (text) and indexes (int).</summary>
    public static YamlPath Of(params object[] steps) => new([.. steps]);

    /// <summary>One step further.</summary>
    public YamlPath Then(params object[] steps) => new([.. _steps, .. steps]);

    public bool Equals(YamlPath? other) => other is not null && _steps.AsSpan().SequenceEqual(other._steps);

    public override bool Equals(object? obj) => Equals(obj as YamlPath);

    public override int GetHashCode() => _steps.Aggregate(17, HashCode.Combine);

    /// <summary>As people write it: <c>spec.containers[0].image</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in _steps)
        {
            if (step is int index)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
                continue;
            }

            var key = (string)step;
            var isPlain = key.Length > 0 && !key.AsSpan().ContainsAny(Separators);
            text.Append(isPlain ? (text.Length > 0 ? "." : "") + key : $"[\"{key}\"]");
        }

        return text.ToString();
    }
}
