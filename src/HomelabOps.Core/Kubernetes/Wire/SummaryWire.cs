namespace HomelabOps.Core.Kubernetes.Wire;

/// <summary>The kubelet's summary of what a node and its pods use.</summary>
internal sealed class SummaryWire
{
    public SummaryNodeWire? Node { get; set; }

    public List<SummaryPodWire>? Pods { get; set; }
}

internal sealed class SummaryNodeWire
{
    public SummaryCpuWire? Cpu { get; set; }

    public SummaryMemoryWire? Memory { get; set; }

    public SummaryFileSystemWire? Fs { get; set; }
}

internal sealed class SummaryPodWire
{
    public InvolvedObjectWire PodRef { get; set; } = new();

    public SummaryCpuWire? Cpu { get; set; }

    public SummaryMemoryWire? Memory { get; set; }

    public List<SummaryVolumeWire>? Volume { get; set; }
}

internal sealed class SummaryVolumeWire
{
    public InvolvedObjectWire? PvcRef { get; set; }

    public long? CapacityBytes { get; set; }

    public long? UsedBytes { get; set; }
}

internal sealed class SummaryCpuWire
{
    public DateTimeOffset? Time { get; set; }

    public ulong? UsageNanoCores { get; set; }

    public ulong? UsageCoreNanoSeconds { get; set; }
}

internal sealed class SummaryMemoryWire
{
    public long? WorkingSetBytes { get; set; }
}

internal sealed class SummaryFileSystemWire
{
    public long? AvailableBytes { get; set; }

    public long? CapacityBytes { get; set; }
}
