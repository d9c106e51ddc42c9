using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Reads the fields that a Helm release's values set.</summary>
internal static class ReleaseFields
{
    // Keys that say how values are grouped and not what they are of.
    private static readonly string[] Groups = ["controllers", "containers", "initContainers", "pod", "persistence", "defaultPodOptions"];

    /// <summary>The fields that the values have.</summary>
    /// <param name="values">All values, as Helm gets them.</param>
    /// <param name="patterns">Where the fields are.</param>
    public static IEnumerable<AppField> Of(JsonObject values, IReadOnlyList<ValuePattern> patterns) => Walk(values, values, ObjectPath.Root, patterns);

    private static IEnumerable<AppField> Walk(JsonObject values, JsonNode? node, ObjectPath path, IReadOnlyList<ValuePattern> patterns)
    {
        var found = patterns.FirstOrDefault(pattern => path.Steps.Count > 0 && pattern.Matches(path))?.Field ?? (IsImage(node) ? ManifestField.Image : null);
        if (found is { } known)
        {
            foreach (var field in Read(values, node, path, known))
            {
                yield return field;
            }
        }

        var below = node switch
        {
            JsonObject map => map.Select(entry => (entry.Value, Path: path.Then(entry.Key))),
            JsonArray list => list.Select((item, index) => (Value: item, Path: path.Then(index, item))),
            _ => [],
        };
        foreach (var field in below.SelectMany(entry => Walk(values, entry.Value, entry.Path, patterns)))
        {
            yield return field;
        }
    }

    private static IEnumerable<AppField> Read(JsonObject values, JsonNode? node, ObjectPath path, ManifestField field) => field switch
    {
        ManifestField.Image => Image(values, path),
        ManifestField.Resources => WorkloadFields.Resources(values, path, Owner(path.Parent)),
        ManifestField.Node when node is JsonObject && path.Steps[^1].Key == "affinity" => WorkloadFields.Affinity(values, path),
        ManifestField.Node when node is JsonObject => WorkloadFields.Selector(values, path),
        _ => Plain(values, path, field),
    };

    private static IEnumerable<AppField> Plain(JsonObject values, ObjectPath path, ManifestField field) =>
        WorkloadFields.Scalar(values, path, field == ManifestField.Replicas ? ScalarRole.Replicas : ScalarRole.Plain) is { } scalar
        && (field != ManifestField.Replicas || long.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? [new() { Field = field, Item = field == ManifestField.Node ? path.Steps[^1].Key! : Owner(path.Parent), Value = scalar.Text, Scalars = [scalar] }]
            : [];

    // Nothing else has a repository with a tag, whatever its key is; a repository of Git has an address.
    private static bool IsImage(JsonNode? node) => node is JsonObject map && Scalars.Text(map["tag"]) is { Length: > 0 } && Scalars.Text(map["repository"]) is { Length: > 0 } repository && !repository.Contains("://", StringComparison.Ordinal);

    // One text, or its parts. Without tag and digest the chart decides, and nothing here says what runs.
    private static IEnumerable<AppField> Image(JsonObject values, ObjectPath path)
    {
        var owner = path.Steps[^1].Key == "image" ? Owner(path.Parent) : Owner(path);
        if (WorkloadFields.Scalar(values, path, ScalarRole.Image) is { } whole)
        {
            return whole.Text is "true" or "false" ? [] : [new() { Field = ManifestField.Image, Container = owner, Value = whole.Text, Scalars = [whole] }];
        }

        var registry = WorkloadFields.Scalar(values, path.Then("registry"), ScalarRole.Registry);
        var repository = WorkloadFields.Scalar(values, path.Then("repository"), ScalarRole.Repository) ?? WorkloadFields.Scalar(values, path.Then("name"), ScalarRole.Repository);
        var tag = WorkloadFields.Scalar(values, path.Then("tag"), ScalarRole.Tag);
        var digest = WorkloadFields.Scalar(values, path.Then("digest"), ScalarRole.Digest) ?? WorkloadFields.Scalar(values, path.Then("sha"), ScalarRole.Digest);
        var name = string.Join('/', new[] { registry?.Text, repository?.Text }.OfType<string>());
        var scalars = new[] { tag, digest, repository, registry }.OfType<FieldScalar>().ToArray();
        return (tag ?? digest) is null || path.Find(values) is not JsonObject
            ? []
            : [new() { Field = ManifestField.Image, Container = owner, Value = $"{name}{(tag is null ? "" : ":" + tag.Text)}{(digest is null ? "" : "@" + digest.Text)}", Scalars = scalars }];
    }

    // The nearest key that is a name: the container of app-template, the component of other charts.
    private static string Owner(ObjectPath path) =>
        path.Steps.Select(step => step.Key ?? step.Name).LastOrDefault(key => key is not null && !Groups.Contains(key, StringComparer.Ordinal)) ?? "";
}
