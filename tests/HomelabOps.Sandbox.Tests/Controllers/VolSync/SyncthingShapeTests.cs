using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>
/// Holds the answers against those of a real Syncthing, where one is installed. Debian's is older than that of the movers: what it
/// has must be here, in the same types; what came later may be here as well.
/// </summary>
public sealed class SyncthingShapeTests
{
    private const string Folder = "folder=syncthing-folder-id";
    private static readonly ObjectName Source = new("media", "sonarr-primary");
    private static readonly string Peer = SyncthingIdentity.Of(1, "media", "sonarr-backup");

    // Objects whose names are data: every entry has the same shape.
    private static readonly string[] Maps = ["connections", "connectionServiceStatus", "lastDialStatus", "remoteSequence"];

    // Left out of the settings since.
    private static readonly string[] Gone = ["restartOnWakeup"];

    [Fact]
    public async Task Answers_have_the_shapes_of_the_program()
    {
        await using var real = await RealSyncthing.StartAsync();
        using var world = Joined();
        var api = new SyncthingApi(world.Syncthing, Source, "key", "syncthing");
        foreach (var path in (string[])
        [
            "system/ping", "system/version", "system/status", "system/connections", "config", "config/folders", "config/devices", "config/folders/syncthing-folder-id",
            $"db/status?{Folder}", $"db/completion?{Folder}", $"db/completion?{Folder}&device=PEER", "db/completion", $"db/need?{Folder}", $"db/remoteneed?{Folder}&device=PEER",
            $"db/browse?{Folder}", $"folder/errors?{Folder}", "stats/device", "stats/folder", "events?since=0&timeout=1&events=StartupComplete", "events?since=0&timeout=1&events=LocalIndexUpdated", "events?since=0&timeout=1&events=StateChanged",
        ])
        {
            var theirs = await real.GetAsync("rest/" + path.Replace("PEER", real.Peer, StringComparison.Ordinal));
            var (status, ours) = await OurAsync(api, path.Replace("PEER", Peer, StringComparison.Ordinal), "key");
            Assert.Equal(200, status);
            Compare(theirs, JsonNode.Parse(ours), path, isMap: path == "stats/device");
        }

        var file = await real.GetAsync($"rest/db/file?{Folder}&file=sub/file.txt");
        Compare(file, JsonNode.Parse((await OurAsync(api, $"db/file?{Folder}&file=config.xml", "key")).Text), "db/file", isMap: false);
    }

    [Fact]
    public async Task Refusals_have_the_words_of_the_program()
    {
        await using var real = await RealSyncthing.StartAsync();
        using var world = Joined();
        var api = new SyncthingApi(world.Syncthing, Source, "key", "syncthing");
        Assert.Equal(await real.AnswerAsync("rest/system/status", "wrong"), await OurAsync(api, "system/status", "wrong"));
        foreach (var path in (string[])["nothing", "db/status?folder=nope", "db/need?folder=nope", "db/browse?folder=nope", "folder/errors?folder=nope", "db/completion?folder=nope", $"db/completion?{Folder}&device=nope", $"db/file?{Folder}&file=nope", "db/scan", "system/pause"])
        {
            Assert.Equal((path, await real.AnswerAsync("rest/" + path)), (path, await OurAsync(api, path, "key")));
        }
    }

    private static ReplicationWorld Joined()
    {
        var clock = new SandboxClock();
        var world = new ReplicationWorld(clock, 1);
        world.Syncthing.Place(Source, "pvc-sonarr", new([new(Peer, "tcp://10.43.0.2:22000", Introducer: false)], ["10.43.0.1"], "a", "10.42.0.1", "k3s-w1", HasWriter: true));
        world.Syncthing.Place(new("media", "sonarr-backup"), "pvc-sonarr-backup", new([new(SyncthingIdentity.Of(1, "media", "sonarr-primary"), "tcp://10.43.0.1:22000", Introducer: false)], ["10.43.0.2"], "b", "10.42.0.2", "k3s-w2", HasWriter: false));
        clock.Advance(TimeSpan.FromMinutes(2));
        return world;
    }

    private static async Task<(int Status, string Text)> OurAsync(SyncthingApi api, string target, string key)
    {
        var parts = target.Split('?');
        var query = (parts.Length > 1 ? parts[1].Split('&') : []).Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var response = await api.AnswerAsync(new("GET", "/rest/" + parts[0], query, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["x-api-key"] = key }, []), Cluster.Stop);
        return (response.Status, Encoding.UTF8.GetString(response.Body).ReplaceLineEndings("\n"));
    }

    private static void Compare(JsonNode? theirs, JsonNode? ours, string path, bool isMap)
    {
        switch (theirs)
        {
            case JsonObject fields when isMap:
                Assert.IsType<JsonObject>(ours);
                foreach (var (name, value) in ours.AsObject())
                {
                    Compare(fields.First().Value, value, $"{path}/{name}", isMap: false);
                }

                break;
            case JsonObject fields:
                Assert.IsType<JsonObject>(ours);
                foreach (var (name, value) in fields.Where(field => !Gone.Contains(field.Key)))
                {
                    Assert.True(ours.AsObject().ContainsKey(name), $"{path}/{name} is missing: {ours.ToJsonString()}");
                    Compare(value, ours[name], $"{path}/{name}", Maps.Contains(name));
                }

                break;
            case JsonArray { Count: > 0 } items:
                Assert.IsType<JsonArray>(ours);
                if (ours.AsArray().Count > 0)
                {
                    Compare(items[0], ours[0], path + "[]", isMap: false);
                }

                break;
            case not null when ours is not null:
                Assert.Equal((path, Kind(theirs)), (path, Kind(ours)));
                break;
        }
    }

    private static JsonValueKind Kind(JsonNode node) => node.GetValueKind() is var kind && kind == JsonValueKind.False ? JsonValueKind.True : kind;
}
