using System.Net;
using System.Net.Sockets;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Tests.Faults;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>Starting replications of real Syncthings that look at their folders only when they are told to: what happens, happens because of it.</summary>
public sealed class RealSyncthingStartTests : IClassFixture<FaultyHomelab>, IDisposable
{
    private readonly FaultyHomelab _homelab;
    private readonly ClusterClient _client;
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-journal-").FullName;

    public RealSyncthingStartTests(FaultyHomelab homelab)
    {
        _homelab = homelab;

        // Over the network: a Syncthing that starts anew is asked through a tunnel.
        _client = new(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
    }

    public void Dispose()
    {
        _client.Dispose();
        Scratch.Delete(_folder);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_written_behind_its_back_is_found_and_copied(bool noWait)
    {
        await using var real = await RealSyncthing.StartAsync([Side("sonarr-primary"), Side("sonarr-backup")], watches: false);
        var relay = Relay(real.Ports);
        try
        {
            await Cluster.UntilAsync(async () => (await ReadAsync()).All(record => record.InSync), "both are in sync", TimeSpan.FromMinutes(1));
            var (here, there) = (Path.Combine(real.Folders[0], "behind.txt"), Path.Combine(real.Folders[1], "behind.txt"));
            await File.WriteAllTextAsync(here, "behind its back", Cluster.Stop);
            Assert.True((await ReadAsync()).All(record => record.InSync));

            await StartAsync("sonarr-primary", new() { NoWait = noWait, Timeout = TimeSpan.FromMinutes(2) });
            if (noWait)
            {
                await Cluster.UntilAsync(() => Task.FromResult(File.Exists(there)), "it is copied", TimeSpan.FromMinutes(1));
            }

            Assert.Equal("behind its back", await File.ReadAllTextAsync(there, Cluster.Stop));
        }
        finally
        {
            _homelab.Homelab.Runtime.Servers.Remove(relay);
        }
    }

    [Fact]
    public async Task What_the_receiving_side_has_lost_comes_back_with_Full_and_the_sending_side_keeps_it()
    {
        await using var real = await RealSyncthing.StartAsync([Side("sonarr-primary"), Side("sonarr-backup")], watches: false);
        var relay = Relay(real.Ports);
        try
        {
            await Cluster.UntilAsync(async () => (await ReadAsync()).All(record => record.InSync), "both are in sync", TimeSpan.FromMinutes(1));
            var (here, there) = (Path.Combine(real.Folders[0], "sub", "file.txt"), Path.Combine(real.Folders[1], "sub", "file.txt"));
            File.Delete(there);

            // Without it, nobody would have noticed; a mere scan would have deleted it on the other side as well.
            await StartAsync("sonarr-backup", new() { Full = true, Timeout = TimeSpan.FromMinutes(3) });
            Assert.Equal(("content", "content"), (await File.ReadAllTextAsync(here, Cluster.Stop), await File.ReadAllTextAsync(there, Cluster.Stop)));
        }
        finally
        {
            _homelab.Homelab.Runtime.Servers.Remove(relay);
        }
    }

    [Fact]
    public async Task One_that_takes_the_connection_and_says_nothing_is_told_of_that_one_only()
    {
        await using var real = await RealSyncthing.StartAsync([Side("sonarr-primary"), Side("sonarr-backup")]);
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var relay = Relay([((IPEndPoint)mute.LocalEndpoint).Port, real.Ports[1]]);
        try
        {
            var records = await ReadAsync();
            Assert.Equal(["sonarr-backup True", "sonarr-primary False"], records.Select(record => $"{record.Name} {record.NeedBytes is not null}"));
            Assert.Equal((SyncthingState.Unreachable, false), (records[1].State, records[1].Healthy));
            Assert.NotEqual("", records[1].Message);
        }
        finally
        {
            _homelab.Homelab.Runtime.Servers.Remove(relay);
        }
    }

    private RelayedPods Relay(int[] ports)
    {
        var relay = new RelayedPods(new Dictionary<string, int> { ["sonarr-primary"] = ports[0], ["sonarr-backup"] = ports[1] });
        _homelab.Homelab.Runtime.Servers.Add(relay);
        return relay;
    }

    private RealSyncthingSide Side(string source)
    {
        var secret = _homelab.Homelab.Host.Informer(Types.Secret).Find("media", $"volsync-{source}")!;
        return new(SyncthingSecret.Field(secret, "apikey"), SyncthingSecret.Field(secret, "httpsCertPEM"), SyncthingSecret.Field(secret, "httpsKeyPEM"));
    }

    private async Task StartAsync(string name, ReplicationStartOptions options)
    {
        var target = new ReplicationStatus { Cluster = _client.Name, Kind = "ReplicationSource", Namespace = "media", Name = name, Method = "syncthing" };
        await foreach (var item in ReplicationStarter.StartAsync(_client, target, options, new ChangeJournal(_folder), Cluster.Stop))
        {
            Assert.False(item.Notice is FailureNotice, $"{(item.Notice as FailureNotice)?.Error}");
        }
    }

    private async Task<IReadOnlyList<SyncthingStatus>> ReadAsync()
    {
        var records = new List<SyncthingStatus>();
        await foreach (var item in SyncthingReader.ReadAsync(_client, new() { Apps = [new("sonarr")] }, Cluster.Stop))
        {
            Assert.Null(item.Notice);
            records.Add(item.Value!);
        }

        return records;
    }
}
