using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Volumes.Wire;

/// <summary>A PersistentVolume.</summary>
internal sealed class VolumeWire : ObjectWire
{
    public VolumeSpecWire? Spec { get; set; }

    public VolumeStatusWire? Status { get; set; }
}

internal sealed class VolumeSpecWire
{
    public HostPathWire? HostPath { get; set; }

    public HostPathWire? Local { get; set; }

    public NfsWire? Nfs { get; set; }

    public Dictionary<string, string>? Capacity { get; set; }

    public List<string>? AccessModes { get; set; }

    public ClaimReferenceWire? ClaimRef { get; set; }

    public string? StorageClassName { get; set; }

    public string? VolumeMode { get; set; }

    public string? PersistentVolumeReclaimPolicy { get; set; }

    public VolumeAffinityWire? NodeAffinity { get; set; }
}

internal sealed class VolumeStatusWire
{
    public string? Phase { get; set; }
}

/// <summary>A PersistentVolumeClaim.</summary>
internal sealed class ClaimWire : ObjectWire
{
    public ClaimSpecWire? Spec { get; set; }

    public ClaimStatusWire? Status { get; set; }
}

internal sealed class ClaimSpecWire
{
    public string? VolumeName { get; set; }

    public string? StorageClassName { get; set; }

    public string? VolumeMode { get; set; }

    public List<string>? AccessModes { get; set; }

    public ClaimResourcesWire? Resources { get; set; }

    public ClaimSelectorWire? Selector { get; set; }
}

internal sealed class ClaimResourcesWire
{
    public Dictionary<string, string>? Requests { get; set; }
}

internal sealed class ClaimSelectorWire
{
    public Dictionary<string, string>? MatchLabels { get; set; }

    public List<NodeExpressionWire>? MatchExpressions { get; set; }
}

internal sealed class ClaimStatusWire
{
    public string? Phase { get; set; }

    public Dictionary<string, string>? Capacity { get; set; }
}

/// <summary>A StorageClass.</summary>
internal sealed class StorageClassWire : ObjectWire
{
    public string? Provisioner { get; set; }

    public string? VolumeBindingMode { get; set; }
}

/// <summary>A pod as far as it uses claims.</summary>
internal sealed class ConsumerWire : ObjectWire
{
    public ConsumerSpecWire? Spec { get; set; }

    public ConsumerStatusWire? Status { get; set; }
}

internal sealed class ConsumerSpecWire
{
    public string? NodeName { get; set; }

    public Dictionary<string, string>? NodeSelector { get; set; }

    public AffinityWire? Affinity { get; set; }

    public List<ConsumerVolumeWire>? Volumes { get; set; }
}

internal sealed class ConsumerVolumeWire
{
    public string Name { get; set; } = "";

    public PodClaimWire? PersistentVolumeClaim { get; set; }

    // Only that it is there: its claim has the names of the pod and of the volume.
    public EphemeralWire? Ephemeral { get; set; }
}

internal sealed class EphemeralWire;

internal sealed class ConsumerStatusWire
{
    public string? Phase { get; set; }

    public List<ConditionWire>? Conditions { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(VolumeWire))]
[JsonSerializable(typeof(ClaimWire))]
[JsonSerializable(typeof(StorageClassWire))]
[JsonSerializable(typeof(ConsumerWire))]
internal sealed partial class VolumeWireContext : JsonSerializerContext;
