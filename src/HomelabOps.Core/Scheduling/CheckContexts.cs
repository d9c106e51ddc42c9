using HomelabOps.Core.Kubernetes.Configuration;

namespace HomelabOps.Core.Scheduling;

/// <summary>Binds a check to clusters: a kubeconfig may have another current context by the time that it runs.</summary>
internal static class CheckContexts
{
    /// <summary>The contexts that are meant.</summary>
    /// <param name="kubeConfig">The kubeconfig; null within a pod, which has one cluster.</param>
    /// <param name="typed">Names of contexts, with wildcards; empty for the current one.</param>
    /// <exception cref="HomelabException">ContextNotFound, and those of a kubeconfig that cannot be read.</exception>
    public static IReadOnlyList<string> Bind(string? kubeConfig, IReadOnlyList<string> typed)
    {
        if (kubeConfig is null)
        {
            return typed;
        }

        var config = KubeConfig.Load([kubeConfig]);
        return [.. typed.DefaultIfEmpty(config.CurrentContext ?? "").Select(name => IsThere(config, name) ? name : throw Errors.ContextNotFound(name, config.Contexts.Keys, config.Paths))];
    }

    private static bool IsThere(KubeConfig config, string name) => name.Length > 0
        && (config.Contexts.ContainsKey(name) || (ResourcePattern.HasWildcard(name) && config.Contexts.Keys.Any(known => ResourcePattern.Matches(name, known))));
}
