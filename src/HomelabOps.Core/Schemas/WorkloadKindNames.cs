namespace HomelabOps.Core.Schemas;

/// <summary>What kubectl calls the kinds that make pods: their plurals and short names, in any case.</summary>
internal static class WorkloadKindNames
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["deployment"] = "Deployment",
        ["deployments"] = "Deployment",
        ["deploy"] = "Deployment",
        ["statefulset"] = "StatefulSet",
        ["statefulsets"] = "StatefulSet",
        ["sts"] = "StatefulSet",
        ["daemonset"] = "DaemonSet",
        ["daemonsets"] = "DaemonSet",
        ["ds"] = "DaemonSet",
        ["cronjob"] = "CronJob",
        ["cronjobs"] = "CronJob",
        ["cj"] = "CronJob",
    };

    /// <summary>The name of an application with its kind as Kubernetes spells it. Of two parts the first is a kind when one is called so, else a namespace.</summary>
    public static ResourcePattern Spell(ResourcePattern name) => name switch
    {
        { Cluster: not null } => name,
        { Kind: { } kind } when Kinds.TryGetValue(kind, out var own) && own != kind => new(string.IsNullOrEmpty(name.Namespace) ? $"{own}/{name.Name}" : $"{own}/{name.Namespace}/{name.Name}"),
        { Kind: null, Namespace: { } word } when Kinds.TryGetValue(word, out var meant) => new($"{meant}/{name.Name}"),
        _ => name,
    };
}
