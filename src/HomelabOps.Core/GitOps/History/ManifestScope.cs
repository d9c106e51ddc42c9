using System.IO.Enumeration;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Which files are meant: those of applications, and those of paths. The past has files that no index of the present knows, so names alone tell.</summary>
/// <param name="Apps">Names of applications, with wildcards; empty for all.</param>
/// <param name="Paths">Files and folders of the repository, with wildcards; empty for all.</param>
internal sealed record ManifestScope(IReadOnlyList<string> Apps, IReadOnlyList<string> Paths)
{
    // What stands beside the application in names of files, such as pv-sonarr-backup.yaml. Another word means another application.
    private static readonly HashSet<string> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        "app", "backup", "claim", "config", "configmap", "cronjob", "data", "deployment", "destination", "externalsecret", "helmrelease", "hr", "ingress", "job", "ks", "kustomization", "media", "namespace", "networkpolicy", "policy", "primary",
        "pv", "pvc", "rbac", "release", "replication", "rs", "rd", "secondary", "secret", "service", "source", "statefulset", "storage", "svc", "syncthing", "values", "volsync", "volume", "volumes",
    };

    /// <summary>Whether a file or folder is meant.</summary>
    public bool Has(string path) =>
        (Apps.Count == 0 || Apps.Any(app => IsOf(path, app)))
        && (Paths.Count == 0 || Paths.Any(wanted => Is(path, wanted) || path.StartsWith(wanted.TrimEnd('/') + "/", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Apps.Concat(Paths));

    // A folder of its name, or a file of its name and of words that say what it is for it.
    private static bool IsOf(string path, string app)
    {
        var parts = path.Split('/');
        if (Array.Exists(parts, part => Is(part, app)))
        {
            return true;
        }

        var words = Path.GetFileNameWithoutExtension(parts[^1]).Split('-');
        return Enumerable.Range(0, words.Length).Any(first => Enumerable.Range(1, words.Length - first).Any(count =>
            Is(string.Join('-', words.Skip(first).Take(count)), app) && words.Where((_, index) => index < first || index >= first + count).All(Roles.Contains)));
    }

    private static bool Is(string text, string pattern) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
