using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Tracing;
using LibGit2Sharp;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>Which sources of a cluster are a repository, and what their branches are at: the commits that the cluster has applied, where the clone has them.</summary>
internal sealed record CopiedBranches
{
    private const string Group = "source.toolkit.fluxcd.io";

    /// <summary>Addresses under which the cluster reads the repository.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Commits by branches.</summary>
    public required IReadOnlyDictionary<string, string> Commits { get; init; }

    /// <summary>The branch that is worked on.</summary>
    public required string Branch { get; init; }

    /// <summary>Branches of which the clone lacks what the cluster has applied.</summary>
    public required IReadOnlyList<string> Behind { get; init; }

    /// <summary>Finds them.</summary>
    /// <param name="copy">The cluster.</param>
    /// <param name="git">The clone.</param>
    /// <param name="head">What is checked out in it, or the newest commit of a remote.</param>
    /// <exception cref="HomelabException">DrillCopyOtherRepository: the cluster follows none of it.</exception>
    public static CopiedBranches Of(ClusterCopy copy, Repository git, Commit head)
    {
        var own = copy.Of(Group, "GitRepository").Where(source => IsOf(source, git)).OrderBy(source => (string?)source["metadata"]?["name"] != "flux-system").ToList();
        if (own.Count == 0)
        {
            throw Errors.DrillCopyOtherRepository(copy.Cluster, git.Info.WorkingDirectory ?? git.Info.Path);
        }

        var (commits, behind) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        foreach (var source in own)
        {
            var (branch, applied) = (BranchOf(source), AppliedOf(source));
            var known = applied is null ? null : Reachable(git, applied, head);
            if (commits.TryAdd(branch, (known ?? Tracked(git, branch) ?? head).Sha) && known is null && applied is not null)
            {
                behind.Add(branch);
            }
        }

        return new() { Addresses = [.. own.Select(AddressOf).Distinct(StringComparer.Ordinal)], Commits = commits, Branch = BranchOf(own[0]), Behind = behind };
    }

    /// <summary>Whether a source is the repository.</summary>
    public bool Has(JsonObject source) => (string?)source["kind"] == "GitRepository" && Addresses.Contains(AddressOf(source), StringComparer.Ordinal);

    /// <summary>Branches and commits, as Flux writes them.</summary>
    public override string ToString() => string.Join(", ", Commits.Select(commit => $"{commit.Key}@sha1:{commit.Value[..8]}"));

    private static string AddressOf(JsonObject source) => (string?)source["spec"]?["url"] ?? "";

    private static string? AppliedOf(JsonObject source) => GitOrigin.CommitOf((string?)source["status"]?["artifact"]?["revision"]);

    private static string BranchOf(JsonObject source) => (string?)source["spec"]?["ref"]?["branch"] ?? "master";

    private static bool IsOf(JsonObject source, Repository git) =>
        (AppliedOf(source) is { } applied && git.Lookup<Commit>(applied) is not null) || git.Network.Remotes.Any(remote => new GitOrigin(null, [AddressOf(source)]).IsAt(remote.Url));

    // A clone may have objects that none of its branches leads to, and these are not copied.
    private static Commit? Reachable(Repository git, string sha, Commit head) =>
        git.Lookup<Commit>(sha) is { } found && (git.ObjectDatabase.FindMergeBase(head, found)?.Sha == found.Sha || git.Refs.ReachableFrom([found]).Any()) ? found : null;

    private static Commit? Tracked(Repository git, string branch) =>
        git.Branches.FirstOrDefault(each => each.IsRemote && each.FriendlyName == $"{each.RemoteName}/{branch}")?.Tip ?? git.Branches[branch]?.Tip;
}
