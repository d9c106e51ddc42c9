using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Links;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Mounts in every state that is not a good one.</summary>
public sealed class MountCheckTests
{
    [Theory]
    [InlineData(NfsMountState.Mounted, "", false)]
    [InlineData(NfsMountState.Missing, "Error MountMissing Node/w1", true)]
    [InlineData(NfsMountState.Stale, "Error MountStale Node/w1", true)]
    [InlineData(NfsMountState.Hung, "Error MountHung Node/w1", true)]
    [InlineData(NfsMountState.Empty, "Error MountEmpty Node/w1", false)]
    [InlineData(NfsMountState.WrongSource, "Error MountWrongSource Node/w1", false)]
    [InlineData(NfsMountState.WrongVersion, "Warning MountWrongVersion Node/w1", false)]
    [InlineData(NfsMountState.ReadOnly, "Error MountReadOnly Node/w1", false)]
    [InlineData(NfsMountState.Unreachable, "Warning MountUnreachable Node/w1", false)]
    public void Each_state_has_its_finding_and_only_some_can_be_mended(NfsMountState state, string expected, bool isMended)
    {
        var snapshot = Snapshot(state);
        Assert.Equal(expected.Length == 0 ? [] : [expected], new MountCheck().Findings(snapshot));
        Assert.Equal(isMended ? [(HomelabRepairKind.RemountNfs, "/data/media")] : [], new MountCheck().Check(snapshot).Select(symptom => symptom.Finding.Repair).OfType<HomelabRepairAction>().Select(repair => (repair.Kind, repair.Path)));
    }

    [Fact]
    public void Nobody_can_look_at_those_of_a_node_that_is_cut_off()
    {
        var snapshot = Snapshot(NfsMountState.Unreachable, new("w2", "w1", "10.0.0.1", 10250) { State = LinkState.Broken }, new NodeLink("cp1", "w1", "10.0.0.1", 10250) { State = LinkState.Broken });
        var all = new CauseGraph([.. new LinkCheck().Check(snapshot), .. new MountCheck().Check(snapshot)]).Explain();
        Assert.Equal(["NodeCutOff", "NodeCutOff"], all.Select(each => each.Root.Finding.Reason));
    }

    private static HomelabSnapshot Snapshot(NfsMountState state, params NodeLink[] links) => new()
    {
        Cluster = Made.Cluster,
        Links = links,
        Mounts = [new() { Cluster = Made.Cluster, Kind = "Node", Name = "w1", Path = "/data/media", State = state, Message = "It is so." }],
    };
}
