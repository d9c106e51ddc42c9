namespace HomelabOps.Cluster.Tests;

/// <summary>What applications keep on the nodes of the embedded homelab.</summary>
public sealed class PodStorageTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void Folders_are_measured_on_both_nodes()
    {
        var found = Run("Get-PodStorage sonarr").ThrowIfFailed().Output.ToList();
        Assert.Equal(["k3s-w1", "k3s-w2"], found.Select(storage => (string)storage.Properties["Node"].Value).Order(StringComparer.Ordinal));
        Assert.All(found, storage =>
        {
            Assert.Equal(("/data/pods/sonarr", "sonarr"), (storage.Properties["Path"].Value, storage.Properties["App"].Value));
            Assert.True((long)storage.Properties["Files"].Value >= 4 && (long)storage.Properties["Bytes"].Value > 1 << 20);
            Assert.True((long)storage.Properties["DiskFree"].Value > 0 && (long)storage.Properties["DiskTotal"].Value > (long)storage.Properties["DiskFree"].Value);
            Assert.NotNull(storage.Properties["Newest"].Value);
        });
        Assert.Equal(["radarr"], Run("(Get-HomelabApp radarr | Get-PodStorage | Where-Object Node -EQ k3s-w1).App").ThrowIfFailed().Strings);
        Assert.True(Run("Get-HomelabNode k3s-w2 | Get-PodStorage").ThrowIfFailed().Output.Count > 3);
    }

    [Fact]
    public void What_the_nodes_do_not_have_alike_is_told()
    {
        Run("$null = Invoke-HomelabNode k3s-w1 -Writable -Command 'echo one > /host/data/pods/sonarr/only; echo first > /host/data/pods/sonarr/both'").ThrowIfFailed();
        Run("$null = Invoke-HomelabNode k3s-w2 -Writable -Command 'echo other > /host/data/pods/sonarr/both; mkdir -p /host/data/pods/sonarr/.stversions; echo x > /host/data/pods/sonarr/.stversions/old; echo b > /host/data/pods/sonarr/backup'").ThrowIfFailed();

        var found = Run("Compare-PodStorage sonarr").ThrowIfFailed().Output.Select(difference => $"{difference.Properties["State"].Value} {difference.Properties["Path"].Value}").ToList();
        Assert.Contains("OnlyBackup sonarr/backup", found);
        Assert.Contains("OnlyPrimary sonarr/only", found);
        Assert.DoesNotContain(found, path => path.Contains(".stversions", StringComparison.Ordinal));
        Assert.Equal(found, Run("Compare-PodStorage sonarr, sonarr | ForEach-Object { \"$($_.State) $($_.Path)\" }").ThrowIfFailed().Strings);
        Assert.Contains("Differs sonarr/both", Run("Compare-PodStorage sonarr -Hash | ForEach-Object { \"$($_.State) $($_.Path)\" }").ThrowIfFailed().Strings);
        Assert.Empty(Run("Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Get-PodStorage none", "PodStorageNotFound")]
    [InlineData("Compare-PodStorage none", "PodStorageNotFound")]
    [InlineData("Get-PodStorage -Node none", "NodeNotFound")]
    public void What_is_not_there_is_an_error(string script, string id) => Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);
}
