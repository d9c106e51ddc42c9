using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Tests.Diagnosis.Causes;

/// <summary>What comes from what, and what is told of it.</summary>
public sealed class CauseGraphTests
{
    [Fact]
    public void The_end_of_a_chain_stands_for_all_of_it()
    {
        var found = Find(Of("Node/w1"), Of("Pod/a", "Node/w1"), Of("Kustomization/apps", "Pod/a"), Of("Service/a", "Pod/a"));
        var root = Assert.Single(found);
        Assert.Equal("Node/w1", $"{root.Target}");
        Assert.Null(root.RootCause);
        Assert.Contains("explains 3 more", Assert.Single(root.Evidence), StringComparison.Ordinal);
    }

    [Fact]
    public void What_explains_something_only_if_it_is_not_well_explains_nothing_else()
    {
        var found = Find(Of("Pod/a", "Node/w1"), Of("Node/w2"));
        Assert.Equal(["Node/w2", "Pod/a"], found.Select(finding => $"{finding.Target}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_cause_may_count_for_some_reasons_only()
    {
        var pod = Of("Pod/a") with { Causes = [new(Reference("Node/w1"), "NodeNotReady")] };
        Assert.Equal(2, Find(Of("Node/w1"), pod).Count);
        Assert.Single(Find(Of("Node/w1", reason: "NodeNotReady"), pod));
    }

    [Fact]
    public void A_remark_explains_nothing()
    {
        var remark = Of("Node/w1");
        remark = new Symptom(remark.Finding with { Severity = FindingSeverity.Info });
        Assert.Equal(2, Find(remark, Of("Pod/a", "Node/w1")).Count);
    }

    [Fact]
    public void A_circle_is_told_by_what_was_found_first()
    {
        var found = Find(Of("Pod/z"), Of("A/a", "B/b"), Of("B/b", "C/c"), Of("C/c", "A/a"), Of("D/d", "C/c"));
        Assert.Equal(["A/a", "Pod/z"], found.Select(finding => $"{finding.Target}").Order(StringComparer.Ordinal));
        Assert.Contains("explains 3 more", found.Single(finding => $"{finding.Target}" == "A/a").Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_over_soon_is_not_told_unless_it_has_a_cause()
    {
        var passing = Of("Kustomization/infra", "Deployment/a") with { IsPassing = true };
        Assert.Empty(Find(passing, Of("Kustomization/apps", "Kustomization/infra")));
        Assert.Equal("Deployment/a", $"{Assert.Single(Find(Of("Deployment/a"), passing, Of("Kustomization/apps", "Kustomization/infra"))).Target}");
    }

    [Fact]
    public void Where_the_root_was_not_asked_for_the_nearest_to_it_names_it()
    {
        var found = Select(
            new HomelabTestQuery { Apps = [new("sonarr")] },
            Of("Node/w1"),
            Of("Pod/a", "Node/w1") with { Apps = [("media", "sonarr")] },
            Of("Service/a", "Pod/a") with { Apps = [("media", "sonarr")] },
            Of("Pod/b", "Node/w1") with { Apps = [("media", "radarr")] });
        var told = Assert.Single(found);
        Assert.Equal(("Pod/a", "Node/w1"), ($"{told.Target}", $"{told.RootCause}"));
        Assert.Equal(["Node/w1"], told.BlockedBy.Select(link => $"{link}"));
    }

    [Fact]
    public void A_pod_is_found_by_its_own_name_where_its_workload_stands_for_it()
    {
        var symptom = Of("Deployment/sonarr") with { Apps = [("", "sonarr")], Members = [Reference("Pod/sonarr-1"), Reference("Pod/sonarr-2")] };
        Assert.Equal(["Deployment/sonarr"], Select(new() { Apps = [new(Reference("Pod/sonarr-2"))] }, symptom).Select(finding => $"{finding.Target}"));
        Assert.Empty(Select(new() { Apps = [new(Reference("Pod/sonarr-3"))] }, symptom));
    }

    [Fact]
    public void Everything_is_told_where_consequences_are_wanted()
    {
        var found = Select(new() { IncludeConsequence = true }, Of("Service/a", "Pod/a"), Of("Pod/a", "Node/w1"), Of("Node/w1"));
        Assert.Equal(["Node/w1", "Pod/a", "Service/a"], found.Select(finding => $"{finding.Target}"));
        Assert.Equal(["Pod/a", "Node/w1"], found[2].BlockedBy.Select(link => $"{link}"));
        Assert.Equal("Node/w1", $"{found[2].RootCause}");
    }

    [Fact]
    public void An_area_chooses_as_well_and_the_worst_comes_first()
    {
        var warning = new Symptom(Of("Pod/c").Finding with { Severity = FindingSeverity.Warning });
        var found = Select(new() { Areas = [HomelabArea.Pod] }, warning, Of("Pod/a"), new Symptom(Of("Volume/x").Finding with { Area = HomelabArea.Volume }));
        Assert.Equal(["Pod/a", "Pod/c"], found.Select(finding => $"{finding.Target}"));
    }

    [Fact]
    public void A_server_that_does_not_answer_is_told_whatever_was_asked_for()
    {
        var silent = new HomelabSnapshot { Cluster = "fake", Failures = [("pods", Errors.SandboxNotReady("pods"))] };
        Assert.Equal(["ApiNotAnswering"], HomelabTester.Find(silent, new() { Areas = [HomelabArea.Flux], Apps = [new("sonarr")] }).Select(finding => finding.Reason));
    }

    private static List<HomelabFinding> Find(params Symptom[] symptoms) => Select(new(), symptoms);

    private static List<HomelabFinding> Select(HomelabTestQuery query, params Symptom[] symptoms) => [.. new FindingSelection(query).Choose(new CauseGraph(symptoms).Explain()).Select(chosen => chosen.Finding)];

    private static ResourceReference Reference(string text) => new("fake", text.Split('/')[0], "", text.Split('/')[1]);

    private static Symptom Of(string target, string? cause = null, string reason = "Bad") =>
        new(new HomelabFinding { Area = HomelabArea.Pod, Severity = FindingSeverity.Error, Reason = reason, Target = Reference(target) }) { Causes = cause is null ? [] : [new(Reference(cause))] };
}
