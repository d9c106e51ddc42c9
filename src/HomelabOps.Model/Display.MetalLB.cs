namespace HomelabOps;

/// <summary>What the default views show of MetalLB.</summary>
public static partial class Display
{
    /// <summary>Whether the webhook works, or why not.</summary>
    /// <param name="status">The webhook.</param>
    public static string Status(MetalLBWebhookStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return Health(status.Reason.Length > 0 ? status.Reason : "Healthy", status.Healthy);
    }
}
