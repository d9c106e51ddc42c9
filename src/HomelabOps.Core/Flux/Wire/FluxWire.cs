using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Flux.Wire;

/// <summary>What all kinds of Flux have in common.</summary>
internal abstract class FluxWire : ObjectWire
{
    [JsonIgnore]
    public abstract FluxSpecWire? CommonSpec { get; }

    [JsonIgnore]
    public abstract FluxStatusWire? CommonStatus { get; }
}

internal class FluxSpecWire
{
    public bool Suspend { get; set; }

    public string? Interval { get; set; }
}

internal class FluxStatusWire
{
    public List<ConditionWire>? Conditions { get; set; }

    public long? ObservedGeneration { get; set; }

    public string? LastHandledReconcileAt { get; set; }
}

internal sealed class FluxReferenceWire
{
    public string? Kind { get; set; }

    public string Name { get; set; } = "";

    public string? Namespace { get; set; }
}

/// <summary>A kind of which only the common part is shown: images and notifications.</summary>
internal sealed class FluxOtherWire : FluxWire
{
    public FluxSpecWire? Spec { get; set; }

    public FluxStatusWire? Status { get; set; }

    public override FluxSpecWire? CommonSpec => Spec;

    public override FluxStatusWire? CommonStatus => Status;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(FluxOtherWire))]
[JsonSerializable(typeof(KustomizationWire))]
[JsonSerializable(typeof(HelmReleaseWire))]
[JsonSerializable(typeof(SourceWire))]
internal sealed partial class FluxWireContext : JsonSerializerContext
{
    /// <summary>Makes now what reading the first object would else wait for.</summary>
    public static void Prepare()
    {
        Default.KustomizationWire.MakeReadOnly();
        Default.HelmReleaseWire.MakeReadOnly();
        Default.SourceWire.MakeReadOnly();
        Default.FluxOtherWire.MakeReadOnly();
    }
}
