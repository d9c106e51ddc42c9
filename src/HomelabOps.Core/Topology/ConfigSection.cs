using System.Globalization;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Topology;

/// <summary>A mapping of homelab.yaml. Every complaint names the place; values are not repeated, since one may be a misplaced secret.</summary>
internal sealed class ConfigSection
{
    private static readonly string[] SecretWords = ["password", "passwd", "passphrase", "token", "secret", "credential", "key"];

    private readonly string _file;
    private readonly YamlItem _item;
    private readonly Dictionary<string, YamlItem> _values = new(StringComparer.Ordinal);

    /// <summary>Takes a mapping whose keys must all be known.</summary>
    public ConfigSection(string file, YamlItem item, string name, IReadOnlyList<string> known)
    {
        (_file, _item) = (file, item);
        foreach (var (key, value) in item.Entries ?? throw Invalid(item, "Detail_Mapping", name))
        {
            if (key.Text is not { } text)
            {
                throw Invalid(key, "Detail_Scalar", name);
            }

            if (!known.Contains(text))
            {
                throw Unknown(key, text, known);
            }

            if (!_values.TryAdd(text, value))
            {
                throw Invalid(key, "Detail_DuplicateKey", text);
            }
        }
    }

    /// <summary>The value of a key; null when it is left out or empty.</summary>
    public YamlItem? Value(string key) => _values.TryGetValue(key, out var value) && !value.IsNull ? value : null;

    /// <summary>True when the key is there, even without a value.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A text; null when it is left out.</summary>
    public string? Text(string key)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        var text = value.Text ?? throw Invalid(value, "Detail_Scalar", key);
        return !string.IsNullOrWhiteSpace(text) ? text : throw Invalid(value, "Detail_ConfigEmpty", key);
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string key) => Text(key) ?? throw Invalid(Place(key), "Detail_ConfigMissing", key);

    /// <summary>An absolute path of a node.</summary>
    public string? NodePath(string key) => Text(key) is not { } path ? null
        : path[0] != '/' ? throw Invalid(Place(key), "Detail_ConfigRelativePath", key)
        : path.Length > 1 ? path.TrimEnd('/') : path;

    /// <summary>A name in which &lt;app&gt; stands for the application.</summary>
    public string? Pattern(string key) => Text(key) is not { } pattern ? null
        : pattern.Contains(ClaimPattern.App, StringComparison.Ordinal) ? pattern
        : throw Invalid(Place(key), "Detail_ConfigPattern", key);

    /// <summary>A whole number above 0.</summary>
    public int? Number(string key) => Value(key) is not { } value ? null
        : int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw Invalid(value, "Detail_ConfigNumber", key);

    /// <summary>The items of a list; none when it is left out.</summary>
    public IReadOnlyList<YamlItem> Items(string key) => Value(key) is not { } value ? []
        : value.Items ?? throw Invalid(value, "Detail_Sequence", key);

    /// <summary>A list of texts. One text with commas is a list as well: that is how mount options are written elsewhere.</summary>
    public IReadOnlyList<string> Texts(string key) => Value(key) is { Text: { } joined }
        ? joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [.. Items(key).Select(item => item.Text is { Length: > 0 } text ? text : throw Invalid(item, "Detail_Scalar", key))];

    /// <summary>An error at the value of a key, or at the section where the key is left out.</summary>
    public HomelabException Invalid(string key, string detail, params ReadOnlySpan<object?> arguments) => Invalid(Place(key), detail, arguments);

    /// <summary>An error at a node.</summary>
    public HomelabException Invalid(YamlItem item, string detail, params ReadOnlySpan<object?> arguments) =>
        Errors.HomelabConfigInvalid(_file, item.Line, item.Column, Errors.Text(detail, arguments));

    private YamlItem Place(string key) => _values.GetValueOrDefault(key) ?? _item;

    private HomelabException Unknown(YamlItem key, string text, IReadOnlyList<string> known)
    {
        if (SecretWords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            return Invalid(key, "Detail_ConfigSecret", text);
        }

        return Nearest(text, known) is { } near
            ? Invalid(key, "Detail_ConfigUnknown_Near", text, near)
            : Invalid(key, "Detail_ConfigUnknown", text, string.Join(", ", known));
    }

    private static string? Nearest(string text, IReadOnlyList<string> known)
    {
        var (best, distance) = known.Select(name => (Name: name, Distance: Distance(text.ToLowerInvariant(), name.ToLowerInvariant()))).MinBy(pair => pair.Distance);
        if (distance <= Math.Max(2, text.Length / 3))
        {
            return best;
        }

        // Half a name, such as "primary" or "storagePath", is further away than a slip of the finger but as clear.
        var parts = text.Length < 4 ? [] : known.Where(name => name.Contains(text, StringComparison.OrdinalIgnoreCase)).ToArray();
        return parts is [var only] ? only : null;
    }

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replace = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(replace, Math.Min(previous[column], current[column - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
