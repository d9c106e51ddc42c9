using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Api.Selecting;

/// <summary>A label selector of a request: all its requirements must hold.</summary>
internal sealed class LabelSelector
{
    private readonly List<Requirement> _requirements = [];

    public static LabelSelector Everything { get; } = new();

    public bool IsEverything => _requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var selector = new LabelSelector();
        selector._requirements.AddRange(LabelSelectorReader.Read(text).Select(read => new Requirement(read.Key, read.Operation, read.Values)));
        return selector;
    }

    /// <summary>The selector that an object carries, of matchLabels and matchExpressions; an empty one fits everything.</summary>
    public static LabelSelector Of(JsonNode? selector) => Cells.Selector(selector) is var text && text == Cells.None ? Everything : Parse(text);

    public bool Matches(KeyValuePair<string, string>[] labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Requirement(string Key, string Operation, string[] Values)
    {
        public bool Matches(KeyValuePair<string, string>[] labels)
        {
            string? value = null;
            foreach (var (name, content) in labels)
            {
                if (name == Key)
                {
                    value = content;
                    break;
                }
            }

            return Operation switch
            {
                "exists" => value is not null,
                "!" => value is null,
                "in" => value is not null && Values.Contains(value, StringComparer.Ordinal),
                "notin" => value is null || !Values.Contains(value, StringComparer.Ordinal),
                _ => long.TryParse(value, CultureInfo.InvariantCulture, out var left) && long.TryParse(Values[0], CultureInfo.InvariantCulture, out var right) && (Operation == "gt" ? left > right : left < right),
            };
        }
    }
}
