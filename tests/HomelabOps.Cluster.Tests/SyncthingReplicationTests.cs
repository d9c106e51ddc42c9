using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>The Syncthings of the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class SyncthingReplicationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void Each_side_tells_of_itself_and_of_the_other()
    {
        var all = sandbox.Run("Get-SyncthingReplication -App sonarr").ThrowIfFailed().Output;
        Assert.Equal(["sonarr-backup", "sonarr-primary"], all.Select(item => item.Properties["Name"].Value));
        Assert.Equal(["Destination", "Source"], all.Select(item => $"{item.Properties["Role"].Value}"));
        Assert.Equal(all[0].Properties["Device"].Value, all[1].Properties["Peer"].Value);
        Assert.All(all, item => Assert.Equal((true, false, "sendreceive"), (item.Properties["Connected"].Value, item.Properties["PeerDrift"].Value, item.Properties["FolderType"].Value)));
        Assert.All(all, item => Assert.IsType<double>(item.Properties["CompletionPercent"].Value));
        Assert.All(all, item => Assert.Equal($"{item.Properties["ExpectedPeer"].Value}", $"{item.Properties["ConfiguredPeer"].Value}"));
    }

    [Theory]
    [InlineData("Get-SyncthingReplication sonarr-*")]
    [InlineData("Get-SyncthingReplication -App (Get-HomelabApp sonarr)")]
    [InlineData("Get-HomelabApp sonarr | Get-SyncthingReplication")]
    [InlineData("Get-VolSyncStatus -App sonarr | Get-SyncthingReplication")]
    [InlineData("(Get-VolSyncStatus -App sonarr).Pods | Get-SyncthingReplication")]
    [InlineData("Get-HomelabPod -App sonarr | Get-SyncthingReplication")]
    [InlineData("Get-SyncthingReplication -App sonarr -Selector app.kubernetes.io/component=syncthing-mover")]
    public void What_belongs_to_it_leads_to_it(string script) =>
        Assert.Equal(["sonarr-backup", "sonarr-primary"], sandbox.Run($"{script} | ForEach-Object Name").ThrowIfFailed().Strings);

    [Theory]
    [InlineData("Get-SyncthingReplication none", "ReplicationNotFound")]
    [InlineData("Get-SyncthingReplication -App none", "ReplicationNotFound")]
    [InlineData("Get-SyncthingReplication -App prowlarr", "ReplicationNotFound")]
    [InlineData("Get-SyncthingReplication -Namespace none", "NamespaceNotFound")]
    [InlineData("Get-SyncthingReplication -Selector 'a==b=c'", "RequestInvalid")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal([id], sandbox.Run(script).ErrorIds);

    [Fact]
    public void Nothing_of_a_key_is_shown()
    {
        const string Key = "[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String((Get-HomelabObject Secret/media/volsync-sonarr-primary).data.apikey))";
        Assert.Equal(["False"], sandbox.Run($"$k = {Key}; $t = Get-SyncthingReplication -App sonarr -Verbose 4>&1 | ForEach-Object {{ \"$_\"; $_.PSObject.Properties | ForEach-Object {{ \"$($_.Value)\" }} }}; (\"$t\").Contains($k)").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_watch_begins_with_what_is_there_and_ends_when_it_is_stopped()
    {
        using var shell = sandbox.Engine.Start("Get-SyncthingReplication -App sonarr -Watch");
        var output = new System.Management.Automation.PSDataCollection<System.Management.Automation.PSObject>();
        var running = shell.BeginInvoke<System.Management.Automation.PSObject, System.Management.Automation.PSObject>(null, output);
        var clock = Stopwatch.StartNew();
        while (output.Count < 2 && clock.Elapsed < TimeSpan.FromSeconds(120))
        {
            Thread.Sleep(50);
        }

        Assert.True(output.Count >= 2, $"{output.Count}");
        Assert.False(running.IsCompleted);
        shell.Stop();
        Assert.Equal(System.Management.Automation.PSInvocationState.Stopped, shell.InvocationStateInfo.State);
    }

    [Fact]
    public void Ctrl_C_leaves_no_tunnel_no_socket_that_listens_and_no_pod()
    {
        using var folder = new TemporaryFolder();
        var server = new Uri(sandbox.Run("(Get-HomelabConnection).Server").ThrowIfFailed().Strings.Single()!);
        using var proxy = new CuttingProxy(server, line => line.Contains("/proxy/", StringComparison.Ordinal) ? CuttingProxy.Cut.Refused : CuttingProxy.Cut.None);
        var own = File.ReadAllText(sandbox.Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!);
        var file = folder.File("config", own.Replace(server.GetLeftPart(UriPartial.Authority), proxy.Address, StringComparison.Ordinal));
        var (listening, pods) = (Sockets.Listening(), Probes());
        using var engine = new Testing.Engine();
        using var shell = engine.Start($"Get-SyncthingReplication -App sonarr -Watch -KubeConfig '{file}'");
        var running = shell.BeginInvoke();

        // The API server's proxy may not be used, so that it goes through port-forwards of its own.
        Assert.True(SpinWait.SpinUntil(() => Tunnels(proxy) > 0, TimeSpan.FromMinutes(2)), "there was no port-forward");
        Assert.False(running.IsCompleted);
        shell.Stop();
        Assert.True(SpinWait.SpinUntil(() => Tunnels(proxy) == 0, TimeSpan.FromMinutes(2)), string.Join('\n', proxy.Open));
        Assert.Equal(listening, Sockets.Listening());
        Assert.Empty(engine.Run("Get-HomelabPortForward").ThrowIfFailed().Output);
        Assert.Equal(pods, Probes());
    }

    private static int Tunnels(CuttingProxy proxy) => proxy.Open.Count(line => line.Contains("/portforward", StringComparison.Ordinal));

    private IReadOnlyList<string?> Probes() => [.. sandbox.Run("Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe | ForEach-Object Name").ThrowIfFailed().Strings];
}
