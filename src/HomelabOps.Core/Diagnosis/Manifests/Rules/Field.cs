using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>A place in an object with the way to it. What is absent, of another type, or not known before the cluster substitutes it has no value, so that rules say nothing of it.</summary>
/// <param name="Node">What is there, or null.</param>
/// <param name="Path">Keys and indexes that lead to it.</param>
internal sealed record Field(JsonNode? Node, params string[] Path)
{
    public Field this[string name] => new((Node as JsonObject)?[name], [.. Path, name]);

    /// <summary>Text that is known.</summary>
    public string? Text => Node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && !ObjectText.IsUnknown(text) ? text : null;

    /// <summary>A whole number.</summary>
    public long? Number => Node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public bool IsSet => Node is not null;

    public IEnumerable<Field> Items => (Node as JsonArray ?? []).Select((item, index) => new Field(item, [.. Path, index.ToString(CultureInfo.InvariantCulture)]));

    public IEnumerable<(string Key, Field Value)> Entries => (Node as JsonObject ?? []).Select(entry => (entry.Key, new Field(entry.Value, [.. Path, entry.Key]))).Where(entry => !ObjectText.IsUnknown(entry.Key));

    /// <summary>The fields that a path leads to, in which * stands for each item of a list.</summary>
    public IEnumerable<Field> Find(string path) => path.Split('.').Aggregate<string, IEnumerable<Field>>([this], (fields, step) => step == "*" ? fields.SelectMany(field => field.Items) : fields.Select(field => field[step]));

    /// <summary>A finding of this field, whatever its value.</summary>
    public FieldIssue Wrong(string detail, FindingSeverity severity = FindingSeverity.Error) => new("FieldInvalid", Path, detail, severity);

    public FieldIssue Missing() => new("FieldMissing", Path, "");

    /// <summary>A finding that names the text, when there is a problem with it.</summary>
    public IEnumerable<FieldIssue> Checked(Func<string, string?> problem, FindingSeverity severity = FindingSeverity.Error) =>
        Text is { } text && problem(text) is { } detail ? [Wrong($"'{text}': {detail}", severity)] : [];

    public IEnumerable<FieldIssue> Among(string[] words) =>
        Text is { } text && !words.Contains(text, StringComparer.Ordinal) ? [Wrong($"'{text}' is not one of {string.Join(", ", words.Where(word => word.Length > 0))}")] : [];

    public IEnumerable<FieldIssue> AtLeast(long least) => Number < least ? [Wrong(FormattableString.Invariant($"{Number} is less than {least}"))] : [];

    public IEnumerable<FieldIssue> Within(long least, long most) => Number < least || Number > most ? [Wrong(FormattableString.Invariant($"{Number} is not from {least} to {most}"))] : [];

    /// <summary>The fields whose text an earlier one has.</summary>
    public static IEnumerable<FieldIssue> Repeated(IEnumerable<Field> fields)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return fields.Where(field => field.Text is { Length: > 0 } text && !seen.Add(text)).Select(field => field.Wrong($"'{field.Text}' is there twice"));
    }
}
