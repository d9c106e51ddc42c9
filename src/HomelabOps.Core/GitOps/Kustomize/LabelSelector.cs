using System.Globalization;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>A selector such as <c>app=web,tier in (a,b),!old</c>, matched against labels or annotations.</summary>
internal sealed partial class LabelSelector
{
    private readonly List<Func<IReadOnlyDictionary<string, string>, bool>> _requirements = [];

    private LabelSelector()
    {
    }

    /// <summary>Reads a selector; null when it cannot be understood.</summary>
    public static LabelSelector? Parse(string text)
    {
        var result = new LabelSelector();
        foreach (var part in Parts(text))
        {
            var match = Requirement().Match(part);
            if (!match.Success)
            {
                return null;
            }

            result._requirements.Add(Make(match));
        }

        return result;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(requirement => requirement(labels));

    // Commas within parentheses separate values, not requirements.
    private static IEnumerable<string> Parts(string text) =>
        text.Trim().Length == 0 ? [] : Comma().Split(text).Select(part => part.Trim());

    private static Func<IReadOnlyDictionary<string, string>, bool> Make(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["not"].Success)
        {
            return labels => !labels.ContainsKey(key);
        }

        var value = match.Groups["value"].Value.Trim();
        string[] values = [.. match.Groups["values"].Value.Split(',').Select(item => item.Trim())];
        return match.Groups["operator"].Value switch
        {
            "" => labels => labels.ContainsKey(key),
            "=" or "==" => labels => labels.TryGetValue(key, out var found) && found == value,
            "!=" => labels => !labels.TryGetValue(key, out var found) || found != value,
            ">" => labels => Compare(labels, key, value) > 0,
            "<" => labels => Compare(labels, key, value) < 0,
            "in" => labels => labels.TryGetValue(key, out var found) && values.Contains(found),
            _ => labels => !labels.TryGetValue(key, out var found) || !values.Contains(found),
        };
    }

    private static int? Compare(IReadOnlyDictionary<string, string> labels, string key, string value) =>
        labels.TryGetValue(key, out var found)
        && long.TryParse(found, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var left)
        && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : null;

    [GeneratedRegex(@"^(?:(?<not>!)\s*(?<key>[\w./-]+)|(?<key>[\w./-]+)(?:\s*(?<operator>==|=|!=|>|<)\s*(?<value>[\w./-]*)|\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\))?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requirement();

    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comma();
}
