using System.Text.Json;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.Diagnosis.Secrets;

/// <summary>Finds values of Secrets in what is not read as manifests: JSON, YAML with an error in it, and files of variables.</summary>
internal static partial class SecretTexts
{
    private const string Reason = "SecretInGit";

    private static readonly string[] Fields = ["data", "stringData"];

    // An example consists of one letter, such as xxxx.
    private const int FewestLetters = 3;

    /// <summary>Whether a value is one, and not empty, encrypted, substituted or an example.</summary>
    public static bool IsValue(string text) => text.Trim().Trim('"', '\'') is { Length: > 0 } value
        && !value.StartsWith("ENC[", StringComparison.Ordinal) && !value.Contains("${", StringComparison.Ordinal) && !value.Contains("{{", StringComparison.Ordinal)
        && !(value[0] == '<' && value[^1] == '>') && (value.Length < FewestLetters || value.Distinct().Count() >= FewestLetters);

    /// <summary>What is in a manifest.</summary>
    /// <param name="file">The file that it is from.</param>
    /// <param name="text">The text.</param>
    public static IEnumerable<SecretLeak> Find(string file, string text) =>
        file.EndsWith(".json", StringComparison.Ordinal) ? OfJson(file, text)
        : file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal) ? OfYaml(file, text)
        : [];

    /// <summary>What is in a file with a variable a line.</summary>
    /// <param name="file">The file that it is from.</param>
    /// <param name="text">The text.</param>
    public static IEnumerable<SecretLeak> OfVariables(string file, string text) => text.Split('\n').Index()
        .Select(line => (Line: line.Index + 1, Pair: line.Item.Trim().Split('=', 2)))
        .Where(line => line.Pair is [var name, var value] && name is not "" && name[0] != '#' && !name.StartsWith("sops_", StringComparison.Ordinal) && IsValue(value))
        .Select(line => new SecretLeak(file, line.Line, Reason, line.Pair[0])).Take(1);

    private static List<SecretLeak> OfJson(string file, string text)
    {
        var found = new List<SecretLeak>();
        if (!text.Contains("\"Secret\"", StringComparison.Ordinal))
        {
            return found;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Collect(document.RootElement);
        }
        catch (JsonException)
        {
            // Whatever it is, nobody applies it.
        }

        return found;

        void Collect(JsonElement item)
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            if (item.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array)
            {
                items.EnumerateArray().ToList().ForEach(Collect);
            }

            if (Text(item, "kind") == "Secret" && Text(item, "apiVersion") == "v1" && Fields.SelectMany(field => Values(item, field)).Any(IsValue))
            {
                found.Add(new(file, text[..text.IndexOf("\"Secret\"", StringComparison.Ordinal)].Count(letter => letter == '\n') + 1, Reason, item.TryGetProperty("metadata", out var metadata) ? Text(metadata, "name") : ""));
            }
        }
    }

    private static IEnumerable<string> Values(JsonElement item, string field) =>
        item.TryGetProperty(field, out var values) && values.ValueKind == JsonValueKind.Object ? values.EnumerateObject().Where(pair => pair.Value.ValueKind == JsonValueKind.String).Select(pair => pair.Value.GetString()!) : [];

    private static string Text(JsonElement item, string field) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // By its lines, since a file with an error in it can be read in no other way.
    private static IEnumerable<SecretLeak> OfYaml(string file, string text)
    {
        var (lines, start) = (text.Split('\n'), 0);
        for (var end = 0; end <= lines.Length; end++)
        {
            if (end < lines.Length && !lines[end].StartsWith("---", StringComparison.Ordinal))
            {
                continue;
            }

            if (OfDocument(lines[start..end]) is { } found)
            {
                yield return new(file, start + found.Line, Reason, found.Name);
            }

            start = end + 1;
        }
    }

    private static (int Line, string Name)? OfDocument(string[] lines)
    {
        if (!lines.Any(line => Kind().IsMatch(line)) || !lines.Any(line => Version().IsMatch(line)))
        {
            return null;
        }

        var isData = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.Length > 0 && line[0] is not (' ' or '#'))
            {
                isData = Data().IsMatch(line);
                if (isData && line.Split('{', 2) is [_, var flow] && flow.Split(':', 2) is [_, var first] && IsValue(first.Trim('}', ' ')))
                {
                    return (i + 1, Name(lines));
                }
            }
            else if (isData && Entry().Match(line) is { Success: true } entry && (IsBlock(entry.Groups["value"].Value) ? i + 1 < lines.Length && IsValue(lines[i + 1]) : IsValue(entry.Groups["value"].Value)))
            {
                return (i + 1, Name(lines));
            }
        }

        return null;
    }

    private static bool IsBlock(string value) => value is ['|' or '>', ..];

    private static string Name(string[] lines) => lines.Select(line => MetadataName().Match(line)).FirstOrDefault(match => match.Success)?.Groups["name"].Value ?? "";

    [GeneratedRegex(@"^kind:\s*[""']?Secret[""']?\s*(?:#.*)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^apiVersion:\s*[""']?v1[""']?\s*(?:#.*)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"^(?:data|stringData):", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Data();

    [GeneratedRegex(@"^\s+[""']?[A-Za-z0-9._-]+[""']?:\s+(?<value>[^#\s].*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"(?:^\s+|[{,]\s*)name:\s*[""']?(?<name>[A-Za-z0-9.-]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetadataName();
}
