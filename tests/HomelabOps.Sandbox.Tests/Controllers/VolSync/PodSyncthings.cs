using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>
/// Real Syncthings that run in the pods of movers, which are given the same settings as by VolSync's own operator. Here it is outside of the
/// cluster, so that it speaks to them through the API server instead of their Services.
/// </summary>
internal sealed class PodSyncthings : ISyncthings
{
    public void Look(MoverContext context)
    {
        // They run by themselves.
    }

    public async Task<(string Id, JsonArray Peers)> ConfigureAsync(MoverContext context, IReadOnlyList<string> hosts, IReadOnlyList<SyncPeer> peers, CancellationToken cancellationToken)
    {
        var secret = context.Cluster.Secrets.Find(context.Namespace, $"volsync-{context.Name}");
        if (secret is null || SyncthingMover.Pod(context) is not { } pod)
        {
            throw SyncthingMover.NotReached(context);
        }

        Task<JsonNode> AskAsync(HttpMethod method, string path, JsonNode? body = null) => SendAsync(context, pod, new(method.Method.ToLowerInvariant(), "pods/proxy", context.Namespace, Text(pod, "metadata.name"))
        {
            Method = method,
            Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()),
            Headers = new Dictionary<string, string> { ["X-API-Key"] = SyncthingSecret.Field(secret, "apikey") },
        }, path, cancellationToken);

        var config = (JsonObject)await AskAsync(HttpMethod.Get, "rest/config");
        var id = Text(await AskAsync(HttpMethod.Get, "rest/system/status"), "myID");
        var connections = (await AskAsync(HttpMethod.Get, "rest/system/connections"))["connections"]!.AsObject();
        if (peers.Any(peer => peer.Id == id))
        {
            throw SyncthingMover.OwnPeer();
        }

        if (Change(config, id, peers, secret))
        {
            await AskAsync(HttpMethod.Put, "rest/config", config);
        }

        var devices = Items(config, "devices").ToDictionary(device => Text(device, "deviceID"), StringComparer.Ordinal);
        return (id, new([.. connections.Where(connection => connection.Key != id && devices.ContainsKey(connection.Key)).Select(connection =>
        {
            var status = new JsonObject { ["ID"] = connection.Key, ["address"] = "tcp://" + Text(connection.Value, "address"), ["connected"] = (bool)connection.Value!["connected"]! };
            if (Text(devices[connection.Key], "name") is { Length: > 0 } name)
            {
                status["name"] = name;
            }

            return status;
        })]));
    }

    // Peers are known by their IDs: one whose address alone has changed is left as it is, as by VolSync; where one comes or goes all are made anew.
    private static bool Change(JsonObject config, string id, IReadOnlyList<SyncPeer> peers, JsonObject secret)
    {
        var own = Items(config, "devices").Where(device => Text(device, "deviceID") == id || Text(device, "introducedBy").Length > 0).ToArray();
        var known = Items(config, "devices").Except(own).Select(device => Text(device, "deviceID")).ToHashSet(StringComparer.Ordinal);
        var user = SyncthingSecret.Field(secret, "username");
        var (isOpen, isOther) = (Text(config, "gui.user") != user || Text(config, "gui.password").Length == 0, !known.SetEquals(peers.Select(peer => peer.Id)));
        if (isOther)
        {
            config["devices"] = new JsonArray([.. own.Select(device => device.DeepClone()), .. peers.Select(peer => new JsonObject { ["deviceID"] = peer.Id, ["addresses"] = new JsonArray(peer.Address), ["introducer"] = peer.Introducer })]);
            foreach (var folder in Items(config, "folders"))
            {
                folder["devices"] = new JsonArray([.. Items(config, "devices").Select(device => new JsonObject { ["deviceID"] = Text(device, "deviceID") })]);
            }
        }

        if (isOpen)
        {
            (config["gui"]!["user"], config["gui"]!["password"]) = (user, SyncthingSecret.Field(secret, "password"));
        }

        return isOpen || isOther;
    }

    private static async Task<JsonNode> SendAsync(MoverContext context, JsonObject pod, ApiRequest request, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await context.Client.SendAsync($"{ResourceType.Pod.Path(context.Namespace, $"https:{Text(pod, "metadata.name")}:{SyncthingMover.ApiPort}")}/proxy/{path}", request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return !response.IsSuccessStatusCode ? throw SyncthingMover.NotReached(context, text) : text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        }
        catch (HomelabException error)
        {
            throw SyncthingMover.NotReached(context, error.Message);
        }
    }
}
