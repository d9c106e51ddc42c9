using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Keeps account in managedFields of who owns which fields.</summary>
internal class FieldOwnership
{
    /// <summary>Leaves managedFields as they are.</summary>
    public static FieldOwnership None { get; } = new();

    public virtual void Created(KindVersion version, JsonObject node)
    {
    }

    public virtual void Updated(KindVersion version, JsonObject node, JsonObject before)
    {
    }
}
