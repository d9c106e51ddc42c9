namespace HomelabOps;

/// <summary>A node of the cluster.</summary>
public sealed record HomelabNode : HomelabRecord
{
    /// <summary>The node's Ready condition is True.</summary>
    public bool Ready { get; init; }

    /// <summary>Ready and without pressure. A cordoned node is healthy.</summary>
    public bool Healthy => Ready && Pressure.Count == 0;

    /// <summary>Reason of the Ready condition; <c>Cordoned</c> for a node that is ready and takes no new pods.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Message of the Ready condition; for a node that is ready and cordoned by whom and why.</summary>
    public string Message { get; init; } = "";

    /// <summary>Roles by the labels <c>node-role.kubernetes.io/*</c> and <c>kubernetes.io/role</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>All labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>All taints.</summary>
    public IReadOnlyList<HomelabTaint> Taints { get; init; } = [];

    /// <summary>Version of the kubelet.</summary>
    public string Version { get; init; } = "";

    /// <summary>The node's internal IP address.</summary>
    public string? InternalIP { get; init; }

    /// <summary>Operating system image.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>Kernel version.</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>CPU architecture, such as <c>amd64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Container runtime with its version.</summary>
    public string ContainerRuntime { get; init; } = "";

    /// <summary>Conditions that tell of trouble: MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable.</summary>
    public IReadOnlyList<string> Pressure { get; init; } = [];

    /// <summary>False when the node is cordoned.</summary>
    public bool Schedulable { get; init; }

    /// <summary>Who cordoned the node, why and since when; null while it takes pods.</summary>
    public FluxSuspension? Suspension { get; init; }

    /// <summary>What pods may use.</summary>
    public HomelabNodeResources Allocatable { get; init; } = new();

    /// <summary>Free bytes of the kubelet's file system by its own summary; null when it does not answer or may not be asked.</summary>
    public long? DiskFree { get; init; }

    /// <summary>Size in bytes of the kubelet's file system; null like <see cref="DiskFree"/>.</summary>
    public long? DiskTotal { get; init; }

    /// <summary>When the kubelet last reported, local time.</summary>
    public DateTime? LastHeartbeat { get; init; }

    /// <summary>Time since the node was created.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>All conditions.</summary>
    public IReadOnlyList<ResourceCondition> Conditions { get; init; } = [];
}

/// <summary>A taint of a node.</summary>
/// <param name="Key">Key of the taint.</param>
/// <param name="Value">Value; empty when it has none.</param>
/// <param name="Effect">NoSchedule, PreferNoSchedule or NoExecute.</param>
public sealed record HomelabTaint(string Key, string Value, string Effect)
{
    /// <summary><c>key=value:effect</c>, as kubectl writes it.</summary>
    public override string ToString() => Value.Length == 0 ? $"{Key}:{Effect}" : $"{Key}={Value}:{Effect}";
}

/// <summary>Resources of a node.</summary>
public sealed record HomelabNodeResources
{
    /// <summary>CPU in cores.</summary>
    public double Cpu { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Ephemeral storage in bytes.</summary>
    public long EphemeralStorage { get; init; }

    /// <summary>Number of pods.</summary>
    public int Pods { get; init; }

    /// <summary>CPU, memory and pods for people.</summary>
    public override string ToString() => $"{Display.Cpu(Cpu)} CPU, {Display.Bytes(Memory)}, {Pods} pods";
}
