using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Which commit a GitRepository asks for. Of several fields the most exact one counts, as with Flux.</summary>
internal sealed record GitReference(string Branch, string Tag, string Semver, string Name, string Commit)
{
    public static GitReference Of(JsonObject item)
    {
        var reference = item["spec"]?["ref"];
        return new(Cells.Text(reference, "branch"), Cells.Text(reference, "tag"), Cells.Text(reference, "semver"), Cells.Text(reference, "name"), Cells.Text(reference, "commit"));
    }

    /// <summary>The commit; null when the repository does not have it.</summary>
    public Commit? Find(Repository repository) =>
        Commit.Length > 0 ? repository.Lookup<Commit>(Commit)
        : Name.Length > 0 ? repository.Refs[Name]?.ResolveToDirectReference()?.Target.Peel<Commit>()
        : Semver.Length > 0 ? Newest(repository)?.Target.Peel<Commit>()
        : Tag.Length > 0 ? repository.Tags[Tag]?.Target.Peel<Commit>()
        : repository.Branches[BranchName]?.Tip;

    /// <summary>The revision as Flux writes it: <c>main@sha1:…</c>.</summary>
    public string Revision(string sha, Func<string, string?> tagOf) =>
        Commit.Length > 0 ? (Branch.Length > 0 ? $"{Branch}@sha1:{sha}" : $"sha1:{sha}")
        : Name.Length > 0 ? $"{Name}@sha1:{sha}"
        : Semver.Length > 0 ? $"{tagOf(sha)}@sha1:{sha}"
        : Tag.Length > 0 ? $"{Tag}@sha1:{sha}"
        : $"{BranchName}@sha1:{sha}";

    public override string ToString() =>
        Commit.Length > 0 ? Commit : Name.Length > 0 ? Name : Semver.Length > 0 ? Semver : Tag.Length > 0 ? "refs/tags/" + Tag : "refs/heads/" + BranchName;

    private string BranchName => Branch.Length > 0 ? Branch : "master";

    private Tag? Newest(Repository repository) => repository.Tags
        .Select(tag => (Tag: tag, Version: VersionRange.Parse(tag.FriendlyName)))
        .Where(item => item.Version is { } version && VersionRange.Contains(Semver, version))
        .OrderByDescending(item => item.Version).Select(item => item.Tag).FirstOrDefault();
}
