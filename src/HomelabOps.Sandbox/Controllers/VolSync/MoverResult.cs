using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>How far a mover has come.</summary>
/// <param name="IsComplete">All data is over.</param>
/// <param name="Image">What a destination has received, for <c>status.latestImage</c>.</param>
/// <param name="RetryAfter">When it wants to look again.</param>
internal sealed record MoverResult(bool IsComplete, JsonObject? Image = null, TimeSpan? RetryAfter = null)
{
    public static MoverResult InProgress { get; } = new(false);
}
