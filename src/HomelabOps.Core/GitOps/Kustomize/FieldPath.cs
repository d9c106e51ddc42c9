using System.Globalization;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Splits the field paths of kustomize.</summary>
internal static class FieldPath
{
    /// <summary>Splits at a delimiter that a backslash in front takes away from.</summary>
    public static string[] Split(string path, char delimiter)
    {
        var raw = path.Split(delimiter);
        var parts = new List<string>();
        foreach (var part in raw is ["", _, ..] ? raw[1..] : raw)
        {
            if (parts.Count > 0 && parts[^1].EndsWith('\\'))
            {
                parts[^1] = parts[^1][..^1] + delimiter + part;
            }
            else
            {
                parts.Add(part);
            }
        }

        return [.. parts];
    }

    /// <summary>Splits the path of a replacement: [name=a.b] stays whole, [a.b] is the key a.b.</summary>
    public static string[] SplitReplacement(string path)
    {
        var parts = Split(path, '.');
        var result = new List<string>();
        for (var index = 0; index < parts.Length; index++)
        {
            var part = parts[index];
            if (!part.StartsWith('[') || part.EndsWith(']'))
            {
                result.Add(part);
                continue;
            }

            while (index < parts.Length - 1 && !part.EndsWith(']'))
            {
                part += "." + parts[++index];
            }

            result.Add(part.Contains('=', StringComparison.Ordinal) ? part : part.Trim('[', ']'));
        }

        return [.. result];
    }

    /// <summary>The index that a part is, if it is one.</summary>
    public static int? Index(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    /// <summary>Field and value of [name=value]; the field is empty for [=value].</summary>
    public static (string Field, string Value)? Element(string part) =>
        part.StartsWith('[') && part.EndsWith(']') && part.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? (part[1..equals], part[(equals + 1)..^1])
            : null;
}
