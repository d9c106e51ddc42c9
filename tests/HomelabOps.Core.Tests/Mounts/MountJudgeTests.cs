using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Mounts;

namespace HomelabOps.Core.Tests.Mounts;

/// <summary>What is said of a mount, from the report of its node.</summary>
public sealed class MountJudgeTests
{
    private const string Root = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";
    private const string Media = "40 22 0:45 / /data/media rw,relatime - nfs4 192.168.1.10:/mnt/user/media rw,vers=4.2,hard,addr=192.168.1.10";
    private static readonly string[] Well = ["@0 stat", "@0 stat 0 100 50 4096", "@0 list 0 4"];

    [Theory]
    [InlineData(Media, NfsMountState.Mounted)]
    [InlineData("40 22 0:45 / /data/media ro - nfs4 192.168.1.10:/mnt/user/media rw,vers=4.2,hard", NfsMountState.ReadOnly)]
    [InlineData("40 22 0:45 / /data/media rw - nfs4 192.168.1.10:/mnt/user/media rw,vers=4.2,soft", NfsMountState.WrongVersion)]
    [InlineData("40 22 0:45 / /data/media rw - nfs 192.168.1.10:/mnt/user/media rw,vers=3,hard", NfsMountState.WrongVersion)]
    [InlineData("40 22 0:45 / /data/media rw - nfs4 192.168.1.10:/mnt/user/old rw,vers=4.2,hard", NfsMountState.WrongSource)]
    [InlineData("40 22 0:45 / /data/media rw - nfs4 nas:/mnt/user/media/ rw,vers=4.2,hard,addr=192.168.1.10", NfsMountState.Mounted)]
    [InlineData("40 22 8:1 /mnt/media /data/media rw - ext4 /dev/mapper/pve-root rw", NfsMountState.Missing)]
    public void It_is_held_against_what_is_wanted(string mount, NfsMountState state) => Assert.Equal(state, Judge([Root, mount, "@waiting", .. Well]).State);

    [Theory]
    [InlineData("rw,bg,intr,tcp,retry=2,noauto,nofail,x-systemd.automount,nfsvers=4,vers=4.2", NfsMountState.Mounted)]
    [InlineData("proto=tcp,async,exec,lock", NfsMountState.Mounted)]
    [InlineData("noexec", NfsMountState.WrongVersion)]
    [InlineData("nfsvers=4.1", NfsMountState.WrongVersion)]
    [InlineData("soft", NfsMountState.WrongVersion)]
    [InlineData("udp", NfsMountState.WrongVersion)]
    public void Options_count_that_the_kernel_writes_otherwise_or_not_at_all(string options, NfsMountState state)
    {
        var wanted = new HomelabConfigMount { Path = "/data/media", Options = options.Split(',') };
        Assert.Equal(state, Judge([Root, "40 22 0:45 / /data/media rw,relatime - nfs4 [fd00::10]:/media rw,vers=4.2,hard,proto=tcp6", .. Well], wanted).State);
    }

    [Fact]
    public void One_that_must_be_writable_and_is_not_says_so() => Assert.Equal(
        NfsMountState.ReadOnly,
        Judge([Root, "40 22 0:45 / /data/media ro - nfs4 nas:/media rw,vers=4.2,hard", .. Well], new() { Path = "/data/media", Options = ["rw"] }).State);

    [Fact]
    public void IPv6_servers_are_the_same_however_they_are_written()
    {
        var wanted = new HomelabConfigMount { Path = "/data/media", Source = "[fd00:0::10]:/media" };
        Assert.Equal(NfsMountState.Mounted, Judge([Root, "40 22 0:45 / /data/media rw - nfs4 [fd00::10]:/media rw,vers=4.2,addr=fd00::10", .. Well], wanted).State);
        Assert.Equal(NfsMountState.WrongSource, Judge([Root, "40 22 0:45 / /data/media rw - nfs4 [fd00::11]:/media rw,vers=4.2,addr=fd00::11", .. Well], wanted).State);
    }

