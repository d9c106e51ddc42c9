using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>Which object is controlled by which.</summary>
internal static class Ownership
{
    /// <summary>The reference to what controls an object, or null.</summary>
    public static JsonObject? ControllerOf(JsonObject item) => Items(item, "metadata.ownerReferences").FirstOrDefault(owner => (bool?)owner["controller"] == true);

    /// <summary>The uid of what controls an object; empty when nothing does.</summary>
    public static string ControllerUid(JsonObject item) => Text(ControllerOf(item), "uid");

    /// <summary>The key of an object in an index by controller: the controller's uid, or <see cref="OrphanKey"/>.</summary>
    public static IEnumerable<string> DependentKey(JsonObject item) => [ControllerUid(item) is { Length: > 0 } uid ? uid : OrphanKey(Text(item, "metadata.namespace"))];

    /// <summary>Where an index by controller has what nothing controls.</summary>
    public static string OrphanKey(string @namespace) => "/" + @namespace;

    public static bool IsControlledBy(JsonObject item, ResourceType type, string name) =>
        ControllerOf(item) is { } owner && Text(owner, "kind") == type.Kind && Text(owner, "name") == name && Text(owner, "apiVersion") == type.ApiVersion;

    /// <summary>The reference by which an owner controls what it made.</summary>
    public static JsonObject Reference(ResourceType type, JsonObject owner) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["name"] = Text(owner, "metadata.name"),
        ["uid"] = Text(owner, "metadata.uid"),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    public static string Uid(JsonObject item) => Text(item, "metadata.uid");

    public static bool IsDeleting(JsonObject item) => At(item, "metadata.deletionTimestamp") is not null;
}
