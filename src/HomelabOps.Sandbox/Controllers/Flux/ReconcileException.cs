namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>An attempt that ends with a reason and words for the Ready condition.</summary>
internal sealed class ReconcileException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
