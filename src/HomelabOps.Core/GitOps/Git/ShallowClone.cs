using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>
/// Where the history of a shallow clone was cut off. libgit2 shows the commits there without parents, as if each had made all of
/// its files.
/// </summary>
internal static class ShallowClone
{
    /// <summary>The commits whose parents are missing; none in a complete clone.</summary>
    public static IReadOnlySet<string> Ends(Repository repository)
    {
        var file = Path.Combine(repository.Info.Path, "shallow");
        return repository.Info.IsShallow && File.Exists(file)
            ? File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0).ToHashSet(StringComparer.Ordinal)
            : System.Collections.Frozen.FrozenSet<string>.Empty;
    }
}
