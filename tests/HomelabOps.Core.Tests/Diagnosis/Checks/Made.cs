using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Objects as servers describe them, and what a check says of them.</summary>
internal static class Made
{
    public const string Cluster = "fake";

    /// <summary>An object of its JSON.</summary>
    public static T Of<T>(JsonTypeInfo<T> type, string json) => JsonSerializer.Deserialize(json, type)!;

    /// <summary>Severity, reason and target of all that is found.</summary>
    public static IReadOnlyList<string> Findings(this IHomelabCheck check, HomelabSnapshot snapshot) =>
        [.. check.Check(snapshot).Select(symptom => $"{symptom.Finding.Severity} {symptom.Finding.Reason} {symptom.Finding.Target}".TrimEnd())];

    /// <summary>All that is said, to look for words in it.</summary>
    public static string Text(this IHomelabCheck check, HomelabSnapshot snapshot) =>
        string.Join('\n', check.Check(snapshot).Select(symptom => $"{symptom.Finding.Message}\n{symptom.Finding.Remedy}\n{string.Join('\n', symptom.Finding.Evidence)}"));
}
