using System.Text;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>One or several kubeconfig files, merged as kubectl does.</summary>
public sealed class KubeConfig
{
    private readonly Dictionary<string, KubeContext> _contexts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeConfigNode> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeConfigNode> _users = new(StringComparer.Ordinal);

    private KubeConfig(IReadOnlyList<string> paths) => Paths = paths;

    /// <summary>The files that exist, in order of precedence.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The context that is used when none is named; null when none is set.</summary>
    public string? CurrentContext { get; private set; }

    /// <summary>The contexts by name.</summary>
    public IReadOnlyDictionary<string, KubeContext> Contexts => _contexts;

    /// <summary>The names of the clusters.</summary>
    public IReadOnlyCollection<string> ClusterNames => _clusters.Keys;

    /// <summary>The names of the users.</summary>
    public IReadOnlyCollection<string> UserNames => _users.Keys;

    internal IReadOnlyDictionary<string, KubeConfigNode> Clusters => _clusters;

    internal IReadOnlyDictionary<string, KubeConfigNode> Users => _users;

    /// <summary>Finds the kubeconfig: named by the user, KUBECONFIG, the home folder, k3s, the pod's service account.</summary>
    /// <exception cref="HomelabException">KubeConfigNotFound.</exception>
    public static KubeConfigLocation Find(string? explicitPath) => Find(explicitPath, KubeConfigEnvironment.Current);

    /// <summary>As <see cref="Find(string?)"/>, in an environment that is given.</summary>
    /// <exception cref="HomelabException">KubeConfigNotFound.</exception>
    public static KubeConfigLocation Find(string? explicitPath, KubeConfigEnvironment environment)
    {
        if (!string.IsNullOrWhiteSpace(explicitPath))
        {
            return new KubeConfigLocation(KubeConfigSource.Explicit, [Path.GetFullPath(explicitPath, environment.WorkingFolder)]);
        }

        // As in kubectl, a KUBECONFIG that leads nowhere is not replaced by another file: that could be another cluster.
        if (environment.GetVariable("KUBECONFIG") is { } list && SplitPaths(list, environment.WorkingFolder) is { Count: > 0 } paths)
        {
            return new KubeConfigLocation(KubeConfigSource.EnvironmentVariable, paths);
        }

        string home = Path.Combine(environment.Home, ".kube", "config");
        if (File.Exists(home))
        {
            return new KubeConfigLocation(KubeConfigSource.Home, [home]);
        }

        if (File.Exists(environment.K3sPath))
        {
            return new KubeConfigLocation(KubeConfigSource.K3s, [environment.K3sPath]);
        }

        string token = Path.Combine(environment.ServiceAccountDirectory, "token");
        return !string.IsNullOrEmpty(environment.GetVariable("KUBERNETES_SERVICE_HOST")) && File.Exists(token)
            ? new KubeConfigLocation(KubeConfigSource.InCluster, [])
            : throw Errors.KubeConfigNotFound(["KUBECONFIG", home, environment.K3sPath, token]);
    }

    /// <summary>Reads and merges the files: the first one wins for each name and for the current context; missing ones are skipped.</summary>
    /// <exception cref="HomelabException">KubeConfigNotFound when none exists, KubeConfigInvalid, KubeConfigUnreadable.</exception>
    public static KubeConfig Load(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.FirstOrDefault(Directory.Exists) is { } folder)
        {
            throw Errors.KubeConfigIsFolder(folder);
        }

        List<string> existing = [.. paths.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).Where(File.Exists)];
        if (existing.Count == 0)
        {
            throw Errors.KubeConfigNotFound(paths);
        }

        var config = new KubeConfig(existing);
        foreach (string path in existing)
        {
            config.Add(path);
        }

        return config;
    }

    private static List<string> SplitPaths(string list, string folder) =>
        [.. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(path => Path.GetFullPath(path.Trim('"'), folder))];

    private void Add(string path)
    {
        KubeConfigNode? root;
        try
        {
            using var text = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            root = KubeConfigReader.Read(text, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Errors.KubeConfigUnreadable(path, exception);
        }

        if (root is null || root.IsNull)
        {
            return;
        }

        if (root.Map is null)
        {
            throw root.Invalid(Errors.Text("Detail_Root"));
        }

        if (root.GetText("kind") is { } kind && kind != "Config")
        {
            throw root.Invalid("kind", Errors.Text("Detail_Kind", kind));
        }

        CurrentContext ??= root.GetText("current-context");
        Merge(root, "clusters", "cluster", _clusters, static (_, node) => node);
        Merge(root, "users", "user", _users, static (_, node) => node);
        Merge(root, "contexts", "context", _contexts, static (name, node) =>
            new KubeContext(name, node.GetText("cluster") ?? "", node.GetText("user") ?? "", node.GetText("namespace")));
    }

    private static void Merge<T>(KubeConfigNode root, string list, string item, Dictionary<string, T> into, Func<string, KubeConfigNode, T> make)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (KubeConfigNode entry in root.GetItems(list))
        {
            if (entry.Map is null)
            {
                throw entry.Invalid(Errors.Text("Detail_Mapping", list));
            }

            string name = entry.GetText("name") ?? throw entry.Invalid(Errors.Text("Detail_NameMissing", list));

            // Within one file a name that occurs twice is an error, as in kubectl: which one is meant cannot be known.
            if (!seen.Add(name))
            {
                throw entry.Invalid("name", Errors.Text("Detail_DuplicateName", name, list));
            }

            into.TryAdd(name, make(name, entry.GetMap(item) ?? entry));
        }
    }
}
