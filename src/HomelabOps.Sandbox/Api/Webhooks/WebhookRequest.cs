using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Webhooks;

/// <summary>A write that webhooks may be asked about.</summary>
/// <param name="Kind">What is written.</param>
/// <param name="Operation">CREATE, UPDATE or DELETE.</param>
/// <param name="Node">The object as it will be; null when it is deleted.</param>
/// <param name="Old">The object as it was; null when it is created.</param>
/// <param name="Subresource">Status and others; null for the object itself.</param>
internal sealed record WebhookRequest(ResourceKind Kind, string Operation, JsonObject? Node, JsonObject? Old, string? Subresource = null)
{
    /// <summary>The object as it will be, or as it was last.</summary>
    public JsonObject Latest => Node ?? Old!;
}
