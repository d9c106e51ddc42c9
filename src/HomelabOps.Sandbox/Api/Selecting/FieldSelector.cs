using System.Text;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Selecting;

/// <summary>A field selector of a request.</summary>
internal sealed class FieldSelector
{
    private readonly List<(int Field, bool Negated, string Value)> _requirements = [];

    // Places of the fields that every kind has; others count from zero as the kind lists them.
    private const int NameField = -1;
    private const int NamespaceField = -2;

    public static FieldSelector Everything { get; } = new();

    public bool IsEverything => _requirements.Count == 0;

    /// <summary>The one name that it lets through, if that can be told.</summary>
    public string? Name => _requirements.Find(requirement => requirement is { Field: NameField, Negated: false }).Value;

    public static FieldSelector Parse(string? text, ResourceKind kind)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Everything;
        }

        var selector = new FieldSelector();
        foreach (var part in SplitUnescaped(text))
        {
            if (part.Length > 0)
            {
                selector._requirements.Add(ParseRequirement(part, text, kind));
            }
        }

        return selector;
    }

    public bool Matches(StoredObject item)
    {
        foreach (var (field, negated, wanted) in _requirements)
        {
            var value = field switch { NameField => item.Key.Name, NamespaceField => item.Key.Namespace, _ => item.Fields[field] };
            if (value == wanted == negated)
            {
                return false;
            }
        }

        return true;
    }

    private static (int Field, bool Negated, string Value) ParseRequirement(string part, string text, ResourceKind kind)
    {
        for (var index = 0; index < part.Length; index++)
        {
            if (part[index] == '\\')
            {
                index++;
                continue;
            }

            foreach (var sign in (ReadOnlySpan<string>)["!=", "==", "="])
            {
                if (string.CompareOrdinal(part, index, sign, 0, sign.Length) == 0)
                {
                    return (Place(part[..index], kind), sign == "!=", Unescape(part[(index + sign.Length)..]));
                }
            }
        }

        throw ApiErrors.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
    }

    private static int Place(string field, ResourceKind kind)
    {
        if (field == "metadata.name")
        {
            return NameField;
        }

        if (field == "metadata.namespace" && (kind.Namespaced || !kind.IsCustom))
        {
            return NamespaceField;
        }

        for (var index = 0; index < kind.Fields.Count; index++)
        {
            if (kind.Fields[index].Name == field)
            {
                return index;
            }
        }

        throw ApiErrors.BadRequest(kind.Fields.Count > 0 || kind.IsCustom
            ? $"field label not supported: {field}"
            : $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    private static IEnumerable<string> SplitUnescaped(string text)
    {
        var start = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\')
            {
                index++;
            }
            else if (text[index] == ',')
            {
                yield return text[start..index];
                start = index + 1;
            }
        }

        yield return text[start..];
    }

    private static string Unescape(string value)
    {
        var result = new StringBuilder(value.Length);
        for (var index = 0; index < value.Length; index++)
        {
            if (value[index] == '\\' && ++index == value.Length)
            {
                throw ApiErrors.BadRequest($"invalid field selector: invalid escape sequence in '{value}'");
            }

            result.Append(value[index]);
        }

        return result.ToString();
    }
}
