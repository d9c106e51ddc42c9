using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Mounts.Wire;

internal sealed class MountPodWire : ObjectWire
{
    public MountPodSpecWire? Spec { get; set; }

    public MountPodStatusWire? Status { get; set; }
}

internal sealed class MountPodSpecWire
{
    public string? NodeName { get; set; }

    public List<PodVolumeWire>? Volumes { get; set; }

    public List<MountContainerWire>? Containers { get; set; }
}

internal sealed class MountContainerWire
{
    public string Name { get; set; } = "";

    public List<MountPlaceWire>? VolumeMounts { get; set; }
}

internal sealed class MountPlaceWire
{
    public string Name { get; set; } = "";

    public string MountPath { get; set; } = "";

    public string? SubPath { get; set; }
}

internal sealed class MountPodStatusWire
{
    public string? Phase { get; set; }

    public List<MountStatusWire>? ContainerStatuses { get; set; }
}

internal sealed class MountStatusWire
{
    public string Name { get; set; } = "";

    [JsonPropertyName("containerID")]
    public string? ContainerId { get; set; }
}

internal sealed class MountPersistentVolumeWire : ObjectWire
{
    public MountPersistentVolumeSpecWire? Spec { get; set; }
}

internal sealed class MountPersistentVolumeSpecWire
{
    public HostPathWire? HostPath { get; set; }

    public HostPathWire? Local { get; set; }

    public NfsWire? Nfs { get; set; }

    public ClaimReferenceWire? ClaimRef { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(MountPodWire))]
[JsonSerializable(typeof(MountPersistentVolumeWire))]
internal sealed partial class MountWireContext : JsonSerializerContext;
