namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>What is wrong with the containers of an application.</summary>
/// <param name="Namespace">Where it runs.</param>
/// <param name="Application">The name of its pods, or what they begin with before a hyphen.</param>
internal sealed record ContainerFault(string Namespace, string Application)
{
    /// <summary>One container; null for all but init containers.</summary>
    public string? Container { get; init; }

    /// <summary>It ends with this code as soon as it has started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>It is killed for want of memory as soon as it has started.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>How long it runs before it ends so.</summary>
    public TimeSpan RunsFor { get; init; }

    /// <summary>Probes of these kinds fail; not their commands or ports, but what the application answers.</summary>
    public ProbeKinds FailingProbes { get; init; }

    /// <summary>How long it takes until it listens.</summary>
    public TimeSpan StartsWithin { get; init; }

    public bool Concerns(string @namespace, string pod) =>
        @namespace == Namespace && (pod == Application || pod.StartsWith(Application + "-", StringComparison.Ordinal));
}

/// <summary>The probes of a container.</summary>
[Flags]
internal enum ProbeKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Whether it has started.</summary>
    Startup = 1,

    /// <summary>Whether it is alive; a container that is not is started anew.</summary>
    Liveness = 2,

    /// <summary>Whether it takes requests.</summary>
    Readiness = 4,

    /// <summary>All three.</summary>
    All = Startup | Liveness | Readiness,
}
