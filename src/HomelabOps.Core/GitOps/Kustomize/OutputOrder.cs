namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The order of kustomize's older versions: what others need comes first.</summary>
internal sealed class OutputOrder : IComparer<ResourceId>
{
    private static readonly string[] DefaultFirst =
    [
        "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount", "PodSecurityPolicy", "Role", "ClusterRole", "RoleBinding",
        "ClusterRoleBinding", "ConfigMap", "Secret", "Endpoints", "Service", "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim",
        "Deployment", "StatefulSet", "CronJob", "PodDisruptionBudget",
    ];

    private static readonly string[] DefaultLast = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    private readonly Dictionary<string, int> _ranks = new(StringComparer.Ordinal);

    /// <summary>The order with kinds of one's own at the start and the end; both null: kustomize's.</summary>
    public OutputOrder(IReadOnlyList<string>? first, IReadOnlyList<string>? last)
    {
        if (first is null && last is null)
        {
            (first, last) = (DefaultFirst, DefaultLast);
        }

        for (var index = 0; index < first?.Count; index++)
        {
            _ranks[first[index]] = index - first.Count;
        }

        for (var index = 0; index < last?.Count; index++)
        {
            _ranks[last[index]] = index + 1;
        }
    }

    /// <inheritdoc/>
    public int Compare(ResourceId x, ResourceId y)
    {
        if ((x.Group, x.Version, x.Kind) == (y.Group, y.Version, y.Kind))
        {
            return string.CompareOrdinal(Full(x), Full(y));
        }

        var ranks = _ranks.GetValueOrDefault(x.Kind).CompareTo(_ranks.GetValueOrDefault(y.Kind));
        if (ranks != 0)
        {
            return ranks;
        }

        var types = string.CompareOrdinal(Type(x), Type(y));
        return x.Kind == "Namespace" && y.Kind == "Namespace" && (x.Group.Length == 0 || y.Group.Length == 0) ? -types : types;
    }

    // ~ sorts after all letters, so what has no group comes last.
    private static string Type(ResourceId id) => $"{Or(id.Group, "~G")}_{Or(id.Version, "~V")}_{Or(id.Kind, "~K")}";

    private static string Full(ResourceId id) => $"{Or(id.Namespace, "~X")}|{Or(id.Name, "~N")}";

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;
}
