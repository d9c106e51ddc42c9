using System.Text;
using System.Text.RegularExpressions;

namespace HomelabOps;

/// <summary>
/// What users type to name objects: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c>, <c>Kind/namespace/name</c>, with
/// the wildcards of PowerShell, or a reference. A first part that starts with a capital letter is a kind: namespaces cannot.
/// </summary>
public sealed class ResourcePattern
{
    /// <summary>Reads what was typed.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It has more than three parts or an empty one.</exception>
    public ResourcePattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
        var parts = text.Split('/');
        if (parts.Length > 3 || parts.Any(part => part is "" or "." or ".."))
        {
            throw new ArgumentException($"'{text}' names no object. Use name, namespace/name, Kind/name or Kind/namespace/name.", nameof(text));
        }

        Name = parts[^1];
        switch (parts.Length)
        {
            case 2 when char.IsAsciiLetterUpper(parts[0][0]):
                Kind = parts[0];
                break;
            case 2:
                Namespace = parts[0];
                break;
            case 3:
                (Kind, Namespace) = (parts[0], parts[1]);
                break;
            default:
                break;
        }
    }

    /// <summary>Names exactly the object that is referred to.</summary>
    /// <param name="reference">The object.</param>
    public ResourcePattern(ResourceReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        Text = reference.ToString();
        (Cluster, Kind, Namespace, Name) = (reference.Cluster, reference.Kind, reference.Namespace, reference.Name);
    }

    /// <summary>Names exactly the object that a record is about.</summary>
    /// <param name="record">The record.</param>
    public ResourcePattern(HomelabRecord record)
        : this((record ?? throw new ArgumentNullException(nameof(record))).Reference)
    {
    }

    /// <summary>What was typed.</summary>
    public string Text { get; }

    /// <summary>The cluster, where a reference names one.</summary>
    public string? Cluster { get; }

    /// <summary>The kind; null for any.</summary>
    public string? Kind { get; }

    /// <summary>The namespace; null for any.</summary>
    public string? Namespace { get; }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>May match several objects, so that matching none is no error.</summary>
    public bool IsWildcard => HasWildcard(Name) || HasWildcard(Kind) || HasWildcard(Namespace);

    /// <summary>Whether the object is meant.</summary>
    /// <param name="kind">Kind of the object.</param>
    /// <param name="namespace">Namespace; empty for cluster-scoped objects.</param>
    /// <param name="name">Name.</param>
    public bool Matches(string kind, string @namespace, string name) =>
        Matches(Name, name) && (Kind is null || Matches(Kind, kind)) && (string.IsNullOrEmpty(Namespace) || Matches(Namespace, @namespace));

    /// <summary>What was typed.</summary>
    public override string ToString() => Text;

    /// <summary>Whether a text has one of the wildcards <c>*</c>, <c>?</c> and <c>[…]</c>.</summary>
    /// <param name="text">The text.</param>
    public static bool HasWildcard(string? text) => text?.AsSpan().IndexOfAny('*', '?', '[') >= 0;

    /// <summary>Whether a text matches a pattern with PowerShell's wildcards; case does not matter.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    public static bool Matches(string pattern, string text)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (!HasWildcard(pattern))
        {
            return string.Equals(pattern, text, StringComparison.OrdinalIgnoreCase);
        }

        // Everything but *, ? and a set such as [a-c] is taken literally. Regex keeps what it compiled.
        var regex = Regex.Replace(pattern, @"\*|\?|\[[^\]]+\]|[^*?\[]+|\[", part => part.Value switch
        {
            "*" => ".*",
            "?" => ".",
            ['[', .. var set, ']'] => Set(set),
            var literal => Regex.Escape(literal),
        }, RegexOptions.None, TimeSpan.FromSeconds(1));
        return Regex.IsMatch(text, $@"\A(?:{regex})\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
    }

    // A set has ranges and letters and nothing else: what is special in a set of a regular expression is a letter here.
    private static string Set(string set)
    {
        var letters = new StringBuilder("[");
        for (var index = 0; index < set.Length; index++)
        {
            if (index + 2 < set.Length && set[index + 1] == '-')
            {
                // A range that runs backwards holds nothing.
                var isForward = set[index] <= set[index + 2];
                letters.Append(isForward ? $"{Code(set[index])}-{Code(set[index + 2])}" : "");
                index += 2;
            }
            else
            {
                letters.Append(Code(set[index]));
            }
        }

        return letters.Length == 1 ? @"[^\u0000-\uFFFF]" : letters.Append(']').ToString();
    }

    private static string Code(char letter) => $@"\u{(int)letter:X4}";
}
