namespace HomelabOps.Cluster.Tests;

/// <summary>Restores in the embedded homelab whose connection ends at the worst moments.</summary>
[Collection(nameof(Alone))]
public sealed class RestoreFaultTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    // Words of the scripts that are meant.
    private const string Swapping = "is there already";
    private const string Removing = "&& rm -rf \"$2\"";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(CuttingProxy.Cut.Before))]
    [InlineData(nameof(CuttingProxy.Cut.After))]
    public void Where_nobody_knows_how_far_the_change_came_the_old_data_is_put_back(string cut)
    {
        Run("$null = Backup-HomelabApp sonarr -Path $folder").ThrowIfFailed();
        Node("k3s-w1", "echo broken > /host/data/pods/sonarr/sonarr.db");
        var count = 0;
        using var proxy = Proxy(line => line.Contains(Swapping, StringComparison.Ordinal) && ++count > 0 ? Enum.Parse<CuttingProxy.Cut>(cut) : CuttingProxy.Cut.None);

        var result = Restore(proxy, "Get-HomelabBackup sonarr -Path $folder | Restore-HomelabApp");

        Assert.NotEqual(0, count);
        Assert.Empty(result.Output);
        Assert.Single(result.Errors);
        Assert.Equal("broken", Node("k3s-w1", "cat /host/data/pods/sonarr/sonarr.db"));
        Assert.Equal("", Node("k3s-w1", "cd /host/data/pods; ls -a | grep sonarr.homelabops"));
        Assert.Equal(["True False"], Run("Get-HomelabApp sonarr | ForEach-Object { \"$($_.Ready) $($_.Stopped)\" }").Strings);
        Assert.Empty(Run("Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe").ThrowIfFailed().Output);
    }

    [Fact]
    public void What_cannot_be_removed_afterwards_is_told_and_the_data_is_restored_all_the_same()
    {
        Run("$null = Backup-HomelabApp radarr -Path $folder").ThrowIfFailed();
        Node("k3s-w1", "echo broken > /host/data/pods/radarr/radarr.db");
        using (var proxy = Proxy(line => line.Contains(Removing, StringComparison.Ordinal) ? CuttingProxy.Cut.Before : CuttingProxy.Cut.None))
        {
            var result = Restore(proxy, "Get-HomelabBackup radarr -Path $folder | Restore-HomelabApp").ThrowIfFailed();
            Assert.Single(result.Output);
            Assert.Contains("could not be removed", Assert.Single(result.Warnings).ToString(), StringComparison.Ordinal);
        }

        Assert.NotEqual("broken", Node("k3s-w1", "cat /host/data/pods/radarr/radarr.db"));
        Assert.Equal(["False"], Run("\"$((Get-VolSyncStatus radarr-primary).State -eq 'Paused')\"").ThrowIfFailed().Strings);
    }

    [Fact]
    public void So_is_the_old_data_put_back_when_nothing_can_be_removed()
    {
        var claim = Run("Get-HomelabApp postgres | ForEach-Object { $_.HomeNode; $_.Volumes[0].Path }").ThrowIfFailed().Strings.ToArray();
        Node(claim[0]!, $"echo old > /host{claim[1]}/marker");
        using var proxy = Proxy(line => line.Contains(Removing, StringComparison.Ordinal) ? CuttingProxy.Cut.Before : CuttingProxy.Cut.None);

        Assert.Equal(["RestoreFailed"], Restore(proxy, "Restore-HomelabApp postgres -From ReplicationSource/postgres -AsOf '2020-01-01'").ErrorIds);

        Assert.Equal("old", Node(claim[0]!, $"cat /host{claim[1]}/marker"));
    }

    // With the secret in its path, which the connection does not show.
    private CuttingProxy Proxy(Func<string, CuttingProxy.Cut> judge) =>
        new(new Uri(File.ReadLines(Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!).Single(line => line.Contains("server: ", StringComparison.Ordinal)).Split(": ")[1].Trim('"', ' ')), judge);

    private Testing.Engine.Result Restore(CuttingProxy proxy, string script) => Run($"{script} -KubeConfig '{_folder.File("config", KubeConfigs.Of(proxy.Address))}'");

    private string Node(string node, string line) => (string)sandbox.Run("Invoke-HomelabNode $node -Writable -Command $line", ("node", node), ("line", line)).ThrowIfFailed().Output.Single().Properties["Output"].Value!;

    private Testing.Engine.Result Run(string script) => sandbox.Run(script, ("folder", _folder.Path));
}
