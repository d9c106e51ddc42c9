using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>What every API server refuses of an object although its schema has no words for it.</summary>
internal static class ValueRules
{
    private static readonly Func<JsonObject, IEnumerable<FieldIssue>>[] OfObjects =
    [
        MetadataRules.Check, SelectorRules.Check, ServiceRules.Check, WorkloadRules.Check, StorageRules.Check, DataRules.Check, IngressRules.Check, FluxRules.Check,
    ];

    private static readonly Func<Field, IEnumerable<FieldIssue>>[] OfPods = [PodRules.Check, VolumeRules.Check, ContainerRules.Check, ProbeRules.Check];

    /// <summary>What is wrong, each field with its first mistake first.</summary>
    public static IEnumerable<FieldIssue> Check(JsonObject item)
    {
        var pod = PodTemplate.Of(item);
        var spec = pod?.Path.Aggregate(new Field(item), (field, step) => field[step]);
        return OfObjects.SelectMany(rule => rule(item)).Concat(WordRules.Check(item, pod)).Concat(spec is null ? [] : OfPods.SelectMany(rule => rule(spec)));
    }
}
