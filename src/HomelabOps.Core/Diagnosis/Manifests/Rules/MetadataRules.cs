using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Names, labels and annotations, of custom kinds as well.</summary>
internal static class MetadataRules
{
    private const int AnnotationLimit = 256 * 1024;

    public static IEnumerable<FieldIssue> Check(JsonObject item)
    {
        var metadata = new Field(item)["metadata"];
        var templates = PodTemplate.Of(item) is { Path.Length: > 1 } pod ? new Field(item).Find(string.Join('.', pod.Path[..^1].Append("metadata"))) : [];
        return metadata["name"].Checked(name => NameRules.Check(ObjectText.Group(item), ObjectText.Kind(item), name))
            .Concat(metadata["namespace"].Checked(name => name.Length == 0 ? null : NameRules.CheckLabel(name)))
            .Concat(templates.Prepend(metadata).SelectMany(part => Labels(part["labels"]).Concat(Annotations(part["annotations"]))));
    }

    /// <summary>Keys and values of labels.</summary>
    public static IEnumerable<FieldIssue> Labels(Field labels) => labels.Entries.SelectMany(label =>
        NameRules.CheckQualified(label.Key) is { } problem ? [label.Value.Wrong($"the key '{label.Key}': {problem}")] : label.Value.Checked(NameRules.CheckLabelValue));

    private static IEnumerable<FieldIssue> Annotations(Field annotations)
    {
        var keys = annotations.Entries.Where(entry => NameRules.CheckQualified(entry.Key.ToLowerInvariant()) is not null)
            .Select(entry => entry.Value.Wrong($"the key '{entry.Key}': {NameRules.CheckQualified(entry.Key.ToLowerInvariant())}"));
        var size = annotations.Entries.Sum(entry => System.Text.Encoding.UTF8.GetByteCount(entry.Key + entry.Value.Text));
        return size > AnnotationLimit ? keys.Append(annotations.Wrong("all together may have 256 KiB")) : keys;
    }
}
