using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>How the simulated VolSync runs.</summary>
internal sealed record VolSyncOptions
{
    /// <summary>Namespaces that it works in; null for all.</summary>
    public IReadOnlySet<string>? Namespaces { get; init; }

    /// <summary>When its operator works; null for always, where it is no pod of the cluster.</summary>
    public Tenure? Tenure { get; init; }

    /// <summary>Image of the movers.</summary>
    public string Image { get; init; } = "quay.io/backube/volsync:0.13.0";

    /// <summary>What the movers' containers run, where that cannot be VolSync's own programs; null for those.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The Syncthings in its movers.</summary>
    public ISyncthings Syncthings { get; init; } = new SimulatedSyncthings();

    /// <summary>The address of the first Service of a namespace and name, where peers know it already; null for any. One that is made again gets another, as in a real cluster.</summary>
    public Func<string, string, string?> FirstAddress { get; init; } = (_, _) => null;

    /// <summary>
    /// Whether the pod of an application is about to come for a claim, by namespace and name: the first Syncthing of such a claim waits for it. Were it
    /// made before the pod, it would be replaced as soon as VolSync sees where the pod is, and which of both came first would be left to chance.
    /// </summary>
    public Func<string, string, bool> IsAwaited { get; init; } = (_, _) => false;

    public bool Covers(string @namespace) => Namespaces?.Contains(@namespace) != false;
}
