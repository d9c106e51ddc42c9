using System.Text.Json;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Replication.Syncthing.Wire;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Tests.Replication;

public sealed class SyncthingMapperTests
{
    private const string Suspended = """{"homelabops.github.io/suspended-peers":"[]","homelabops.github.io/suspended-by":"anna","homelabops.github.io/suspend-reason":"moving"}""";

    [Fact]
    public void One_that_is_suspended_says_so_and_how_it_comes_back_instead_of_asking_for_peers()
    {
        var record = Of("a", Suspended, "[]", "b", "{}");
        Assert.Equal((SyncthingState.Paused, false, false), (record.State, record.PeerDrift, record.Healthy));
        Assert.Contains("suspended (by anna, because: moving)", record.Message, StringComparison.Ordinal);
        Assert.Contains("Resume-VolSyncReplication ReplicationSource/media/a ", record.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("spec.syncthing.peers", record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_without_peers_that_nobody_suspended_has_to_get_them()
    {
        var record = Of("a", "{}", "[]", "b", "{}");
        Assert.Equal((SyncthingState.NoPeer, true), (record.State, record.PeerDrift));
        Assert.Contains("spec.syncthing.peers in Git: ID: ID-b", record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_side_of_one_that_is_suspended_says_why_it_is_alone()
    {
        var record = Of("a", "{}", """[{"ID":"ID-b","address":"tcp://b:22000"}]""", "b", Suspended, new SyncthingPeerReading("ID-b", "b", false, false, new(), null, null, ["tcp://b:22000"]));
        Assert.Equal((SyncthingState.Disconnected, false), (record.State, record.PeerDrift));
        Assert.Contains("Resume-VolSyncReplication ReplicationSource/media/b.", record.Message, StringComparison.Ordinal);
        Assert.Contains("The other side was suspended (by anna", record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_looks_elsewhere_than_its_spec_says_has_drifted_whatever_Git_says()
    {
        const string Right = """[{"ID":"ID-b","address":"tcp://b:22000"}]""";
        var record = Of("a", "{}", Right, "b", "{}", new SyncthingPeerReading("ID-b", "b", false, false, new(), null, null, ["tcp://former:22000"]));
        Assert.Equal((true, false, "tcp://former:22000"), (record.PeerDrift, record.Healthy, record.StaleAddress));
        Assert.Contains("still looks for its peer at tcp://former:22000", record.Message, StringComparison.Ordinal);

        // What is wrong in Git is told first, and one that was introduced by another is in no spec.
        var both = Of("a", "{}", """[{"ID":"ID-b","address":"tcp://10.0.0.9:22000"}]""", "b", "{}", new SyncthingPeerReading("ID-b", "b", false, false, new(), null, null, ["tcp://10.0.0.9:22000"]));
        Assert.Equal((true, ""), (both.PeerDrift, both.StaleAddress));
        Assert.Contains("address: tcp://b:22000", both.Message, StringComparison.Ordinal);
        Assert.False(Of("a", "{}", Right, "b", "{}", new SyncthingPeerReading("ID-c", "c", true, false, new(), null, null, ["tcp://c:22000"])).PeerDrift);
    }

    [Fact]
    public void What_the_viewer_may_not_read_is_no_refusal_of_the_Syncthing()
    {
        var target = new SyncthingTarget(new("c", "ReplicationSource", "media", "a"), "app", SyncthingRole.Source, []);
        Assert.Equal(SyncthingState.Unread, SyncthingMapper.Map(target, Errors.AccessDenied("c", "get", "secrets", "media")).State);
        Assert.Equal(SyncthingState.Refused, SyncthingMapper.Map(target, Errors.SyncthingKeyUnknown(target.Source, "none")).State);
    }

    private static SyncthingStatus Of(string name, string annotations, string peers, string other, string annotationsOfOther, params SyncthingPeerReading[] reading)
    {
        var (item, partner) = (Item(name, annotations, peers), Item(other, annotationsOfOther, "[]"));
        var target = new SyncthingTarget(new("c", "ReplicationSource", "media", name), "app", SyncthingRole.Source, []) { Item = item, Partner = partner, Peers = PeerCheck.Of(item, partner, null) };
        return SyncthingMapper.Map(target, [new SyncthingReading("ID-" + name, new(), null, new(), new(), "", [], reading)]).Single();
    }

    private static ReplicationWire Item(string name, string annotations, string peers) => JsonSerializer.Deserialize(
        $$"""{"metadata":{"name":"{{name}}","namespace":"media","annotations":{{annotations}} },"spec":{"syncthing":{"peers":{{peers}} } },"status":{"syncthing":{"ID":"ID-{{name}}","address":"tcp://{{name}}:22000"} } }""",
        ReplicationWireContext.Default.ReplicationWire)!;
}
