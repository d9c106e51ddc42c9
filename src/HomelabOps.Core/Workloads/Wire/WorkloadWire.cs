using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Workloads.Wire;

/// <summary>A Deployment, StatefulSet, DaemonSet or CronJob. One type for all, since most of what counts they have in common.</summary>
internal sealed class WorkloadWire : ObjectWire
{
    public WorkloadSpecWire? Spec { get; set; }

    public WorkloadStatusWire? Status { get; set; }
}

internal sealed class WorkloadSpecWire
{
    public int? Replicas { get; set; }

    public WorkloadSelectorWire? Selector { get; set; }

    public PodTemplateWire? Template { get; set; }

    public JobTemplateWire? JobTemplate { get; set; }

    public bool? Suspend { get; set; }

    public bool? Paused { get; set; }

    public UpdateStrategyWire? UpdateStrategy { get; set; }

    public List<PartialObjectWire>? VolumeClaimTemplates { get; set; }
}

internal sealed class WorkloadSelectorWire
{
    public Dictionary<string, string>? MatchLabels { get; set; }

    public List<SelectorExpressionWire>? MatchExpressions { get; set; }
}

internal sealed class SelectorExpressionWire
{
    public string Key { get; set; } = "";

    public string Operator { get; set; } = "";

    public List<string>? Values { get; set; }
}

internal sealed class UpdateStrategyWire
{
    public string? Type { get; set; }

    public RollingUpdateWire? RollingUpdate { get; set; }
}

internal sealed class RollingUpdateWire
{
    public int? Partition { get; set; }
}

internal sealed class JobTemplateWire
{
    public WorkloadSpecWire? Spec { get; set; }
}

internal sealed class PodTemplateWire
{
    public MetadataWire? Metadata { get; set; }

    public TemplateSpecWire? Spec { get; set; }
}

internal sealed class TemplateSpecWire
{
    public string? ServiceAccountName { get; set; }

    /// <summary>The older name of the same.</summary>
    public string? ServiceAccount { get; set; }

    public List<TemplateContainerWire>? Containers { get; set; }

    public List<TemplateVolumeWire>? Volumes { get; set; }

    public Dictionary<string, string>? NodeSelector { get; set; }
}

internal sealed class TemplateContainerWire
{
    public string Name { get; set; } = "";

    public string? Image { get; set; }

    public List<ContainerPortWire>? Ports { get; set; }
}

internal sealed class ContainerPortWire
{
    public string? Name { get; set; }

    public int ContainerPort { get; set; }

    public string? Protocol { get; set; }
}

internal sealed class TemplateVolumeWire
{
    public TemplateClaimWire? PersistentVolumeClaim { get; set; }
}

internal sealed class TemplateClaimWire
{
    public string? ClaimName { get; set; }
}

internal sealed class WorkloadStatusWire
{
    public long ObservedGeneration { get; set; }

    public int Replicas { get; set; }

    public int UpdatedReplicas { get; set; }

    public int ReadyReplicas { get; set; }

    public int AvailableReplicas { get; set; }

    public string? CurrentRevision { get; set; }

    public string? UpdateRevision { get; set; }

    public int DesiredNumberScheduled { get; set; }

    public int UpdatedNumberScheduled { get; set; }

    public int NumberReady { get; set; }

    public int NumberAvailable { get; set; }

    public List<ConditionWire>? Conditions { get; set; }
}

/// <summary>A ReplicaSet or ControllerRevision: what stands between a workload and the pods of one of its templates.</summary>
internal sealed class RevisionWire : ObjectWire
{
    /// <summary>Of a ReplicaSet.</summary>
    public JsonObject? Spec { get; set; }

    /// <summary>Of a ControllerRevision: the patch that makes the workload what it was, as far as its pods go.</summary>
    public JsonObject? Data { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WorkloadWire))]
[JsonSerializable(typeof(RevisionWire))]
internal sealed partial class WorkloadWireContext : JsonSerializerContext;