    [Theory]
    [InlineData(NfsMountState.Hung, "@0 stat", "@0 stat 137 ")]
    [InlineData(NfsMountState.Hung, "@0 stat")]
    [InlineData(NfsMountState.Stale, "@0 stat", "@0 stat 1 stat: cannot read file system information for '/host/data/media': Stale file handle")]
    [InlineData(NfsMountState.Stale, "@0 stat", "@0 stat 1 stat: cannot read file system information: Transport endpoint is not connected")]
    [InlineData(NfsMountState.Empty, "@0 stat", "@0 stat 0 100 50 4096", "@0 list 0 0")]
    [InlineData(NfsMountState.Mounted, "@0 stat", "@0 stat 0 100 50 4096")]
    public void So_is_how_it_answers(NfsMountState state, params string[] lines) => Assert.Equal(state, Judge([Root, Media, .. lines]).State);

    [Fact]
    public void A_folder_without_a_mount_is_told_from_no_folder_and_from_a_mount_that_is_hidden()
    {
        var folder = Judge([Root, .. Well]);
        var absent = Judge([Root, "@0 stat", "@0 stat 1 stat: can't read file system information for '/host/data/media': No such file or directory"]);
        var hidden = Judge([Root, Media, "50 22 8:2 / /data rw - xfs /dev/sdb1 rw", .. Well]);

        Assert.All(new[] { folder, absent, hidden }, status => Assert.Equal((NfsMountState.Missing, "", false), (status.State, status.Source, status.Healthy)));
        Assert.Contains("own disk", folder.Message, StringComparison.Ordinal);
        Assert.Contains("no folder", absent.Message, StringComparison.Ordinal);
        Assert.Contains("/dev/sdb1", hidden.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Latency_is_the_time_between_two_lines()
    {
        var status = Judge([Root, Media, .. Well]);
        Assert.Equal((TimeSpan.FromMilliseconds(3), 4), (status.Latency, status.Entries));
    }

    [Fact]
    public void Pods_of_a_mount_that_is_not_well_are_affected_and_of_one_that_is_those_that_hold_a_former_one()
    {
        string[] lines =
        [
            Root, Media, .. Well,
            "@container old", "90 1 0:9 / / rw - overlay overlay rw", "91 90 0:44 /tv /tv rw - nfs4 192.168.1.10:/mnt/user/media rw",
            "@container new", "90 1 0:9 / / rw - overlay overlay rw", "91 90 0:45 /tv /tv rw - nfs4 192.168.1.10:/mnt/user/media rw",
            "@end",
        ];
        MountUse[] uses =
        [
            Use("old", "/data/media/tv") with { Places = [("old", "/tv", "")] },
            Use("new", "/data/media") with { Places = [("new", "/tv", "tv")] },
            Use("other", "/data/pods/x"),
            Use("everything", "/"),
            Use("above", "/data"),
            new(new("c", "Pod", "media", "export"), "w1", null, "192.168.1.10:/mnt/user/media"),
        ];
        var report = MountReport.Parse(Lines(lines), 1);

        Assert.Equal(["Pod/media/old"], Names(MountJudge.WithPods(Judge(lines), report, uses)));
        Assert.Equal(["Pod/media/above", "Pod/media/export", "Pod/media/new", "Pod/media/old"], Names(MountJudge.WithPods(Judge([Root, Media, "@0 stat 137 "]), report, uses)));
        Assert.Equal(["Pod/media/above", "Pod/media/new", "Pod/media/old"], Names(MountJudge.WithPods(Judge([Root, .. Well]), report, uses)));
    }

    private static IEnumerable<string> Names(NfsMountStatus status) => status.AffectedPods.Select(pod => pod.ToString());

    private static MountUse Use(string pod, string folder) => new(new("c", "Pod", "media", pod), "w1", folder, null);

    private static IEnumerable<LogEntry> Lines(IEnumerable<string> lines) => lines.Select((line, index) => new LogEntry(DateTimeOffset.UnixEpoch.AddMilliseconds(3 * index), line));

    private static NfsMountStatus Judge(IEnumerable<string> lines, HomelabConfigMount? wanted = null)
    {
        var report = MountReport.Parse(Lines(lines.Append("@end")), 1);
        wanted ??= new() { Path = "/data/media", Source = "192.168.1.10:/mnt/user/media", Version = "4.2", Options = ["hard"] };
        return MountJudge.Judge("c", "w1", wanted, report.Mounts, report.Places[0]);
    }
}
