using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>The annotations or labels of single objects that tell kustomize-controller what not to do with them.</summary>
internal static class FluxMarks
{
    private const string Prefix = FluxKind.KustomizeGroup + "/";

    /// <summary>It is neither applied nor deleted.</summary>
    public static bool IsLeftAlone(JsonObject? item) => Has(item, "reconcile", "disabled") || Has(item, "ssa", "Ignore");

    /// <summary>It is created and then never changed.</summary>
    public static bool IsCreatedOnly(JsonObject? item) => Has(item, "ssa", "IfNotPresent");

    /// <summary>What other clients added stays.</summary>
    public static bool IsMerged(JsonObject? item) => Has(item, "ssa", "Merge");

    /// <summary>It may be deleted and created anew.</summary>
    public static bool IsForced(JsonObject? item) => Has(item, "force", "enabled");

    /// <summary>It stays when the manifests no longer have it.</summary>
    public static bool IsKept(JsonObject? item) => Has(item, "prune", "disabled") || Has(item, "reconcile", "disabled");

    private static bool Has(JsonObject? item, string mark, string value)
    {
        return Is("annotations") || Is("labels");

        bool Is(string field) => string.Equals(Scalars.Text((item?["metadata"]?[field] as JsonObject)?[Prefix + mark]), value, StringComparison.OrdinalIgnoreCase);
    }
}
