using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>What is read besides of pods that are not well.</summary>
/// <param name="Warnings">Events of the kind Warning by what they are about, the newest first.</param>
/// <param name="LastWords">The last lines of the run before.</param>
/// <param name="Keys">Keys of ConfigMaps and Secrets.</param>
internal sealed record PodDetails(
    ILookup<ResourceReference, EventWire> Warnings,
    IReadOnlyDictionary<(ResourceReference Pod, string Container), IReadOnlyList<string>> LastWords,
    IReadOnlyDictionary<ResourceReference, IReadOnlySet<string>> Keys);
