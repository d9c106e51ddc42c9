using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>
/// The API as one controller uses it, under its own name. A write ends when the informer of the type knows of it, so that no controller
/// works on what it has changed itself.
/// </summary>
internal sealed class ObjectClient(ControllerHost host, string manager)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly WriteOptions _whole = new() { FieldManager = manager };
    private readonly WriteOptions _status = new() { FieldManager = manager, Subresource = "status" };

    public ClusterClient Client => host.Client;

    /// <summary>An object as the server has it. What a watch does not know is not asked for: it is new.</summary>
    public async Task<JsonObject?> FindAsync(ResourceType type, ObjectName name, CancellationToken cancellationToken) => host.FindInformer(type) is { IsSynchronized: true } informer && informer.Find(name) is null
        ? null
        : await Client.FindObjectAsync(type, name.Namespace, name.Name, cancellationToken);

    /// <summary>Creates an object; null when the name is taken.</summary>
    public async Task<JsonObject?> CreateAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken)
    {
        try
        {
            item["apiVersion"] = type.ApiVersion;
            item["kind"] = type.Kind;
            return await SeenAsync(type, Client.CreateAsync(type, Namespace(item), item, cancellationToken, _whole), cancellationToken);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.ResourceExists)
        {
            return null;
        }
    }

    /// <summary>Replaces an object as it was read; a conflict is a failure.</summary>
    public Task<JsonObject> ReplaceAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken) =>
        SeenAsync(type, Client.ReplaceAsync(type, Namespace(item), Name(item), item, cancellationToken, _whole), cancellationToken);

    /// <summary>Replaces the status of an object as it was read; a conflict is a failure.</summary>
    public Task<JsonObject> ReplaceStatusAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken) =>
        SeenAsync(type, Client.ReplaceAsync(type, Namespace(item), Name(item), item, cancellationToken, _status), cancellationToken);

    /// <summary>Merges a patch into an object; null when it is gone.</summary>
    public Task<JsonObject?> MergeAsync(ResourceType type, ObjectName name, JsonObject patch, CancellationToken cancellationToken) =>
        UnlessGoneAsync(() => SeenAsync(type, Client.PatchAsync(type, name.Namespace, name.Name, PatchKind.Merge, patch, cancellationToken, _whole), cancellationToken));

    /// <summary>Merges a status into that of an object; null when it is gone. With a uid, another object of that name is a conflict.</summary>
    public Task<JsonObject?> MergeStatusAsync(ResourceType type, ObjectName name, JsonObject status, CancellationToken cancellationToken, string? uid = null)
    {
        var patch = new JsonObject { ["status"] = status.DeepClone() };
        if (uid is not null)
        {
            patch["metadata"] = new JsonObject { ["uid"] = uid };
        }

        return UnlessGoneAsync(() => SeenAsync(type, Client.PatchAsync(type, name.Namespace, name.Name, PatchKind.Merge, patch, cancellationToken, _status), cancellationToken));
    }

    /// <summary>Gives an object this status, unless it has it and is as it was read; a conflict is a failure.</summary>
    public async Task SetStatusAsync(ResourceType type, JsonObject item, JsonObject status, CancellationToken cancellationToken, bool isChanged = false)
    {
        if (!isChanged && JsonNode.DeepEquals(item["status"] ?? new JsonObject(), status))
        {
            return;
        }

        var changed = item.DeepClone().AsObject();
        changed["status"] = status;
        await UnlessGoneAsync(() => ReplaceStatusAsync(type, changed, cancellationToken));
    }

    /// <summary>Server-side apply.</summary>
    public Task<JsonObject> ApplyAsync(ResourceType type, JsonObject item, CancellationToken cancellationToken, bool force = true, bool dryRun = false)
    {
        var applying = Client.PatchAsync(type, Namespace(item), Name(item), PatchKind.Apply, item, cancellationToken, _whole with { Force = force, DryRun = dryRun });
        return dryRun ? applying : SeenAsync(type, applying, cancellationToken);
    }

    /// <summary>Deletes an object; one that is gone already is no failure.</summary>
    public Task<JsonObject?> DeleteAsync(ResourceType type, ObjectName name, CancellationToken cancellationToken, DeleteRequest? delete = null) =>
        UnlessGoneAsync(() => Client.DeleteAsync(type, name.Namespace, name.Name, delete ?? new(), cancellationToken));

    /// <summary>Tells that something happened to an object; the same once more counts up.</summary>
    public void Record(JsonObject about, string eventType, string reason, string message) => host.Events.Record(manager, about, eventType, reason, message);

    private async Task<JsonObject> SeenAsync(ResourceType type, Task<JsonObject> write, CancellationToken cancellationToken)
    {
        var written = await write;
        if (host.FindInformer(type) is { } informer)
        {
            await informer.ReachedAsync(Informer.Version(written), Patience, cancellationToken);
        }

        return written;
    }

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
