using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>The API as one controller uses it, under its own name.</summary>
internal sealed class ObjectClient(ControllerHost host, string manager)
{
    private readonly WriteOptions _whole = new() { FieldManager = manager };
    private readonly WriteOptions _status = new() { FieldManager = manager, Subresource = "status" };

    public ClusterClient Client => host.Client;

    /// <summary>Creates an object; null when the name is taken.</summary>
    public async Task<JsonObject?> CreateAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken)
    {
        try
        {
            item["apiVersion"] = type.ApiVersion;
            item["kind"] = type.Kind;
            return await Client.CreateAsync(type, Namespace(item), item, cancellationToken, _whole);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.ResourceExists)
        {
            return null;
        }
    }

    /// <summary>Replaces an object as it was read; a conflict is a failure.</summary>
    public Task<JsonObject> ReplaceAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken) =>
        Client.ReplaceAsync(type, Namespace(item), Name(item), item, cancellationToken, _whole);

    /// <summary>Replaces the status of an object as it was read; a conflict is a failure.</summary>
    public Task<JsonObject> ReplaceStatusAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken) =>
        Client.ReplaceAsync(type, Namespace(item), Name(item), item, cancellationToken, _status);

    /// <summary>Merges a patch into an object; null when it is gone.</summary>
    public Task<JsonObject?> MergeAsync(ResourceType type, ObjectName name, JsonObject patch, CancellationToken cancellationToken) =>
        UnlessGoneAsync(() => Client.PatchAsync(type, name.Namespace, name.Name, PatchKind.Merge, patch, cancellationToken, _whole));

    /// <summary>Merges a status into that of an object; null when it is gone. With a uid, another object of that name is a conflict.</summary>
    public Task<JsonObject?> MergeStatusAsync(ResourceType type, ObjectName name, JsonObject status, CancellationToken cancellationToken, string? uid = null)
    {
        var patch = new JsonObject { ["status"] = status.DeepClone() };
        if (uid is not null)
        {
            patch["metadata"] = new JsonObject { ["uid"] = uid };
        }

        return UnlessGoneAsync(() => Client.PatchAsync(type, name.Namespace, name.Name, PatchKind.Merge, patch, cancellationToken, _status));
    }

    /// <summary>Gives an object this status, unless it has it; a conflict is a failure.</summary>
    public async Task SetStatusAsync(ResourceType type, JsonObject item, JsonObject status, CancellationToken cancellationToken)
    {
        if (JsonNode.DeepEquals(item["status"] ?? new JsonObject(), status))
        {
            return;
        }

        var changed = item.DeepClone().AsObject();
        changed["status"] = status;
        await UnlessGoneAsync(() => ReplaceStatusAsync(type, changed, cancellationToken));
    }

    /// <summary>Server-side apply.</summary>
    public Task<JsonObject> ApplyAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken, bool force = true, bool dryRun = false) =>
        Client.PatchAsync(type, Namespace(item), Name(item), PatchKind.Apply, item, cancellationToken, _whole with { Force = force, DryRun = dryRun });

    /// <summary>Deletes an object; one that is gone already is no failure.</summary>
    public Task<JsonObject?> DeleteAsync(ResourceType type, ObjectName name, CancellationToken cancellationToken, DeleteRequest? delete = null) =>
        UnlessGoneAsync(() => Client.DeleteAsync(type, name.Namespace, name.Name, delete ?? new(), cancellationToken));

    /// <summary>Writes down that something happened to an object; the same once more counts up.</summary>
    public Task RecordAsync(JsonObject about, string eventType, string reason, string message, CancellationToken cancellationToken) =>
        host.Events.RecordAsync(manager, about, eventType, reason, message, cancellationToken);

    private static async Task<JsonObject?> UnlessGoneAsync(Func<Task<JsonObject>> change)
    {
        try
        {
            return await change();
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.ObjectNotFound)
        {
            return null;
        }
    }

    private static string? Namespace(JsonObject item) => (string?)item["metadata"]?["namespace"];

    private static string Name(JsonObject item) => (string?)item["metadata"]?["name"] ?? "";
}
