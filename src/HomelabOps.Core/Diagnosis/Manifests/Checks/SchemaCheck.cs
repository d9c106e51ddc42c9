using HomelabOps.Core.Diagnosis.Manifests.Rules;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Fields that a kind does not have, lacks, or has otherwise, and values that every API server refuses.</summary>
internal sealed class SchemaCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Objects
        .SelectMany(entry => Issues(snapshot, entry.Item).Concat(ValueRules.Check(entry.Item.Content)).DistinctBy(issue => string.Join('.', issue.Path)).Select(issue => Make(snapshot, entry.Item, issue)))
        .DistinctBy(finding => (finding.File, finding.Line, finding.Column, finding.Message));

    // Of several definitions of a kind, which are of several clusters, one that fits is enough.
    private static FieldIssue[] Issues(ManifestSnapshot snapshot, BuiltObject item) => snapshot.Schemas.Find(item.Content)
        .Select(schema => FieldRules.Check(item.Content, schema).ToArray()).MinBy(issues => issues.Length) ?? [];

    private static HomelabFinding Make(ManifestSnapshot snapshot, BuiltObject item, FieldIssue issue)
    {
        var path = string.Join('.', issue.Path);
        return Finding.Make(issue.Severity, issue.Reason, snapshot.Place(item, issue.Path), ObjectText.Reference(item.Content), ObjectText.Kind(item.Content), path, issue.Detail);
    }
}
