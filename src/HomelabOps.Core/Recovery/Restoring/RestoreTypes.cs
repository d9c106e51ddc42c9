using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Types that a recovery works with itself.</summary>
internal static class RestoreTypes
{
    public static ResourceType Secret { get; } = new("", "v1", "secrets", "Secret", true);
}
