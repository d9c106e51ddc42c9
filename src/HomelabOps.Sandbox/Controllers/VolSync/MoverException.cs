namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Why a mover cannot go on; the message becomes that of the condition.</summary>
internal sealed class MoverException(string message) : Exception(message)
{
    /// <summary>What VolSync's client says of an object that is not there.</summary>
    public static MoverException NotFound(string kind, string name) => new($"{kind} \"{name}\" not found");
}
