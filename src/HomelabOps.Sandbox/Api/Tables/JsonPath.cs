using System.Globalization;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>The part of JSONPath that columns of definitions use: fields, indices, [*], and filters for equality such as [?(@.type=="Ready")].</summary>
internal static class JsonPath
{
    public static List<JsonNode?> Find(JsonNode root, string path)
    {
        List<JsonNode?> found = [root];
        var index = 0;
        while (index < path.Length && found.Count > 0)
        {
            switch (path[index])
            {
                case '.':
                    index++;
                    break;
                case '[':
                    var end = Close(path, index);
                    found = Step(found, path[(index + 1)..end].Trim());
                    index = end + 1;
                    break;
                default:
                    var start = index;
                    while (index < path.Length && path[index] is not ('.' or '['))
                    {
                        index += path[index] == '\\' ? 2 : 1;
                    }

                    found = Field(found, path[start..Math.Min(index, path.Length)].Replace("\\", "", StringComparison.Ordinal));
                    break;
            }
        }

        return found;
    }

    private static int Close(string path, int open)
    {
        var quote = '\0';
        for (var index = open + 1; index < path.Length; index++)
        {
            if (quote != '\0')
            {
                quote = path[index] == quote ? '\0' : quote;
            }
            else if (path[index] is '"' or '\'')
            {
                quote = path[index];
            }
            else if (path[index] == ']')
            {
                return index;
            }
        }

        return path.Length - 1;
    }

    private static List<JsonNode?> Step(List<JsonNode?> found, string step) => step switch
    {
        "*" => [.. found.SelectMany(node => node switch { JsonArray items => items, JsonObject fields => fields.Select(field => field.Value), _ => (IEnumerable<JsonNode?>)[] })],
        ['?', ..] => Filter(found, step[1..].Trim().TrimStart('(').TrimEnd(')')),
        ['"' or '\'', ..] => Field(found, step[1..^1]),
        _ when int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            [.. found.OfType<JsonArray>().Where(items => Place(items, number) is >= 0 and var place && place < items.Count).Select(items => items[Place(items, number)])],
        _ => [],
    };

    private static int Place(JsonArray items, int number) => number < 0 ? items.Count + number : number;

    private static List<JsonNode?> Field(List<JsonNode?> found, string name) => [.. found.OfType<JsonObject>().Where(node => node.ContainsKey(name)).Select(node => node[name])];

    private static List<JsonNode?> Filter(List<JsonNode?> found, string condition)
    {
        var negated = condition.Contains("!=", StringComparison.Ordinal);
        var parts = condition.Split(negated ? "!=" : "==", 2, StringSplitOptions.TrimEntries);
        var path = parts[0].TrimStart('@');
        var wanted = parts.Length > 1 ? parts[1].Trim('"', '\'') : null;
        return [.. found.OfType<JsonArray>().SelectMany(items => items).Where(item => item is not null
            && Find(item, path) is var values && (wanted is null ? values.Count > 0 : values.Any(value => value?.ToString() == wanted) != negated))];
    }
}
