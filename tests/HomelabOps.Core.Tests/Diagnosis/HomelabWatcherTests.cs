using HomelabOps.Core.Diagnosis.Waiting;
using HomelabOps.Core.Tests.Diagnosis.Checks;

namespace HomelabOps.Core.Tests.Diagnosis;

/// <summary>What is told of findings that come and go.</summary>
public sealed class HomelabWatcherTests
{
    private static readonly HomelabFinding Node = Finding("NodeNotReady", "k3s-w1");
    private readonly Dictionary<object, HomelabFinding> _open = [];

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
        Assert.Equal(["ApiNotAnswering"], HomelabWatcher.Changes(_open, [Finding("ApiNotAnswering", "fake")], isWhole: false).Select(finding => finding.Reason));
        Assert.Equal(["ApiNotAnswering True"], Changes(Node));
    }

    [Fact]
    public void One_that_is_gone_cannot_be_repaired()
    {
        Changes(Node with { Repair = new() { Kind = HomelabRepairKind.UncordonNode, Target = Node.Target! }, Remedy = "Mend it." });
        var gone = Assert.Single(HomelabWatcher.Changes(_open, [], isWhole: true));
        Assert.Null(gone.Repair);
        Assert.Equal(("", "Node/k3s-w1: Gone: It is so. [NodeNotReady]"), (gone.Remedy, $"{gone}"));
    }

    private IEnumerable<string> Changes(params HomelabFinding[] found) => [.. HomelabWatcher.Changes(_open, found, isWhole: true).Select(finding => $"{finding.Reason} {finding.Gone}")];

    private static HomelabFinding Finding(string reason, string node) =>
        new() { Reason = reason, Severity = FindingSeverity.Error, Message = "It is so.", Target = new(Made.Cluster, "Node", "", node) };
}
