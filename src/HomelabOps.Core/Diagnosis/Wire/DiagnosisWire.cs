using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes.Wire;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Diagnosis.Wire;

/// <summary>A pod with all that its troubles can come from.</summary>
internal sealed class DiagnosedPodWire : ObjectWire
{
    public DiagnosedSpecWire? Spec { get; set; }

    public PodStatusWire? Status { get; set; }
}

internal sealed class DiagnosedSpecWire
{
    public string? NodeName { get; set; }

    public string? ServiceAccountName { get; set; }

    public Dictionary<string, string>? NodeSelector { get; set; }

    public AffinityWire? Affinity { get; set; }

    public List<TolerationWire>? Tolerations { get; set; }

    public List<DiagnosedContainerWire>? Containers { get; set; }

    public List<DiagnosedContainerWire>? InitContainers { get; set; }

    public List<DiagnosedVolumeWire>? Volumes { get; set; }

    public List<NamedWire>? ImagePullSecrets { get; set; }

    public Dictionary<string, string>? Overhead { get; set; }

    public ResourcesWire? Resources { get; set; }
}

internal sealed class DiagnosedContainerWire
{
    public string Name { get; set; } = "";

    public string? Image { get; set; }

    public string? RestartPolicy { get; set; }

    public ResourcesWire? Resources { get; set; }

    public List<DiagnosedPortWire>? Ports { get; set; }

    public List<VariableWire>? Env { get; set; }

    public List<VariablesWire>? EnvFrom { get; set; }
}

/// <summary>A port, as far as it is one of the node.</summary>
internal sealed class DiagnosedPortWire
{
    public int HostPort { get; set; }

    public string? HostIP { get; set; }

    public string? Protocol { get; set; }
}

internal sealed class VariableWire
{
    public VariableSourceWire? ValueFrom { get; set; }
}

internal sealed class VariableSourceWire
{
    public KeyWire? ConfigMapKeyRef { get; set; }

    public KeyWire? SecretKeyRef { get; set; }
}

internal sealed class VariablesWire
{
    public KeyWire? ConfigMapRef { get; set; }

    public KeyWire? SecretRef { get; set; }
}

/// <summary>A ConfigMap or Secret, or a key of it.</summary>
internal sealed class KeyWire
{
    public string Name { get; set; } = "";

    public string? Key { get; set; }

    public bool? Optional { get; set; }
}

internal sealed class NamedWire
{
    public string Name { get; set; } = "";
}

internal sealed class DiagnosedVolumeWire
{
    public string Name { get; set; } = "";

    public HostPathWire? HostPath { get; set; }

    public NfsWire? Nfs { get; set; }

    public PodClaimWire? PersistentVolumeClaim { get; set; }

    public EphemeralWire? Ephemeral { get; set; }

    public ConfigMapVolumeWire? ConfigMap { get; set; }

    public SecretVolumeWire? Secret { get; set; }

    public ProjectedWire? Projected { get; set; }
}

internal sealed class ConfigMapVolumeWire
{
    public string Name { get; set; } = "";

    public bool? Optional { get; set; }

    public List<ItemWire>? Items { get; set; }
}

internal sealed class SecretVolumeWire
{
    public string SecretName { get; set; } = "";

    public bool? Optional { get; set; }

    public List<ItemWire>? Items { get; set; }
}

internal sealed class ItemWire
{
    public string Key { get; set; } = "";
}

internal sealed class ProjectedWire
{
    public List<ProjectionWire>? Sources { get; set; }
}

internal sealed class ProjectionWire
{
    public ConfigMapVolumeWire? ConfigMap { get; set; }

    public ConfigMapVolumeWire? Secret { get; set; }
}

/// <summary>A Job, as far as it tells how it ended.</summary>
internal sealed class JobWire : ObjectWire
{
    public JobStatusWire? Status { get; set; }
}

internal sealed class JobStatusWire
{
    public List<ConditionWire>? Conditions { get; set; }
}

/// <summary>The keys of a ConfigMap or Secret; their values are skipped while they are read.</summary>
internal sealed class KeysWire : ObjectWire
{
    public Dictionary<string, SkippedWire>? Data { get; set; }

    public Dictionary<string, SkippedWire>? BinaryData { get; set; }
}

/// <summary>A value that nobody keeps.</summary>
[JsonConverter(typeof(SkippedConverter))]
internal sealed class SkippedWire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DiagnosedPodWire))]
[JsonSerializable(typeof(WorkloadWire))]
[JsonSerializable(typeof(JobWire))]
[JsonSerializable(typeof(KeysWire))]
[JsonSerializable(typeof(LeaseWire))]
[JsonSerializable(typeof(ServiceWire))]
[JsonSerializable(typeof(EndpointsWire))]
[JsonSerializable(typeof(IngressWire))]
[JsonSerializable(typeof(MiddlewareWire))]
[JsonSerializable(typeof(AddressPoolWire))]
[JsonSerializable(typeof(TlsSecretWire))]
[JsonSerializable(typeof(NamespaceWire))]
internal sealed partial class DiagnosisWireContext : JsonSerializerContext;

/// <summary>The lease of a node, by which its kubelet says that it lives.</summary>
internal sealed class LeaseWire : ObjectWire
{
    public LeaseSpecWire? Spec { get; set; }
}

internal sealed class LeaseSpecWire
{
    public DateTimeOffset? RenewTime { get; set; }
}
