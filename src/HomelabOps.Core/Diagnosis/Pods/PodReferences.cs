using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>ConfigMaps, Secrets and so on that a pod names and cannot start without.</summary>
/// <param name="Object">What it names.</param>
/// <param name="Key">A key of it that it needs; null where it takes all.</param>
/// <param name="ForImages">It is needed to pull images only; without it pulling is tried all the same.</param>
internal sealed record PodReferences(ResourceReference Object, string? Key, bool ForImages = false)
{
    /// <summary>What a pod names. What is optional is left out.</summary>
    public static IEnumerable<PodReferences> Of(PodFacts pod)
    {
        var spec = pod.Wire.Spec ?? new();
        var containers = (spec.InitContainers ?? []).Concat(spec.Containers ?? []).ToList();
        return containers.SelectMany(container => container.Env ?? []).SelectMany(variable => new[] { Keyed(pod, "ConfigMap", variable.ValueFrom?.ConfigMapKeyRef), Keyed(pod, "Secret", variable.ValueFrom?.SecretKeyRef) })
            .Concat(containers.SelectMany(container => container.EnvFrom ?? []).SelectMany(all => new[] { Keyed(pod, "ConfigMap", all.ConfigMapRef), Keyed(pod, "Secret", all.SecretRef) }))
            .Concat((spec.Volumes ?? []).SelectMany(volume => Mounted(pod, volume)))
            .Concat((spec.ImagePullSecrets ?? []).Select(secret => Named(pod, "Secret", secret.Name) with { ForImages = true }))
            .OfType<PodReferences>().Where(reference => reference.Object.Name.Length > 0).Distinct();
    }

    private static PodReferences? Keyed(PodFacts pod, string kind, KeyWire? key) => key is null or { Optional: true } ? null : Named(pod, kind, key.Name) with { Key = key.Key };

    private static IEnumerable<PodReferences?> Mounted(PodFacts pod, DiagnosedVolumeWire volume)
    {
        var sources = (volume.Projected?.Sources ?? []).SelectMany(source => new[] { ("ConfigMap", source.ConfigMap), ("Secret", source.Secret) }).Append(("ConfigMap", volume.ConfigMap));
        var secret = volume.Secret is { } named ? new ConfigMapVolumeWire { Name = named.SecretName, Optional = named.Optional, Items = named.Items } : null;
        return sources.Append(("Secret", secret)).SelectMany(source => Items(pod, source.Item1, source.Item2));
    }

    private static IEnumerable<PodReferences> Items(PodFacts pod, string kind, ConfigMapVolumeWire? source) => source switch
    {
        null or { Optional: true } => [],
        { Items: { Count: > 0 } items } => items.Select(item => Named(pod, kind, source.Name) with { Key = item.Key }),
        _ => [Named(pod, kind, source.Name)],
    };

    private static PodReferences Named(PodFacts pod, string kind, string name) => new(pod.Reference with { Kind = kind, Name = name }, null);
}
