using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Drills;

/// <summary>A homelab that may be broken: never a real one.</summary>
internal interface IDrillGround
{
    /// <summary>Its cluster, over the wire as any other.</summary>
    ClusterClient Client { get; }

    /// <summary>Its settings; what its nodes ought to mount is among them.</summary>
    HomelabConfig Config { get; }

    /// <summary>The working copy of its repository.</summary>
    string Repository { get; }

    /// <summary>Its time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Lets time pass, unless those who act in it have not come to an end with the time that has passed: a machine with other work must not make them late.</summary>
    /// <returns>Whether it passed.</returns>
    bool Advance(TimeSpan time);

    /// <summary>Breaks something.</summary>
    /// <param name="fault">What.</param>
    /// <param name="target">What for; null for the usual one.</param>
    /// <param name="cancellationToken">Ends it; nothing is broken then.</param>
    /// <exception cref="HomelabException">SandboxFaultNotPossible and the like.</exception>
    Task<IDrillFault> BreakAsync(string fault, string? target, CancellationToken cancellationToken);
}
