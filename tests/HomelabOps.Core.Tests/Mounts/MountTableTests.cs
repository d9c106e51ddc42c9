using HomelabOps.Core.Mounts;

namespace HomelabOps.Core.Tests.Mounts;

/// <summary>Lines of mountinfo as kernels write them.</summary>
public sealed class MountTableTests
{
    private const string Root = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro";

    [Theory]
    [InlineData("40 22 0:45 / /data/media rw,relatime shared:30 - nfs4 192.168.1.10:/mnt/user/media rw,vers=4.2,hard,addr=192.168.1.10", "4.2", "192.168.1.10:/mnt/user/media", "192.168.1.10")]
    [InlineData("40 22 0:45 / /data/media rw,relatime - nfs 192.168.1.10:/mnt/user/media rw,vers=3,mountvers=3,proto=tcp,addr=192.168.1.10", "3", "192.168.1.10:/mnt/user/media", "192.168.1.10")]
    [InlineData("40 22 0:45 / /data/media rw,relatime shared:30 master:2 propagate_from:1 - nfs4 [fd00::10]:/mnt/user/media rw,vers=4.1,addr=fd00::10", "4.1", "[fd00::10]:/mnt/user/media", "fd00::10")]
    [InlineData("40 22 0:45 / /data/media rw,relatime shared:30 - nfs4 nas:/ rw", "4", "nas:/", null)]
    public void An_export_is_read_whatever_its_version_and_address(string line, string version, string source, string? address)
    {
        var mount = Table(line).At("/data/media")!;
        Assert.Equal((true, version, source, address, "/"), (mount.IsNfs, mount.Version, mount.Source, mount.Address, mount.Root));
    }

    [Fact]
    public void Escapes_are_read_byte_by_byte()
    {
        var mount = Table("""40 22 0:45 / /data/My\040Films\011\134x\303\274 rw - nfs4 nas:/My\040Films rw""").At("/data/My Films\t\\xü")!;
        Assert.Equal("nas:/My Films", mount.Source);
    }

    [Fact]
    public void Of_two_mounts_at_the_same_place_the_one_on_top_counts_whatever_their_order()
    {
        const string below = "40 22 0:45 / /data/media rw - nfs4 nas:/old rw,vers=4.2";
        const string above = "50 40 0:46 / /data/media rw - nfs nas:/new rw,vers=3";
        Assert.Equal("nas:/new", Table(below, above).At("/data/media")!.Source);
        Assert.Equal("nas:/new", Table(above, below).At("/data/media")!.Source);
    }

    [Fact]
    public void A_later_mount_on_a_folder_above_hides_it()
    {
        var table = Table("40 22 0:45 / /data/media rw - nfs4 nas:/media rw", "50 22 8:2 / /data rw - xfs /dev/sdb1 rw");
        Assert.Null(table.At("/data/media"));
        Assert.Equal("/dev/sdb1", table.Of("/data/media")!.Source);
    }

    [Fact]
    public void Mounts_on_mounts_are_found()
    {
        var table = Table("40 22 8:2 / /data rw - xfs /dev/sdb1 rw", "50 40 0:45 / /data/media rw - nfs4 nas:/media rw", "60 50 0:46 / /data/media/tv rw - nfs4 nas:/tv rw");
        Assert.Equal(("nas:/media", "nas:/tv", "/dev/sdb1", "/dev/sda1"), (table.Of("/data/media/films")!.Source, table.At("/data/media/tv")!.Source, table.Of("/data/mediax")!.Source, table.Of("/")!.Source));
        Assert.Null(table.At("/data/media/films"));
    }

    [Fact]
    public void A_bind_mount_says_which_folder_it_shows()
    {
        var mount = Table("40 22 8:1 /mnt/media /data/media rw,relatime - ext4 /dev/mapper/pve-root rw").At("/data/media")!;
        Assert.Equal(("/mnt/media", "/dev/mapper/pve-root", ""), (mount.Root, mount.Source, mount.Version));
    }

    [Theory]
    [InlineData("40 22 0:45 / /m ro,relatime - nfs4 nas:/m rw,vers=4.2", true)]
    [InlineData("40 22 0:45 / /m rw,relatime - nfs4 nas:/m ro,vers=4.2", true)]
    [InlineData("40 22 0:45 / /m rw,relatime - nfs4 nas:/m rw,vers=4.2", false)]
    public void It_is_read_only_by_the_mount_or_by_its_file_system(string line, bool isReadOnly)
    {
        var mount = Table(line).At("/m")!;
        Assert.Equal((isReadOnly, !isReadOnly), (mount.IsReadOnly, mount.Options.Contains("rw")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no mount at all")]
    [InlineData("x 22 0:45 / /m rw - nfs4 nas:/m rw")]
    [InlineData("40 22 0:45 / /m rw shared:1")]
    public void What_is_no_line_of_it_is_passed_over(string line) => Assert.Null(MountEntry.Parse(line));

    [Theory]
    [InlineData("/data//media/", "/data/media")]
    [InlineData("/", "/")]
    public void Paths_have_one_form(string path, string normal) => Assert.Equal(normal, MountPaths.Normalize(path));

    [Theory]
    [InlineData("data/media")]
    [InlineData("")]
    [InlineData("/data/../etc")]
    [InlineData("C:\\data")]
    public void What_is_no_path_of_a_node_is_refused(string path) => Assert.Equal("NodePathInvalid", Assert.Throws<HomelabException>(() => MountPaths.Normalize(path)).Id);

    private static MountTable Table(params IEnumerable<string> lines) => MountTable.Parse([Root, .. lines]);
}
