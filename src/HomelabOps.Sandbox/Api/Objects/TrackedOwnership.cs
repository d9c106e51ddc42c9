using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Apply;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Notes in managedFields what a client changed by other means than server-side apply.</summary>
internal sealed class TrackedOwnership(string manager, string? subresource, ApiContext context) : FieldOwnership
{
    public override void Created(KindVersion version, JsonObject node) => Track(version, node, null);

    public override void Updated(KindVersion version, JsonObject node, JsonObject before) => Track(version, node, before);

    private void Track(KindVersion version, JsonObject node, JsonObject? before) =>
        ServerSideApply.Track(before, node, version.PatchSchema, new ManagerIdentity(manager, IsApply: false, version.ApiVersion, subresource), context.Now());
}
