using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>What is said of Syncthings whose specs are wrong.</summary>
public sealed class ReplicationCheckTests
{
    private static readonly SyncthingPeer Known = new("ABCDEFG-2222222", "tcp://10.0.0.1:22000");

    [Fact]
    public void One_that_is_told_no_peer_does_not_look_for_one()
    {
        var snapshot = Snapshot(new() { PeerDrift = true, ExpectedPeer = Known, Message = "The spec of it names no peer." });
        Assert.Equal(["Error SyncNoPeer ReplicationSource/media/sonarr-backup"], new ReplicationCheck().Findings(snapshot));
        Assert.Contains("does not know its peer. The spec of it names no peer.", new ReplicationCheck().Text(snapshot), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sonarr-primary", "", "looks for its peer sonarr-primary where it is not")]
    [InlineData("", "HIJKLMN-3333333", "looks for its peer HIJKLMN where it is not")]
    [InlineData("", "", "looks for its peer ABCDEFG where it is not")]
    public void A_peer_is_named_by_what_is_known_of_it(string name, string device, string words)
    {
        var snapshot = Snapshot(new() { PeerDrift = true, ConfiguredPeer = Known, PeerName = name, Peer = device });
        Assert.Equal(["Error SyncPeerDrift ReplicationSource/media/sonarr-backup"], new ReplicationCheck().Findings(snapshot));
        Assert.Contains(words, new ReplicationCheck().Text(snapshot), StringComparison.Ordinal);
    }

    private static HomelabSnapshot Snapshot(SyncthingStatus status) => new()
    {
        Cluster = Made.Cluster,
        Syncthings = [status with { Cluster = Made.Cluster, Kind = "ReplicationSource", Namespace = "media", Name = "sonarr-backup", State = SyncthingState.Disconnected }],
    };
}
