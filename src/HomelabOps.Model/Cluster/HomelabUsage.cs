namespace HomelabOps;

/// <summary>What a node or a pod uses now, beside what it asked for and what it may use.</summary>
public sealed record HomelabUsage : HomelabRecord
{
    /// <summary>CPU in use, in cores.</summary>
    public double Cpu { get; init; }

    /// <summary>Working set in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Sum of the CPU requests in cores; null when nothing is requested.</summary>
    public double? CpuRequest { get; init; }

    /// <summary>Sum of the CPU limits in cores; null when a container of the pod has none.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>Sum of the memory requests in bytes; null when nothing is requested.</summary>
    public long? MemoryRequest { get; init; }

    /// <summary>Sum of the memory limits in bytes; null when a container of the pod has none.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>CPU in percent of a node's allocatable, or of a pod's limit, else its request; null without either.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Memory in percent of a node's allocatable, or of a pod's limit, else its request; null without either.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Where the figures come from: <c>metrics.k8s.io</c> or <c>kubelet</c>.</summary>
    public string Source { get; init; } = "";

    /// <summary>When it was measured, local time.</summary>
    public DateTime? Time { get; init; }
}
