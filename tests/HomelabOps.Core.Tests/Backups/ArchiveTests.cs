using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using HomelabOps.Core.Backups;

namespace HomelabOps.Core.Tests.Backups;

/// <summary>Archives and what is told of them.</summary>
public sealed class ArchiveTests : IDisposable
{
    private const string Hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_path);
        File.Delete(_path + BackupNames.Seal);
    }

    [Fact]
    public async Task Every_file_is_checked_and_further_names_have_the_content_of_the_first()
    {
        await WriteAsync();
        var content = await ArchiveReader.InspectAsync(_path, CancellationToken.None);

        var same = new FileDigest();
        foreach (var name in (string[])["data/app/link", "data/app/.stfolder/x", "data/app/b\n", "data/app/a", "data/app/.syncthing.x.tmp"])
        {
            same.Add(name, Hash);
        }

        Assert.True(content.Digest.IsSame(same));
        Assert.True(content.IsArriving);
        var folder = Assert.Single(content.Folders);
        Assert.Equal(("./data/app", "data/app", 4L, 15L), (folder.Member, folder.Path, folder.Files, folder.Bytes));
        Assert.True(folder.Room >= 5 * 4096);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(_path))), content.Hash);
        same.Add("data/app/c", Hash);
        Assert.False(content.Digest.IsSame(same));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(-3)]
    public async Task One_that_is_cut_or_has_something_behind_it_is_not_taken_for_whole(int cut)
    {
        await WriteAsync();
        var bytes = await File.ReadAllBytesAsync(_path);
        await File.WriteAllBytesAsync(_path, cut > 0 ? bytes[..^cut] : [.. bytes, .. new byte[-cut]]);
        Assert.Equal("BackupDamaged", (await Assert.ThrowsAsync<HomelabException>(() => ArchiveCheck.ReadAsync(_path, CancellationToken.None))).Id);
    }

    [Fact]
    public async Task The_checksum_beside_it_counts_where_there_is_one()
    {
        await WriteAsync();
        Assert.False((await ArchiveCheck.ReadAsync(_path, CancellationToken.None)).IsSealed);
        var hash = (await ArchiveReader.InspectAsync(_path, CancellationToken.None)).Hash;
        await using (var file = File.Create(_path + BackupNames.Seal))
        {
            await ArchiveSeal.WriteAsync(file, _path, hash, CancellationToken.None);
        }

        Assert.Equal($"{hash}  {Path.GetFileName(_path)}\n", await File.ReadAllTextAsync(_path + BackupNames.Seal));
        Assert.True((await ArchiveCheck.ReadAsync(_path, CancellationToken.None)).IsSealed);

        // Packed anew it is as whole as before, and another.
        await WriteAsync(CompressionLevel.NoCompression);
        Assert.Equal("BackupDamaged", (await Assert.ThrowsAsync<HomelabException>(() => ArchiveCheck.ReadAsync(_path, CancellationToken.None))).Id);
        await File.WriteAllTextAsync(_path + BackupNames.Seal, "none");
        Assert.Equal("BackupDamaged", (await Assert.ThrowsAsync<HomelabException>(() => ArchiveCheck.ReadAsync(_path, CancellationToken.None))).Id);
        File.Delete(_path);
        File.Delete(_path + BackupNames.Seal);
        Assert.Equal("BackupUnreadable", (await Assert.ThrowsAsync<HomelabException>(() => ArchiveCheck.ReadAsync(_path, CancellationToken.None))).Id);
    }

    [Fact]
    public async Task A_folder_is_called_one_and_not_forbidden()
    {
        var folder = Path.GetDirectoryName(_path)!;
        var error = await Assert.ThrowsAsync<HomelabException>(() => ArchiveCheck.ReadAsync(folder, CancellationToken.None));
        Assert.Equal("BackupUnreadable", error.Id);
        Assert.Contains($"{folder} is a folder", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Get-HomelabBackup -Path {folder}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("./data/../../x")]
    public async Task What_leads_out_of_it_is_refused(string name)
    {
        await using (var packed = new GZipStream(File.Create(_path), CompressionLevel.Fastest))
        await using (var tar = new TarWriter(packed, TarEntryFormat.Gnu))
        {
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) });
        }

        Assert.Equal("BackupDamaged", (await Assert.ThrowsAsync<HomelabException>(() => ArchiveCheck.ReadAsync(_path, CancellationToken.None))).Id);
    }

    [Fact]
    public async Task One_that_was_packed_within_the_folder_is_told_so_and_not_searched_for_ever()
    {
        await using (var packed = new GZipStream(File.Create(_path), CompressionLevel.Fastest))
        await using (var tar = new TarWriter(packed, TarEntryFormat.Gnu))
        {
            for (var number = 0; number < 1001; number++)
            {
                await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, $"./{number}"));
            }
        }

        var error = await Assert.ThrowsAsync<HomelabException>(() => ArchiveCheck.ReadAsync(_path, CancellationToken.None));
        Assert.Equal("BackupDamaged", error.Id);
        Assert.Contains("at its top", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused() =>
        Assert.Equal("BackupNoRoom", Assert.Throws<HomelabException>(() => BackupArchive.CheckRoom(Path.GetTempPath(), long.MaxValue)).Id);

    [Fact]
    public void So_is_what_does_not_fit_on_the_node()
    {
        var node = new ResourceReference("lab", "Node", "", "k3s-w1");
        NodeFolders.CheckRoom(node, "/data/pods", 4096, 4096);
        Assert.Equal("RestoreNoRoom", Assert.Throws<HomelabException>(() => NodeFolders.CheckRoom(node, "/data/pods", 4095, 4096)).Id);
    }

    [Fact]
    public void What_is_not_what_the_node_had_is_refused()
    {
        var (written, onNode) = (new FileDigest(), new FileDigest());
        written.Add("app/a", "00");
        onNode.Add("app/a", "01");
        var error = Assert.Throws<HomelabException>(() => BackupArchive.CheckSame("app", "/data/pods/app", new("lab", "Node", "", "k3s-w1"), written, onNode));
        Assert.Equal("BackupFailed", error.Id);
    }

    [Theory]
    [InlineData("sonarr-20261126-154500.tar.gz", "sonarr")]
    [InlineData("a-b-20261126-154500.tar.gz", "a-b")]
    [InlineData("-20261126-154500.tar.gz", null)]
    [InlineData("sonarr-20261326-154500.tar.gz", null)]
    [InlineData("sonarr-20261126-154500.tar.gz.partial", null)]
    public void Names_tell_application_and_time(string name, string? app)
    {
        Assert.Equal(app, BackupNames.Parse(name)?.App);
        Assert.Equal(app is null ? null : name, BackupNames.Parse(name) is { } known ? BackupNames.Make(known.App, known.Time) : null);
    }

    private async Task WriteAsync(CompressionLevel level = CompressionLevel.Fastest)
    {
        await using var packed = new GZipStream(File.Create(_path), level);
        await using var tar = new TarWriter(packed, TarEntryFormat.Gnu);
        await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.Directory, "./data/app/"));
        foreach (var name in (string[])["./data/app/a", "./data/app/b\n", "./data/app/.syncthing.x.tmp"])
        {
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("hello"u8.ToArray()) });
        }

        await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.HardLink, "./data/app/link") { LinkName = "./data/app/a" });
    }
}
