using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Topology.Wire;

/// <summary>
/// Any object that the topology is discovered from, with the few fields that count. One type for all kinds, so that the
/// same rules hold for what the cluster sends and for the manifests of a repository.
/// </summary>
internal sealed class TopologyObjectWire : ObjectWire
{
    public TopologySpecWire? Spec { get; set; }

    /// <summary>The manifest that it was read from, relative to the repository; null for the cluster's.</summary>
    [JsonIgnore]
    public string? File { get; set; }
}

internal sealed class TopologySpecWire
{
    // Of a volume.
    public HostPathWire? HostPath { get; set; }

    public HostPathWire? Local { get; set; }

    public NfsWire? Nfs { get; set; }

    public List<string>? MountOptions { get; set; }

    public List<string>? AccessModes { get; set; }

    public ClaimReferenceWire? ClaimRef { get; set; }

    public VolumeAffinityWire? NodeAffinity { get; set; }

    // Of a claim.
    public string? VolumeName { get; set; }

    // Of a pod.
    public string? NodeName { get; set; }

    public Dictionary<string, string>? NodeSelector { get; set; }

    public AffinityWire? Affinity { get; set; }

    public List<PodVolumeWire>? Volumes { get; set; }

    public List<ContainerImageWire>? Containers { get; set; }

    // Of what makes pods.
    public TemplateWire? Template { get; set; }

    public TemplateWire? JobTemplate { get; set; }

    // Of a Flux Kustomization.
    public string? Path { get; set; }
}

internal sealed class ContainerImageWire
{
    public string? Image { get; set; }
}

internal sealed class TemplateWire
{
    public MetadataWire? Metadata { get; set; }

    public TopologySpecWire? Spec { get; set; }
}

// In manifests every scalar is read as text, also the generation that a dumped one may hold.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TopologyObjectWire))]
internal sealed partial class TopologyWireContext : JsonSerializerContext;
