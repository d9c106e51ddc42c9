using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>How the simulated MetalLB runs.</summary>
internal sealed record MetalLBOptions
{
    /// <summary>Where its own objects are.</summary>
    public string Namespace { get; init; } = "metallb-system";

    /// <summary>Namespaces whose Services it takes care of; null for all.</summary>
    public IReadOnlySet<string>? Namespaces { get; init; }

    /// <summary>When its controller works; null for always, where it is no pod of the cluster.</summary>
    public Tenure? Tenure { get; init; }

    /// <summary>Whether it is about to be installed: its keys are drawn while there is little else to do.</summary>
    public bool IsExpected { get; init; }

    public bool Covers(string @namespace) => Namespaces?.Contains(@namespace) != false;
}
