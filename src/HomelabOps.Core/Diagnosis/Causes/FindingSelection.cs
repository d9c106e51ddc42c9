namespace HomelabOps.Core.Diagnosis.Causes;

/// <summary>
/// Chooses what is told of all that was found. A root stands for everything that comes from it. Where only a part was asked for and the root
/// is not in it, the symptom nearest to the root stands for it, and names it.
/// </summary>
/// <param name="query">What was asked for.</param>
internal sealed class FindingSelection(HomelabTestQuery query)
{
    /// <summary>The findings, the worst first, then those that most comes from.</summary>
    public IEnumerable<ChosenFinding> Choose(IReadOnlyList<Explained> all) => all
        .Where(each => !each.Root.IsPassing)
        .GroupBy(each => each.Root, ReferenceEqualityComparer.Instance)
        .Select(group => (All: group.ToList(), Wanted: group.Where(each => !each.Symptom.IsPassing && Accepts(each)).OrderBy(each => each.Chain.Count).ToList()))
        .Where(root => root.Wanted.Count > 0)
        .OrderByDescending(root => root.Wanted.Max(each => each.Symptom.Finding.Severity)).ThenByDescending(root => root.All.Count).ThenBy(root => root.Wanted[0].Symptom.Finding.Area)
        .ThenBy(root => root.Wanted[0].Symptom.Finding.Namespace, StringComparer.Ordinal).ThenBy(root => root.Wanted[0].Symptom.Finding.Name, StringComparer.Ordinal)
        .SelectMany(root => query.IncludeConsequence ? root.Wanted.Select(each => new ChosenFinding(each.Symptom.Identity, each.Finding)) : [new(root.Wanted[0].Symptom.Identity, WithOthers(root.Wanted[0].Finding, root.Wanted[1..]))]);

    // A severity that something worse comes from is not less.
    private static HomelabFinding WithOthers(HomelabFinding finding, List<Explained> others) => others.Count == 0 ? finding : finding with
    {
        Severity = others.Select(other => other.Symptom.Finding.Severity).Append(finding.Severity).Max(),
        Evidence = [.. finding.Evidence, Errors.Text("Detail_FindingBlocks", others.Count, string.Join(", ", others.Select(other => $"{other.Symptom.Finding.Target} ({other.Symptom.Finding.Reason})").Distinct()))],
    };

    private bool Accepts(Explained each) => each.Symptom.IsOfReading
        || ((query.Areas.Count == 0 || query.Areas.Contains(each.Symptom.Finding.Area))
        && (query.Apps.Count == 0 || query.Apps.Any(pattern => each.Symptom.Apps.Any(app => pattern.Matches(pattern.Kind ?? "", app.Namespace, app.Name)) || each.Symptom.Members.Append(each.Symptom.Finding.Target).Any(target => IsAbout(pattern, target)))));

    private static bool IsAbout(ResourcePattern pattern, ResourceReference? target) => target is not null && pattern.Kind is not null && pattern.Matches(target.Kind, target.Namespace, target.Name);
}
