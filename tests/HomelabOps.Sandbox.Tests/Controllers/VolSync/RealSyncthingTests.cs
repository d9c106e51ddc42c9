using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Replication.Syncthing.Wire;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>A real Syncthing pair in place of the movers of one application: all else is as in the homelab, the way through the API server included.</summary>
public sealed class RealSyncthingTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private const int Megabyte = 1 << 20;
    private const string Folder = "syncthing-folder-id";

    [Fact]
    public async Task Figures_are_those_of_Syncthing_until_nothing_is_lacking_and_a_conflict_is_found()
    {
        await using var real = await RealSyncthing.StartAsync([Side("sonarr-primary"), Side("sonarr-backup")], speed: 8 * 1024);
        var relay = Relay(real.Ports);
        try
        {
            await Cluster.UntilAsync(async () => (await ReadAsync()).All(record => record.InSync), "both are in sync", TimeSpan.FromMinutes(1));
            await File.WriteAllBytesAsync(Path.Combine(real.Folders[0], "database.db"), RandomNumberGenerator.GetBytes(48 * Megabyte), Cluster.Stop);
            await real.PostAsync($"rest/db/scan?folder={Folder}");

            // What the one says of the other lies between what Syncthing says before and after.
            var (needs, heard) = (new List<long>(), 0);
            await Cluster.UntilAsync(async () =>
            {
                var (ownBefore, before) = (await OwnAsync(real), await PeerAsync(real));
                var records = await ReadAsync();
                var (after, ownAfter) = (await PeerAsync(real), await OwnAsync(real));
                var primary = records.Single(record => record.Name == "sonarr-primary");
                Assert.InRange(primary.PeerNeedBytes!.Value, after.Need, before.Need);
                Assert.InRange(primary.PeerCompletionPercent!.Value, before.Completion, after.Completion);
                Assert.Equal(0, primary.NeedBytes);

                // What it lacks itself is known to it only once it has heard of the file.
                var backup = records.Single(record => record.Name == "sonarr-backup");
                if (ownBefore.Need > 0)
                {
                    heard++;
                    Assert.InRange(backup.NeedBytes!.Value, ownAfter.Need, ownBefore.Need);
                    Assert.InRange(backup.CompletionPercent!.Value, ownBefore.Completion, ownAfter.Completion);
                }

                needs.Add(backup.NeedBytes!.Value);
                return records.All(record => record.InSync) && needs.Max() > 0;
            }, "it is copied", TimeSpan.FromMinutes(2));
            Assert.NotEqual(0, heard);
            Assert.True(needs.Max() > 16 * Megabyte, $"{needs.Max()}");
            var falling = needs.SkipWhile(need => need < needs.Max()).ToArray();
            Assert.Equal(falling.OrderDescending(), falling);
            Assert.Equal(0, needs[^1]);
            Assert.True(File.ReadAllBytes(Path.Combine(real.Folders[0], "database.db")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(real.Folders[1], "database.db"))));

            await ConflictAsync(real);
        }
        finally
        {
            homelab.Homelab.Runtime.Servers.Remove(relay);
        }
    }

    [Fact]
    public async Task One_that_refuses_the_key_or_says_nothing_is_told_of_that_one_only()
    {
        await using var real = await RealSyncthing.StartAsync([Side("sonarr-primary") with { Key = "another" }, Side("sonarr-backup")]);
        var relay = Relay(real.Ports);
        try
        {
            var records = await ReadAsync();
            Assert.Equal([SyncthingState.InSync, SyncthingState.Refused], records.Select(record => record.State == SyncthingState.Syncing ? SyncthingState.InSync : record.State));
            Assert.Equal((null, false), (records[1].NeedBytes, records[1].Healthy));
            Assert.Contains("403", records[1].Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Side("sonarr-primary").Key, records[1].Message, StringComparison.Ordinal);
        }
        finally
        {
            homelab.Homelab.Runtime.Servers.Remove(relay);
        }
    }

    [Fact]
    public async Task Data_that_was_set_aside_neither_comes_back_nor_takes_anything_away()
    {
        await using var real = await RealSyncthing.StartAsync([Side("sonarr-primary"), Side("sonarr-backup")]);
        var relay = Relay(real.Ports);
        try
        {
            var (primary, backup) = (real.Folders[0], real.Folders[1]);
            await File.WriteAllTextAsync(Path.Combine(primary, "deleted.txt"), "of both", Cluster.Stop);
            await real.PostAsync($"rest/db/scan?folder={Folder}");
            await Cluster.UntilAsync(async () => File.Exists(Path.Combine(backup, "deleted.txt")) && (await ReadAsync()).All(record => record.InSync), "both are in sync", TimeSpan.FromMinutes(1));

            // They part. The one that is left writes, deletes and adds; the other has written something, and later than that.
            await real.PostAsync("rest/system/pause");
            await real.PostAsync("rest/system/pause", side: 1);
            await File.WriteAllTextAsync(Path.Combine(backup, "sub", "file.txt"), "newer", Cluster.Stop);
            await File.WriteAllTextAsync(Path.Combine(backup, "added.txt"), "added", Cluster.Stop);
            File.Delete(Path.Combine(backup, "deleted.txt"));
            await real.PostAsync($"rest/db/scan?folder={Folder}", side: 1);
            await File.WriteAllTextAsync(Path.Combine(primary, "sub", "file.txt"), "stale, and later", Cluster.Stop);
            await File.WriteAllTextAsync(Path.Combine(primary, "unsent.txt"), "unsent", Cluster.Stop);
            File.SetLastWriteTimeUtc(Path.Combine(primary, "sub", "file.txt"), DateTime.UtcNow.AddHours(1));
            await real.PostAsync($"rest/db/scan?folder={Folder}");
            var wanted = Tree(backup);

            // Over the network: a Syncthing that starts anew is asked through a tunnel.
            using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
            using (var api = await SyncthingApi.OpenAsync(client, Source("sonarr-primary"), new(), Cluster.Stop))
            {
                var reset = new SyncthingReset(api);
                await reset.SetPausedAsync(paused: true, Cluster.Stop);
                var aside = Directory.CreateDirectory(Path.Combine(primary, "..", "aside")).FullName;
                foreach (var entry in Directory.EnumerateFileSystemEntries(primary).Where(entry => Path.GetFileName(entry) != ".stfolder").ToArray())
                {
                    Directory.Move(entry, Path.Combine(aside, Path.GetFileName(entry)));
                }

                await reset.DropAsync(Cluster.Stop);
                await reset.SetPausedAsync(paused: false, Cluster.Stop);
            }

            await MoveAsync(client, real.Ids[1]);
            await real.PostAsync("rest/system/resume");
            await real.PostAsync("rest/system/resume", side: 1);
            await Cluster.UntilAsync(async () => (await ReadAsync()).All(record => record.InSync) && Tree(primary) == wanted, "it has come home", TimeSpan.FromMinutes(1));
            Assert.Equal(wanted, Tree(backup));

            // An index that is made anew with the files where they are changes none of them.
            using (var api = await SyncthingApi.OpenAsync(client, Source("sonarr-backup"), new(), Cluster.Stop))
            {
                await new SyncthingReset(api).RunAsync(Cluster.Stop);
            }

            await Cluster.UntilAsync(async () => (await ReadAsync()).All(record => record.InSync), "both are in sync again", TimeSpan.FromMinutes(1));
            Assert.Equal((wanted, wanted), (Tree(primary), Tree(backup)));
        }
        finally
        {
            homelab.Homelab.Runtime.Servers.Remove(relay);
        }
    }

    // It takes the address of a peer over at once, and keeps what else it knows of it.
    private async Task MoveAsync(ClusterClient client, string peer)
    {
        using var api = await SyncthingApi.OpenAsync(client, Source("sonarr-primary"), new(), Cluster.Stop);
        var former = await HeldAsync();
        await SyncthingAddresses.AlignAsync(client, Source("sonarr-primary"), [new(peer, "tcp://192.0.2.1:22000")], new(), Cluster.Stop);
        Assert.Equal(["tcp://192.0.2.1:22000"], (await HeldAsync()).Addresses!);
        await SyncthingAddresses.AlignAsync(client, Source("sonarr-primary"), [new(peer, former.Addresses![0])], new(), Cluster.Stop);
        var now = await HeldAsync();
        Assert.Equal((former.Addresses[0], former.Name, former.Paused), (Assert.Single(now.Addresses!), now.Name, now.Paused));

        async Task<DeviceWire> HeldAsync() => (await api.GetAsync("rest/config/devices", SyncthingWireContext.Default.ListDeviceWire, Cluster.Stop)).Single(device => device.DeviceId == peer);
    }

    private static string Tree(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains(".st", StringComparison.Ordinal))
        .Select(file => $"{Path.GetRelativePath(folder, file)}: {File.ReadAllText(file)}").Order(StringComparer.Ordinal));

    private ResourceReference Source(string name) => new(homelab.Homelab.Client.Name, "ReplicationSource", "media", name);

    private async Task ConflictAsync(RealSyncthing real)
    {
        await real.PostAsync($"rest/system/pause?device={real.Ids[1]}");
        await File.WriteAllTextAsync(Path.Combine(real.Folders[0], "sub", "file.txt"), "of the one side", Cluster.Stop);
        await File.WriteAllTextAsync(Path.Combine(real.Folders[1], "sub", "file.txt"), "and of the other side", Cluster.Stop);
        await real.PostAsync($"rest/db/scan?folder={Folder}");
        Assert.Contains(await ReadAsync(), record => record is { Name: "sonarr-primary", State: SyncthingState.Paused, InSync: false });
        await real.PostAsync($"rest/db/scan?folder={Folder}", side: 1);
        await real.PostAsync($"rest/system/resume?device={real.Ids[1]}");
        await Cluster.UntilAsync(async () =>
        {
            var records = await ReadAsync();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', records.Select(record => $"{record.Name} {record.State} {string.Join(',', record.Conflicts)} {record.Message}")));
            return records.All(record => record is { InSync: true, Healthy: false, Conflicts: [var path] } && path.StartsWith("sub/file.sync-conflict-", StringComparison.Ordinal));
        }, "the conflict is found on both sides", TimeSpan.FromMinutes(1));
    }

    private RelayedPods Relay(int[] ports)
    {
        var relay = new RelayedPods(new Dictionary<string, int> { ["sonarr-primary"] = ports[0], ["sonarr-backup"] = ports[1] });
        homelab.Homelab.Runtime.Servers.Add(relay);
        return relay;
    }

    private RealSyncthingSide Side(string source)
    {
        var secret = homelab.Homelab.Host.Informer(Types.Secret).Find("media", $"volsync-{source}")!;
        return new(SyncthingSecret.Field(secret, "apikey"), SyncthingSecret.Field(secret, "httpsCertPEM"), SyncthingSecret.Field(secret, "httpsKeyPEM"));
    }

    // As its own page asks: what the second lacks, as the first knows.
    private static async Task<(long Need, double Completion)> PeerAsync(RealSyncthing real) => Read(await real.GetAsync($"rest/db/completion?folder={Folder}&device={real.Ids[1]}"));

    // The same of the second itself.
    private static async Task<(long Need, double Completion)> OwnAsync(RealSyncthing real) => Read(await real.GetAsync($"rest/db/completion?folder={Folder}", side: 1));

    private static (long Need, double Completion) Read(JsonNode? completion) => ((long)completion!["needBytes"]!, (double)completion["completion"]!);

    private async Task<IReadOnlyList<SyncthingStatus>> ReadAsync()
    {
        var records = new List<SyncthingStatus>();
        await foreach (var item in SyncthingReader.ReadAsync(homelab.Homelab.Client, new() { Apps = [new("sonarr")] }, Cluster.Stop))
        {
            Assert.Null(item.Notice);
            records.Add(item.Value!);
        }

        return records;
    }
}
