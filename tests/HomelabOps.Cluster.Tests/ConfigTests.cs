namespace HomelabOps.Cluster.Tests;

/// <summary>homelab.yaml, discovered from the lab.</summary>
public sealed class ConfigTests : ClusterTest
{
    private readonly TemporaryFolder _folder = new();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    private string FilePath => Path.Combine(_folder.Path, "homelab.yaml");

    [Fact]
    public void WhatIf_changes_nothing()
    {
        Assert.Empty(Run("New-HomelabConfig $folder -WhatIf", ("folder", _folder.Path)).ThrowIfFailed().Output);

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_is_written_is_what_applies()
    {
        var written = Run("New-HomelabConfig $folder", ("folder", _folder.Path)).ThrowIfFailed().Output.Single();
        var read = Run("Get-HomelabConfig $folder", ("folder", _folder.Path)).ThrowIfFailed().Output.Single();

        Assert.Equal(FilePath, written.Properties["Path"].Value);
        Assert.Equal("k3s-w1", written.Properties["PrimaryNode"].Value);
        Assert.Equal("k3s-w2", written.Properties["BackupNode"].Value);
        Assert.Equal("role", written.Properties["NodeRoleLabel"].Value);
        Assert.Equal("infrastructure-storage", written.Properties["StorageKustomization"].Value.ToString()!.Split('/')[^1]);
        Assert.All(
            new[] { "Path", "PrimaryNode", "BackupNode", "NodeRoleLabel", "PodStoragePath", "ClaimPattern", "StorageKustomization" },
            name => Assert.Equal(written.Properties[name].Value, read.Properties[name].Value));
        Assert.DoesNotContain(Lab.Field("token"), File.ReadAllText(FilePath), StringComparison.Ordinal);
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_existing_file_is_replaced_only_with_Force_which_keeps_what_people_wrote()
    {
        Run("New-HomelabConfig $folder", ("folder", _folder.Path)).ThrowIfFailed();
        File.WriteAllText(FilePath, "primaryNode: k3s-w9\nnodes:\n- name: k3s-w1\n  kind: Lxc\n  sshHost: root@pve\n  vmId: 101\n");

        Assert.Equal(["HomelabConfigExists"], Run("New-HomelabConfig $folder", ("folder", _folder.Path)).ErrorIds);
        Assert.Equal(["HomelabConfigExists"], Run("New-HomelabConfig $folder -WhatIf", ("folder", _folder.Path)).ErrorIds);
        Assert.Contains("k3s-w9", File.ReadAllText(FilePath), StringComparison.Ordinal);

        var forced = Run("New-HomelabConfig $folder -Force", ("folder", _folder.Path)).ThrowIfFailed();

        Assert.Equal("k3s-w1", forced.Output.Single().Properties["PrimaryNode"].Value);
        Assert.Contains(forced.Warnings, warning => warning.Contains("k3s-w9", StringComparison.Ordinal));
        Assert.Contains("root@pve", File.ReadAllText(FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_the_connection_is_the_one_that_applies()
    {
        var file = _folder.File("mine.yaml", "primaryNode: mine\n");

        Assert.Equal(["mine"], Run("$null = Connect-Homelab $kubeConfig -ConfigPath $file; (Get-HomelabConfig).PrimaryNode", ("file", file), ("kubeConfig", Lab.KubeConfig)).ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("primaryNod: x\n", "Get-HomelabConfig $folder", "HomelabConfigInvalid")]
    [InlineData("primaryNode: [x\n", "New-HomelabConfig $folder -Force", "HomelabConfigInvalid")]
    [InlineData("", "Get-HomelabConfig $folder/none.yaml", "HomelabConfigNotFound")]
    [InlineData("", "New-HomelabConfig $folder/homelab.yaml/below.yaml", "HomelabConfigUnwritable")]
    public void A_file_that_cannot_be_used_is_one_clear_error(string text, string script, string id)
    {
        _folder.File("homelab.yaml", text);

        var result = Run(script, ("folder", _folder.Path));

        Assert.Equal([id], result.ErrorIds);
        Assert.Contains(_folder.Path, result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_that_name_cannot_be_read()
    {
        Directory.CreateDirectory(FilePath);

        Assert.Equal(["HomelabConfigUnreadable"], Run("New-HomelabConfig $file -Force", ("file", Path.Combine(_folder.Path, "."))).ErrorIds);
    }

    [Fact]
    public void Several_clusters_have_no_common_file()
    {
        var file = _folder.File("config", KubeConfigs.WithDead(["left", "right"], []));

        Assert.Equal(["OneClusterOnly"], Run("New-HomelabConfig $folder -KubeConfig $file -Context *", ("folder", _folder.Path), ("file", file)).ErrorIds);
        Assert.False(File.Exists(FilePath));
    }
}
