using HomelabOps.Core.GitOps;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Commits.Transports;
using HomelabOps.Core.GitOps.Git;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Commits from working copies that are linked to another one, or to a bare repository.</summary>
[Collection(nameof(Author))]
public sealed class WorkTreeTests : IDisposable
{
    private readonly GitHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_commit_from_a_linked_one_leaves_the_main_one_alone(bool ofBare, bool withoutGit)
    {
        var (main, linked) = Link(ofBare);
        var before = ofBare ? "" : GitCommand.Run(main, "rev-parse", "HEAD");
        _home.PushElsewhere("README.md", "Later\n");
        var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(linked), _home.Journal) { Cache = _home.At("cache"), Transport = withoutGit ? new LibraryTransport() : null };

        Assert.Equal([GitHome.Sonarr], (await committer.PreviewAsync(Edit, default)).Files);
        var change = (await committer.CommitAsync(Edit, default)).Change;
        Assert.Equal((change.Commit, linked, "main"), (_home.RemoteTip, change.Repository, change.Branch));
        Assert.Equal(change.Commit, GitCommand.Run(linked, "rev-parse", "HEAD"));
        Assert.Equal("", GitCommand.Run(linked, "status", "--porcelain"));
        Assert.Equal("Anna", GitCommand.Run(linked, "log", "-1", "--format=%an"));
        Assert.Contains("4.0.1", await File.ReadAllTextAsync(Path.Combine(linked, GitHome.Sonarr)), StringComparison.Ordinal);
        if (!ofBare)
        {
            Assert.Equal((before, ""), (GitCommand.Run(main, "rev-parse", "HEAD"), GitCommand.Run(main, "status", "--porcelain")));
        }

        using var clone = GitClone.Open(linked)!;
        Assert.Equal((linked, _home.Remote), (clone.Folder, Assert.Single(clone.Remotes)));
    }

    [Fact]
    public async Task Its_own_state_counts_and_not_that_of_the_main_one()
    {
        var (main, linked) = Link(ofBare: false);
        GitHome.Write(main, GitHome.Sonarr, "mine\n");
        GitCommand.Run(main, "checkout", "--quiet", "--detach");
        await _home.Committer(linked).CommitAsync(Edit, default);

        GitHome.Write(linked, GitHome.Sonarr, "mine\n");
        Assert.Equal("RepositoryDirty", await FailureAsync(linked));
        GitCommand.Run(linked, "checkout", "--quiet", "--detach", "--force");
        Assert.Equal("RepositoryDetached", await FailureAsync(linked));
    }

    [Fact]
    public async Task One_that_is_ended_on_the_way_is_brought_along_by_the_next()
    {
        var (_, linked) = Link(ofBare: false);
        var change = (await _home.Committer(linked, reached: step => _ = step == CommitStep.FileWritten ? throw new IOException("The power went.") : 0).CommitAsync(Edit, default)).Change;
        Assert.NotEqual(change.Commit, GitCommand.Run(linked, "rev-parse", "HEAD"));
        await _home.Committer(linked).CommitAsync(TextEdit.Append("README.md", "More"), default);
        Assert.Equal((_home.RemoteTip, ""), (GitCommand.Run(linked, "rev-parse", "HEAD"), GitCommand.Run(linked, "status", "--porcelain")));
    }

    [Fact]
    public void What_was_pushed_last_is_known_of_it()
    {
        var (_, linked) = Link(ofBare: false);
        GitHome.Write(linked, GitHome.Sonarr, "mine\n");
        GitCommand.Run(linked, "commit", "--quiet", "--all", "--message", "Mine");
        using var files = PushedFiles.Open(linked)!;
        Assert.Contains("4.0.0", System.Text.Encoding.UTF8.GetString(files.Read("/" + GitHome.Sonarr)!), StringComparison.Ordinal);
    }

    private static TextEdit Edit => TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1");

    private async Task<string> FailureAsync(string clone) => (await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "x"), default))).Id;

    private (string Main, string Linked) Link(bool ofBare)
    {
        var (main, linked) = (_home.At("main"), _home.At("linked"));
        if (ofBare)
        {
            GitCommand.Run(_home.Folder, "clone", "--quiet", "--bare", _home.Remote, main);
            GitCommand.Run(main, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
            GitCommand.Run(main, "config", "user.name", "Anna");
            GitCommand.Run(main, "config", "user.email", "anna@example.org");
            GitCommand.Run(main, "fetch", "--quiet");
        }
        else
        {
            _home.Clone("main");
            GitCommand.Run(main, "switch", "--quiet", "--create", "other");
        }

        GitCommand.Run(main, "worktree", "add", "--quiet", linked, "main");
        GitCommand.Run(linked, "branch", "--quiet", "--set-upstream-to", "origin/main");
        return (main, linked);
    }
}
