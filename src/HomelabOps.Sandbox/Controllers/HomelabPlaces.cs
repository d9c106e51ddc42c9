using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers;

/// <summary>Where in a homelab the parts are whose controllers are simulated, and what is known there already.</summary>
internal sealed record HomelabPlaces
{
    /// <summary>The name by which the operator of VolSync is asked for.</summary>
    public const string VolSync = "volsync";

    /// <summary>The Deployment whose pods a controller runs in; null where it is no pod of the cluster and always works.</summary>
    public Func<string, ObjectName?> DeploymentOf { get; init; } = name => new(name == VolSync ? "volsync-system" : "flux-system", name);

    /// <summary>Namespace of MetalLB.</summary>
    public string MetalLB { get; init; } = "metallb-system";

    /// <summary>Whether what is in Git will be applied at once.</summary>
    public bool IsBuilt { get; init; }

    /// <summary>Addresses of Services that VolSync's movers have peers for, by namespace and name; null for any.</summary>
    public Func<string, string, string?> FirstAddress { get; init; } = (_, _) => null;

    /// <summary>Whether the application of a claim that is replicated is about to start, by namespace and name.</summary>
    public Func<string, string, bool> IsAwaited { get; init; } = (_, _) => false;

    /// <summary>Where the repository of an address really is.</summary>
    public Func<string, string> RemoteOf { get; init; } = address => address;
}
