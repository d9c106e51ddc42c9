namespace HomelabOps.Core.Kubernetes.Wire;

internal sealed class PodWire : ObjectWire
{
    public PodSpecWire? Spec { get; set; }

    public PodStatusWire? Status { get; set; }
}

internal sealed class PodSpecWire
{
    public string? NodeName { get; set; }

    public long? ActiveDeadlineSeconds { get; set; }

    public List<ContainerWire>? Containers { get; set; }

    public List<ContainerWire>? InitContainers { get; set; }

    public List<ReadinessGateWire>? ReadinessGates { get; set; }

    public Dictionary<string, string>? Overhead { get; set; }

    public ResourcesWire? Resources { get; set; }

    public List<PodVolumeWire>? Volumes { get; set; }

    public List<TolerationWire>? Tolerations { get; set; }
}

internal sealed class ReadinessGateWire
{
    public string ConditionType { get; set; } = "";
}

internal sealed class ContainerWire
{
    public string Name { get; set; } = "";

    public string? Image { get; set; }

    public string? RestartPolicy { get; set; }

    public ResourcesWire? Resources { get; set; }
}

internal sealed class ResourcesWire
{
    public Dictionary<string, string>? Requests { get; set; }

    public Dictionary<string, string>? Limits { get; set; }
}

internal sealed class PodStatusWire
{
    public string? Phase { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }

    public string? PodIP { get; set; }

    public List<ConditionWire>? Conditions { get; set; }

    public List<ContainerStatusWire>? ContainerStatuses { get; set; }

    public List<ContainerStatusWire>? InitContainerStatuses { get; set; }
}

internal sealed class ContainerStatusWire
{
    public string Name { get; set; } = "";

    public bool Ready { get; set; }

    public bool? Started { get; set; }

    public int RestartCount { get; set; }

    public ContainerStateWire? State { get; set; }

    public ContainerStateWire? LastState { get; set; }
}

internal sealed class ContainerStateWire
{
    public WaitingWire? Waiting { get; set; }

    public RunningWire? Running { get; set; }

    public TerminatedWire? Terminated { get; set; }
}

internal sealed class WaitingWire
{
    public string? Reason { get; set; }

    public string? Message { get; set; }
}

internal sealed class RunningWire
{
    public DateTimeOffset? StartedAt { get; set; }
}

internal sealed class TerminatedWire
{
    public int ExitCode { get; set; }

    public int? Signal { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}
