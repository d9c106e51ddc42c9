using HomelabOps.Core.Drills.Copying;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Copying;

/// <summary>A bare repository with the branches that a cluster follows, and a clone of it. Neither knows an address of the repository that they were made of, so nothing can be pushed there.</summary>
internal sealed class CopiedRepository
{
    private const string Source = "source";
    private const string Fetched = "refs/fetched/";
    private const string OwnerName = "Homelab Owner";
    private const string OwnerMail = "owner@home.arpa";

    private CopiedRepository(string remote, string clone) => (RemotePath, ClonePath) = (remote, clone);

    /// <summary>The bare repository, which Flux reads and the clone pushes to.</summary>
    public string RemotePath { get; }

    /// <summary>The working copy.</summary>
    public string ClonePath { get; }

    /// <summary>Copies a repository.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="git">The repository; it is only read.</param>
    /// <param name="branches">What is copied.</param>
    public static CopiedRepository Create(string folder, Repository git, CopiedBranches branches)
    {
        var made = new CopiedRepository(Path.Combine(folder, "homelab.git"), Path.Combine(folder, "homelab"));
        Repository.Init(made.RemotePath, isBare: true);
        using (var remote = new Repository(made.RemotePath))
        {
            remote.Network.Remotes.Add(Source, git.Info.WorkingDirectory ?? git.Info.Path);
            Commands.Fetch(remote, Source, [$"+refs/heads/*:{Fetched}heads/*", $"+refs/remotes/*:{Fetched}remotes/*", $"+HEAD:{Fetched}head", "+refs/tags/*:refs/tags/*"], new FetchOptions { TagFetchMode = TagFetchMode.None }, null);
            remote.Network.Remotes.Remove(Source);
            foreach (var (branch, commit) in branches.Commits)
            {
                remote.Refs.Add($"refs/heads/{branch}", new ObjectId(commit));
            }

            foreach (var reference in remote.Refs.FromGlob(Fetched + "*").ToList())
            {
                remote.Refs.Remove(reference);
            }

            remote.Refs.UpdateTarget("HEAD", $"refs/heads/{branches.Branch}");
        }

        // It says where all came from.
        File.Delete(Path.Combine(made.RemotePath, "FETCH_HEAD"));
        Repository.Clone(made.RemotePath, made.ClonePath);
        using var clone = new Repository(made.ClonePath);
        if (clone.Config.Get<string>("user.name") is null || clone.Config.Get<string>("user.email") is null)
        {
            clone.Config.Set("user.name", OwnerName);
            clone.Config.Set("user.email", OwnerMail);
        }

        return made;
    }
}
