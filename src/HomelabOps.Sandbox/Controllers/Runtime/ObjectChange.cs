using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>A change of an object that is watched.</summary>
/// <param name="Before">What was known of it; null when it is new.</param>
/// <param name="After">What it is; null when it is gone.</param>
internal readonly record struct ObjectChange(JsonObject? Before, JsonObject? After)
{
    /// <summary>What is known last.</summary>
    public JsonObject Latest => After ?? Before!;
}
