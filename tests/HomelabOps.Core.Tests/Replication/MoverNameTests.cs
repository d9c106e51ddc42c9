using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Tests.Replication;

public sealed class MoverNameTests
{
    [Theory]
    [InlineData("syncthing", "sonarr-backup", true, "volsync-sonarr-backup")]
    [InlineData("restic", "postgres", true, "volsync-src-postgres")]
    [InlineData("restic", "postgres", false, "volsync-dst-postgres")]
    [InlineData("rclone", "photos", true, "volsync-rclone-src-photos")]
    [InlineData("rsyncTLS", "prowlarr", false, "volsync-rsync-tls-dst-prowlarr")]
    [InlineData("restic", "a-name-that-is-much-longer-than-what-a-label-of-kubernetes-holds", true, "volsync-src-686043aa")]
    public void Controllers_are_called_as_VolSync_calls_them(string method, string name, bool isSource, string controller) =>
        Assert.Equal(controller, MoverNames.Controller(method, name, isSource));

    [Fact]
    public void A_Service_with_a_long_name_keeps_its_end() =>
        Assert.Equal(("volsync-sonarr-data", "volsync-data-686043aa"), (MoverNames.DataService("sonarr"), MoverNames.DataService("a-name-that-is-much-longer-than-what-a-label-of-kubernetes-holds")));
}
