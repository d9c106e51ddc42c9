using System.Security.Cryptography;

namespace HomelabOps.Cluster.Tests;

/// <summary>Backups of applications of the embedded homelab.</summary>
public sealed class BackupTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_application_is_stopped_backed_up_and_started_again()
    {
        var backup = Assert.Single(Run("Backup-HomelabApp sonarr -Path $folder").ThrowIfFailed().Output);
        var path = (string)backup.Properties["Path"].Value;
        Assert.Equal("sonarr", backup.Properties["App"].Value);
        Assert.Equal(new FileInfo(path).Length, backup.Properties["Bytes"].Value);
        Assert.Equal([path, path + ".sha256"], Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}  {Path.GetFileName(path)}\n", File.ReadAllText(path + ".sha256"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal(["True False"], Run("Get-HomelabApp sonarr | ForEach-Object { \"$($_.Ready) $($_.Stopped)\" }").ThrowIfFailed().Strings);
        Assert.Empty(Run("Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe").ThrowIfFailed().Output);
        Assert.Equal([path], Run("(Get-HomelabBackup son* -Path $folder).Path").ThrowIfFailed().Strings);
    }

    [Fact]
    public void What_runs_on_is_told()
    {
        var result = Run("Backup-HomelabApp radarr -Path $folder -Hot").ThrowIfFailed();
        Assert.Single(result.Output);
        Assert.Contains("without -Hot", Assert.Single(result.Warnings).ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        Assert.Empty(Run("Backup-HomelabApp sonarr -Path $folder -WhatIf").ThrowIfFailed().Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failure_leaves_no_archive_and_the_application_running()
    {
        var file = _folder.File("file", "");
        Assert.Equal("BackupUnwritable", Id(Run("Backup-HomelabApp prowlarr -Path $folder/file/below")));
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(["True False"], Run("Get-HomelabApp prowlarr | ForEach-Object { \"$($_.Ready) $($_.Stopped)\" }").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_file_is_no_folder_and_nothing_is_stopped_for_it()
    {
        _folder.File("file", "");
        var before = Run("(Get-HomelabApp prowlarr).Pods.Name").ThrowIfFailed().Strings;
        var error = Assert.Single(Run("Backup-HomelabApp prowlarr -Path $folder/file").Errors);
        Assert.StartsWith("BackupUnwritable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("is a file, and -Path is the folder", $"{error}", StringComparison.Ordinal);
        Assert.Equal("BackupUnwritable", Id(Run("Backup-HomelabApp prowlarr -Path $folder/file -WhatIf")));
        Assert.Equal(before, Run("(Get-HomelabApp prowlarr).Pods.Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void What_another_run_is_writing_is_left_alone()
    {
        string[] others = [.. Enumerable.Range(0, 180).Select(second => _folder.File($"plex-{DateTime.Now.AddSeconds(second):yyyyMMdd-HHmmss}.tar.gz.partial", ""))];
        Assert.Equal("BackupUnwritable", Id(Run("Backup-HomelabApp plex -Path $folder -Hot")));
        Assert.Equal(others.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Get-HomelabBackup none -Path $folder", "BackupNotFound")]
    [InlineData("Get-HomelabBackup -Path $folder/none", "BackupFolderUnreadable")]
    [InlineData("Backup-HomelabApp none -Path $folder", "AppNotFound")]
    [InlineData("Backup-HomelabApp", "NameRequired")]
    public void What_cannot_be_is_an_error(string script, string id) => Assert.Equal(id, Id(Run(script)));

    private static string Id(Testing.Engine.Result result) => Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0];

    private Testing.Engine.Result Run(string script) => sandbox.Run($"$folder = '{_folder.Path}'; {script}");
}
