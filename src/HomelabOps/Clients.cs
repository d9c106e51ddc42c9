using System.Collections.Concurrent;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;

namespace HomelabOps;

/// <summary>One client for each cluster and kubeconfig of this process, so that connections and tokens are used again.</summary>
internal static class Clients
{
    private static readonly ConcurrentDictionary<Key, ClusterClient> Open = new();
    private static readonly Lock Naming = new();

    /// <summary>The clients for what was typed: the session's where it fits, else those of the kubeconfig.</summary>
    /// <param name="kubeConfig">Absolute path of the kubeconfig; null when none was typed.</param>
    /// <param name="contexts">Contexts as typed, or the cluster of a record.</param>
    /// <param name="ofRecord">The name comes from a record: it leads back to the client that the record was read with.</param>
    /// <param name="environment">Where kubeconfigs are looked for.</param>
    public static IReadOnlyList<Target> ForCmdlet(string? kubeConfig, IReadOnlyList<string> contexts, bool ofRecord, KubeConfigEnvironment environment)
    {
        var session = kubeConfig is null ? Session.Default : null;
        if (session is not null && (contexts.Count == 0 || contexts is [var name] && name == session.Connection.Name))
        {
            return [new Target(session.Client, null)];
        }

        if (kubeConfig is null && ofRecord && contexts is [var cluster]
            && Open.Where(open => open.Value.Name == cluster).OrderByDescending(open => open.Key.Written).Select(open => open.Value).FirstOrDefault() is { } known)
        {
            return [new Target(known, null)];
        }

        return Find(session?.Location ?? KubeConfig.Find(kubeConfig, environment), contexts, environment);
    }

    /// <summary>Whether all of these are clusters that records of this process were read from.</summary>
    public static bool IsKnown(IReadOnlyList<string> clusters) => clusters.All(cluster => Open.Values.Any(client => client.Name == cluster));

    /// <summary>The clients of the contexts that the patterns name; of the current context when there are none.</summary>
    /// <param name="location">Where the kubeconfig is.</param>
    /// <param name="contexts">Names of contexts, with wildcards; empty for the current one.</param>
    /// <param name="environment">Where kubeconfigs are looked for.</param>
    public static IReadOnlyList<Target> Find(KubeConfigLocation location, IReadOnlyList<string> contexts, KubeConfigEnvironment environment)
    {
        if (location.IsInCluster)
        {
            return [Try(() => Open.GetOrAdd(new Key("", "", default), _ => new ClusterClient(ClusterEndpoint.InCluster())))];
        }

        var config = KubeConfig.Load(location.Paths);
        return [.. Expand(config, location, contexts).Select(context => Try(() => Get(config, location, context, environment))).DistinctBy(target => (object?)target.Client ?? target)];
    }

    /// <summary>Closes the connections to a cluster that has ended, for good.</summary>
    public static void Forget(ClusterClient client)
    {
        foreach (var (key, _) in Open.Where(open => open.Value == client))
        {
            Open.TryRemove(key, out _);
        }

        client.Dispose();
    }

    /// <summary>The same, of a kubeconfig that no session has taken over, and ends the cluster.</summary>
    public static void Forget(string kubeConfig, IDisposable cluster)
    {
        Open.Where(open => open.Key.Paths == kubeConfig).Select(open => open.Value).ToList().ForEach(Forget);
        cluster.Dispose();
    }

    private static Target Try(Func<ClusterClient> open)
    {
        try
        {
            return new Target(open(), null);
        }
        catch (HomelabException error)
        {
            return new Target(null, error);
        }
    }

    private static ClusterClient Get(KubeConfig config, KubeConfigLocation location, string? context, KubeConfigEnvironment environment)
    {
        // A kubeconfig that was written anew (another token, another address) makes another client.
        var key = new Key(string.Join('\n', location.Paths), context ?? config.CurrentContext ?? "", LastWritten(location.Paths));
        if (Open.TryGetValue(key, out var known))
        {
            return known;
        }

        lock (Naming)
        {
            var endpoint = ClusterEndpoint.Resolve(config, context);

            // What was made for the file as it was before is no longer wanted; whoever still reads with it may end.
            foreach (var older in Open.Keys.Where(other => other.Paths == key.Paths && other.Context == key.Context))
            {
                Open.TryRemove(older, out _);
            }

            return Open.GetOrAdd(key, _ => IsTaken(endpoint.Name, key, location, environment)
                ? new ClusterClient(endpoint) { Name = $"{endpoint.Name}@{endpoint.Server.Authority}" }
                : new ClusterClient(endpoint));
        }
    }

    private static DateTime LastWritten(IEnumerable<string> paths)
    {
        var last = DateTime.MinValue;
        foreach (var path in paths.Where(File.Exists))
        {
            var written = File.GetLastWriteTimeUtc(path);
            last = written > last ? written : last;
        }

        return last;
    }

    // Every k3s calls its context "default". Records say by a name which cluster they are of, so within a process a name
    // belongs to the kubeconfig that is used without naming it, and otherwise to whoever came first.
    private static bool IsTaken(string name, Key key, KubeConfigLocation location, KubeConfigEnvironment environment)
    {
        if (Open.Any(other => other.Value.Name == name && other.Key.Paths != key.Paths))
        {
            return true;
        }

        try
        {
            var usual = Session.Default?.Location ?? KubeConfig.Find(null, environment);
            return !usual.IsInCluster && !usual.Paths.SequenceEqual(location.Paths) && KubeConfig.Load(usual.Paths).Contexts.ContainsKey(name);
        }
        catch (HomelabException)
        {
            // No usual kubeconfig, or one that cannot be read, takes no names.
            return false;
        }
    }

    private static IEnumerable<string?> Expand(KubeConfig config, KubeConfigLocation location, IReadOnlyList<string> contexts)
    {
        foreach (var pattern in contexts.DefaultIfEmpty(null))
        {
            if (!ResourcePattern.HasWildcard(pattern))
            {
                yield return pattern;
                continue;
            }

            var matches = config.Contexts.Keys.Where(name => ResourcePattern.Matches(pattern!, name)).Order(StringComparer.Ordinal).ToList();
            if (matches.Count == 0)
            {
                // Reading no cluster at all is hardly what was meant.
                throw Core.Errors.ContextNotFound(pattern, config.Contexts.Keys, location.Paths);
            }

            foreach (var match in matches)
            {
                yield return match;
            }
        }
    }

    /// <summary>A cluster to read from, or why it cannot be.</summary>
    internal sealed record Target(ClusterClient? Client, HomelabException? Failure);

    // A class: the framework has code for dictionaries of references, those of our own structs would be compiled at the first call.
    private sealed record Key(string Paths, string Context, DateTime Written);
}
