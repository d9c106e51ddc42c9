using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>Syncthing's REST API of one device, with the words and statuses of the program.</summary>
/// <param name="network">Where the device is.</param>
/// <param name="source">Its ReplicationSource.</param>
/// <param name="key">The key that requests must carry.</param>
/// <param name="user">Name of the user of its pages.</param>
internal sealed class SyncthingApi(SyncthingNetwork network, ObjectName source, string key, string user)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public async Task<PodHttpResponse> AnswerAsync(PodHttpRequest request, CancellationToken cancellationToken)
    {
        var response = request.Path == "/rest/noauth/health" ? PodHttpResponse.Json(new JsonObject { ["status"] = "OK" })
            : !IsAllowed(request) ? PodHttpResponse.Text(403, "CSRF Error\n")
            : await RouteAsync(request, cancellationToken);
        return response with
        {
            Headers =
            [
                .. response.Headers,
                ("Access-Control-Allow-Origin", "*"),
                ("Cache-Control", "max-age=0, no-cache, no-store"),
                ("Pragma", "no-cache"),
                ("X-Content-Type-Options", "nosniff"),
                ("X-Frame-Options", "SAMEORIGIN"),
                ("X-Syncthing-Id", Read((device, _) => device.Id) ?? ""),
                ("X-Syncthing-Version", SyncthingVersion.Name),
                ("X-Xss-Protection", "1; mode=block"),
            ],
        };
    }

    private bool IsAllowed(PodHttpRequest request) => key.Length > 0
        && (request.Headers.GetValueOrDefault("X-API-Key") == key || request.Headers.GetValueOrDefault("Authorization") == $"Bearer {key}");

    private Task<PodHttpResponse> RouteAsync(PodHttpRequest request, CancellationToken cancellationToken) => (request.Method, request.Path) switch
    {
        ("GET" or "POST", "/rest/system/ping") => Found(new JsonObject { ["ping"] = "pong" }),
        ("GET", "/rest/system/version") => Found(SyncthingViews.Version()),
        ("GET", "/rest/system/status") => Found(Read(SyncthingViews.Status)),
        ("GET", "/rest/system/connections") => Found(Read(SyncthingViews.Connections)),
        ("GET", "/rest/system/error") => Found(new JsonObject { ["errors"] = null }),
        ("GET", "/rest/config" or "/rest/system/config") => Found(Read((device, _) => SyncthingConfig.Whole(device, user))),
        ("GET", "/rest/config/folders") => Found(Read((device, _) => SyncthingConfig.Folders(device))),
        ("GET", "/rest/config/devices") => Found(Read((device, _) => SyncthingConfig.Devices(device))),
        ("GET", "/rest/stats/device") => Found(Read(SyncthingViews.DeviceStatistics)),
        ("GET", "/rest/stats/folder") => Found(Read(SyncthingViews.FolderStatistics)),
        ("GET", "/rest/events") => EventsAsync(request, cancellationToken),
        ("GET", "/rest/db/completion") => Task.FromResult(Completion(request)),
        ("GET", "/rest/db/status") => OfFolder(request, 404, (device, _) => SyncthingViews.FolderStatus(device)),
        ("GET", "/rest/db/need") => OfFolder(request, 404, (device, _) => SyncthingViews.Need(device)),
        ("GET", "/rest/db/remoteneed") => OfFolder(request, 404, (device, _) => SyncthingViews.RemoteNeed(device, request.Parameter("device"))),
        ("GET", "/rest/db/browse") => OfFolder(request, 500, (device, _) => SyncthingViews.Browse(device, request.Parameter("prefix"), Number(request, "levels", -1))),
        ("GET", "/rest/folder/errors" or "/rest/folder/pullerrors") => OfFolder(request, 404, (device, _) => SyncthingViews.FolderErrors(device)),
        ("GET", "/rest/db/file") => Task.FromResult(File(request)),
        ("POST", "/rest/db/scan") => Task.FromResult(Scan(request)),
        ("POST", "/rest/system/reset") => Task.FromResult(Reset(request)),
        ("POST", "/rest/system/pause") => Task.FromResult(Pause(request, isPaused: true)),
        ("POST", "/rest/system/resume") => Task.FromResult(Pause(request, isPaused: false)),
        ("GET", _) when Part(request.Path, "/rest/config/folders/") is { } id => Found(id == SyncthingDevice.Folder ? Read((device, _) => SyncthingConfig.Folders(device)[0]!.DeepClone()) : null, "No folder with given ID\n"),
        ("PATCH", _) when Part(request.Path, "/rest/config/folders/") is { } id => Task.FromResult(ChangeFolder(request, id)),
        ("GET", _) when Part(request.Path, "/rest/config/devices/") is { } id => Found(Read((device, _) => SyncthingConfig.Devices(device).FirstOrDefault(item => (string?)item!["deviceID"] == id)?.DeepClone()), "No device with given ID\n"),
        ("PATCH", _) when Part(request.Path, "/rest/config/devices/") is { } id => Task.FromResult(ChangeDevice(request, id)),
        (_, "/rest/db/scan" or "/rest/system/reset" or "/rest/system/pause" or "/rest/system/resume") => Task.FromResult(PodHttpResponse.Text(405, "Method Not Allowed\n") with { Headers = [("Allow", "OPTIONS, POST")] }),
        _ => Task.FromResult(PodHttpResponse.Text(404, "404 page not found\n")),
    };

    private T? Read<T>(Func<SyncthingDevice, DateTimeOffset, T> read) => network.Read(source, read);

    private static Task<PodHttpResponse> Found(JsonNode? node, string otherwise = "404 page not found\n") =>
        Task.FromResult(node is null ? PodHttpResponse.Text(404, otherwise) : PodHttpResponse.Json(node));

    private Task<PodHttpResponse> OfFolder(PodHttpRequest request, int absent, Func<SyncthingDevice, DateTimeOffset, JsonNode> read) =>
        Task.FromResult(request.Parameter("folder") == SyncthingDevice.Folder ? PodHttpResponse.Json(Read(read)!) : PodHttpResponse.Text(absent, "no such folder\n"));

    private PodHttpResponse Completion(PodHttpRequest request)
    {
        var (folder, device) = (request.Parameter("folder"), request.Parameter("device"));
        return device.Length > 0 && DeviceError(device) is { } error ? PodHttpResponse.Text(400, error)
            : folder is not ("" or SyncthingDevice.Folder) ? PodHttpResponse.Text(404, "no such folder\n")
            : PodHttpResponse.Json(Read((own, now) => SyncthingViews.Completion(own, device.Length == 0 ? null : device, folder.Length > 0, now))!);
    }

    private PodHttpResponse File(PodHttpRequest request) =>
        request.Parameter("folder") != SyncthingDevice.Folder ? PodHttpResponse.Text(404, "no such folder\n")
        : Read((device, _) => SyncthingViews.File(device, request.Parameter("file"))) is { } file ? PodHttpResponse.Json(file)
        : PodHttpResponse.Text(404, "No such object in the index\n");

    private PodHttpResponse Scan(PodHttpRequest request)
    {
        if (request.Parameter("folder") is not ("" or SyncthingDevice.Folder))
        {
            return PodHttpResponse.Text(500, "no such folder\n");
        }

        network.Scan(source);
        return PodHttpResponse.Empty;
    }

    private PodHttpResponse Reset(PodHttpRequest request)
    {
        var folder = request.Parameter("folder");
        return folder is not ("" or SyncthingDevice.Folder) ? PodHttpResponse.Text(500, "Invalid folder ID\n")
            : !network.Drop(source) ? PodHttpResponse.Text(500, "folder must be paused when resetting\n")
            : PodHttpResponse.Json(new JsonObject { ["ok"] = folder.Length == 0 ? "resetting database" : $"resetting folder {folder}" });
    }

    // Of the settings of a folder only whether it is paused can be changed.
    private PodHttpResponse ChangeFolder(PodHttpRequest request, string id)
    {
        if (id != SyncthingDevice.Folder)
        {
            return PodHttpResponse.Text(404, "No folder with given ID\n");
        }

        try
        {
            if (JsonNode.Parse(request.Body) is not JsonObject { Count: 1 } change || change["paused"] is not JsonValue value || !value.TryGetValue<bool>(out var isPaused))
            {
                return PodHttpResponse.Text(400, "the embedded homelab can change only whether a folder is paused\n");
            }

            network.SetPaused(source, isPaused);
            return PodHttpResponse.Empty;
        }
        catch (JsonException error)
        {
            return PodHttpResponse.Text(400, error.Message + "\n");
        }
    }

    // Of the settings of a device only where it is.
    private PodHttpResponse ChangeDevice(PodHttpRequest request, string id)
    {
        if (id != Read((device, _) => device.Id) && Read((device, _) => device.Peer(id)) is null)
        {
            return PodHttpResponse.Text(404, "No device with given ID\n");
        }

        try
        {
            if (JsonNode.Parse(request.Body) is not JsonObject { Count: 1 } change || change["addresses"] is not JsonArray { Count: 1 } addresses || addresses[0] is not JsonValue value || !value.TryGetValue<string>(out var address))
            {
                return PodHttpResponse.Text(400, "the embedded homelab can change only the one address of a device\n");
            }

            network.Change(source, (device, _) => device.SetAddress(id, address));
            return PodHttpResponse.Empty;
        }
        catch (JsonException error)
        {
            return PodHttpResponse.Text(400, error.Message + "\n");
        }
    }

    private PodHttpResponse Pause(PodHttpRequest request, bool isPaused)
    {
        var peer = request.Parameter("device");
        if (peer.Length > 0 && DeviceError(peer) is { } error)
        {
            return PodHttpResponse.Text(500, error);
        }

        var isKnown = true;
        network.Change(source, (device, now) =>
        {
            isKnown = peer.Length == 0 || device.Peer(peer) is not null;
            foreach (var item in device.Peers.Where(item => (peer.Length == 0 || item.Id == peer) && device.Link(item.Id).IsPaused != isPaused))
            {
                device.Link(item.Id).IsPaused = isPaused;
                device.Events.Add(now, isPaused ? "DevicePaused" : "DeviceResumed", new() { ["device"] = item.Id });
            }
        });
        return isKnown ? PodHttpResponse.Empty : PodHttpResponse.Text(404, "not found\n");
    }

    private async Task<PodHttpResponse> EventsAsync(PodHttpRequest request, CancellationToken cancellationToken)
    {
        var since = Number(request, "since", 0);
        var limit = Number(request, "limit", 0);
        var types = request.Parameter("events").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var wait = TimeSpan.FromSeconds(Math.Clamp(Number(request, "timeout", 60), 0, LongestWait.TotalSeconds));
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(wait);
        while (true)
        {
            var (found, next) = Read((device, _) => (SyncthingViews.Events(device.Events.Since(since, limit).Where(item => types.Length == 0 || types.Contains(item.Type, StringComparer.Ordinal))), device.Events.Next));
            if (found is null || next is null || found.Count > 0 || limited.IsCancellationRequested)
            {
                return PodHttpResponse.Json(found ?? []);
            }

            await next.WaitAsync(limited.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int Number(PodHttpRequest request, string name, int absent) =>
        int.TryParse(request.Parameter(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : absent;

    private static string? DeviceError(string id) => SyncthingIdentity.IsValid(id) ? null
        : $"\"{id}\": device ID invalid: {(id.Replace("-", "", StringComparison.Ordinal).Length is 52 or 56 ? "check digit incorrect" : "incorrect length")}\n";

    private static string? Part(string path, string prefix) => path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : null;
}
