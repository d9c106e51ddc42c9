using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Waiting;
using HomelabOps.Core.Tests.Diagnosis.Checks;

namespace HomelabOps.Core.Tests.Diagnosis;

/// <summary>What is told of findings that come and go.</summary>
public sealed class HomelabWatcherTests
{
    private static readonly IReadOnlySet<UnreadPart> Nothing = new HashSet<UnreadPart>();
    private static readonly HomelabFinding Node = Finding("NodeNotReady", "k3s-w1");
    private readonly Dictionary<object, HomelabWatcher.OpenFinding> _open = [];

    [Fact]
    public void Each_is_told_once_and_once_more_when_it_is_gone()
    {
        Assert.Equal(["NodeNotReady False"], Changes(Node));
        Assert.Empty(Changes(Node with { Message = "in other words" }));
        Assert.Equal(["MountHung False"], Changes(Node, Finding("MountHung", "k3s-w1")));
        Assert.Equal(["NodeNotReady True"], Changes(Finding("MountHung", "k3s-w1")));
        Assert.Equal(["MountHung True"], Changes());
        Assert.Equal(["NodeNotReady False"], Changes(Node));
    }

    [Fact]
    public void One_that_becomes_worse_or_has_another_root_is_told_again()
    {
        Changes(Node with { Severity = FindingSeverity.Warning });
        Assert.Equal(["NodeNotReady False"], Changes(Node));
        Assert.Equal(["NodeNotReady False"], Changes(Node with { RootCause = new(Made.Cluster, "Node", "", "k3s-w2") }));
    }

    [Fact]
    public void What_could_not_be_read_is_not_gone()
    {
        Changes(Node);
        Assert.Equal(["ApiNotAnswering False"], Without("pods", Finding("ApiNotAnswering", "fake")));
        Assert.Equal(["ApiNotAnswering True"], Changes(Node));
    }

    [Fact]
    public void What_can_never_be_read_does_not_keep_the_rest_from_going()
    {
        Assert.Equal(["NodeNotReady False"], Without("metrics", Node));
        Assert.Empty(Without("metrics", Node));
        Assert.Empty(Without("pods"));
        Assert.Equal(["NodeNotReady True"], Without("metrics"));
    }

    [Fact]
    public void Two_parts_of_an_object_that_are_wrong_in_the_same_way_come_and_go_each_by_itself()
    {
        var mounts = new[] { "/data/media", "/data/pods" }.Select(path => Symptom.Of(HomelabArea.Mount, FindingSeverity.Error, "MountMissing", Node.Target!, path, "", "") with { Key = new(Made.Cluster, "Mount", "k3s-w1", path) }).ToList();
        var containers = new[] { "app", "sidecar" }.Select(name => Symptom.Of(HomelabArea.Pod, FindingSeverity.Error, "CrashLoop", Node.Target!, name, "", 1, "media", "web") with { Part = name }).ToList();
        foreach (var pair in new[] { mounts, containers })
        {
            Assert.Equal(2, Changes(pair).Count);
            Assert.Empty(Changes(pair));
            Assert.Equal([(true, pair[0].Finding.Message)], Changes(pair[1..]).Select(finding => (finding.Gone, finding.Message)));
            Assert.Single(Changes([]));
        }

        IReadOnlyList<HomelabFinding> Changes(IEnumerable<Symptom> symptoms) => HomelabWatcher.Changes(_open, [.. symptoms.Select(symptom => new ChosenFinding(symptom.Identity, symptom.Finding))], Nothing);
    }

    [Fact]
    public void One_that_is_gone_cannot_be_repaired()
    {
        Changes(Node with { Repair = new() { Kind = HomelabRepairKind.UncordonNode, Target = Node.Target! }, Remedy = "Mend it." });
        var gone = Assert.Single(HomelabWatcher.Changes(_open, [], Nothing));
        Assert.Null(gone.Repair);
        Assert.Equal(("", "Node/k3s-w1: Gone: It is so. [NodeNotReady]"), (gone.Remedy, $"{gone}"));
    }

    private IEnumerable<string> Changes(params HomelabFinding[] found) => Changes(found, Nothing);

    private IEnumerable<string> Without(string part, params HomelabFinding[] found) => Changes(found, new HashSet<UnreadPart> { new(part) });

    private IEnumerable<string> Changes(HomelabFinding[] found, IReadOnlySet<UnreadPart> unread) =>
        [.. HomelabWatcher.Changes(_open, [.. found.Select(finding => new ChosenFinding(new Symptom(finding).Identity, finding))], unread).Select(finding => $"{finding.Reason} {finding.Gone}")];

    private static HomelabFinding Finding(string reason, string node) =>
        new() { Reason = reason, Severity = FindingSeverity.Error, Message = "It is so.", Target = new(Made.Cluster, "Node", "", node) };
}
