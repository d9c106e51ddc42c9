namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Where a person would put a new key or item.</summary>
internal static class KeyOrder
{
    // Each the order in which manifests usually have these keys. A key is put behind the last one that comes before it.
    private static readonly string[][] Usual =
    [
        ["apiVersion", "kind", "metadata", "type", "spec", "data", "stringData", "status"],
        ["name", "namespace", "labels", "annotations"],
        ["name", "image", "repository", "tag", "digest", "imagePullPolicy", "pullPolicy", "command", "args", "workingDir", "env", "envFrom", "ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "probes", "lifecycle", "securityContext", "volumeMounts"],
        ["replicas", "revisionHistoryLimit", "minReadySeconds", "strategy", "updateStrategy", "serviceName", "selector", "template", "volumeClaimTemplates"],
        ["requests", "limits"],
        ["cpu", "memory", "ephemeral-storage"],
        ["apiVersion", "kind", "namespace", "namePrefix", "nameSuffix", "resources", "components", "configMapGenerator", "secretGenerator", "labels", "images", "replicas", "patches", "replacements"],
        ["nodeSelector", "affinity", "tolerations", "securityContext", "initContainers", "containers", "volumes"],
        ["name", "newName", "newTag", "digest"],
        ["name", "count"],
    ];

    /// <summary>Where among the keys of a mapping a new one belongs.</summary>
    public static int IndexOf(IReadOnlyList<string> keys, string key)
    {
        if (IsSorted(keys))
        {
            return Before(keys, key);
        }

        // The order that knows most of what is there.
        var order = Usual.Where(order => order.Contains(key)).MaxBy(order => keys.Count(order.Contains));
        if (order is null)
        {
            return keys.Count;
        }

        var rank = Array.IndexOf(order, key);
        for (var index = keys.Count - 1; index >= 0; index--)
        {
            if (Array.IndexOf(order, keys[index]) is var present and >= 0 && present < rank)
            {
                return index + 1;
            }
        }

        return keys.Any(order.Contains) ? keys.TakeWhile(present => !order.Contains(present)).Count() : keys.Count;
    }

    /// <summary>Where among the items of a list a new one belongs; behind the last where they have no order.</summary>
    public static int IndexOfItem(IReadOnlyList<string?> items, string? item) =>
        item is not null && items.All(present => present is not null) && IsSorted(items!) ? Before(items!, item) : items.Count;

    private static int Before(IReadOnlyList<string> sorted, string key) => sorted.TakeWhile(present => string.CompareOrdinal(present, key) < 0).Count();

    private static bool IsSorted(IReadOnlyList<string> keys) => keys.Count > 2 && keys.Zip(keys.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0);
}
