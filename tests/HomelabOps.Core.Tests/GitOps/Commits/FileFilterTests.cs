using HomelabOps.Core.GitOps.Commits;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Files that another program changes on their way into Git and out of it, as LFS and git-crypt do, and those that are not checked out.</summary>
[Collection(nameof(Author))]
public sealed class FileFilterTests : IDisposable
{
    private const string Secret = "apps/my secrets/tökens.bin";

    private readonly GitHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task What_others_pushed_is_checked_out_by_the_filter()
    {
        var clone = Filtered("clone", "tr A-Z a-z");
        var other = Filtered("other", "tr A-Z a-z");
        GitHome.Write(other, Secret, "later\n");
        GitHome.Write(other, "apps/new.bin", "new\n");
        GitHome.Push(other, "Change secrets");

        var change = (await _home.Committer(clone).CommitAsync(Edit, default)).Change;
        Assert.Equal((change.Commit, ""), (GitCommand.Run(clone, "rev-parse", "HEAD"), GitCommand.Run(clone, "status", "--porcelain")));
        Assert.Equal("later\n", await File.ReadAllTextAsync(Path.Combine(clone, Secret)));
        Assert.Equal("new\n", await File.ReadAllTextAsync(Path.Combine(clone, "apps/new.bin")));
        Assert.Equal("LATER", _home.RemoteText(Secret));
        Assert.False(Directory.Exists(Path.Combine(clone, ".git", "homelabops")));
    }

    [Fact]
    public async Task A_change_of_the_user_s_own_in_such_a_file_is_kept()
    {
        var clone = Filtered("clone", "tr A-Z a-z");
        var other = Filtered("other", "tr A-Z a-z");
        GitHome.Write(other, Secret, "later\n");
        var tip = GitHome.Push(other, "Change secrets");
        GitHome.Write(clone, Secret, "mine\n");
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(Edit, default));
        Assert.Equal(("RepositoryDirty", tip), (error.Id, _home.RemoteTip));
        Assert.Equal("mine\n", await File.ReadAllTextAsync(Path.Combine(clone, Secret)));
    }

    [Fact]
    public async Task Where_the_filter_fails_the_commit_is_made_and_the_working_copy_follows_once_it_works()
    {
        var clone = Filtered("clone", "exit 3;");
        var other = Filtered("other", "tr A-Z a-z");
        GitHome.Write(other, Secret, "later\n");
        GitHome.Push(other, "Change secrets");
        var done = await _home.Committer(clone).CommitAsync(Edit, default);
        Assert.Equal(done.Change.Commit, _home.RemoteTip);
        Assert.Contains("could not be brought along", done.Warning, StringComparison.Ordinal);
        Assert.Equal("first\n", await File.ReadAllTextAsync(Path.Combine(clone, Secret)));

        Assert.Equal("RepositoryUnwritable", (await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(TextEdit.Append("README.md", "More"), default))).Id);
        GitCommand.Run(clone, "config", "filter.case.smudge", "tr A-Z a-z");
        await _home.Committer(clone).CommitAsync(TextEdit.Append("README.md", "More"), default);
        Assert.Equal((_home.RemoteTip, ""), (GitCommand.Run(clone, "rev-parse", "HEAD"), GitCommand.Run(clone, "status", "--porcelain")));
        Assert.Equal("later\n", await File.ReadAllTextAsync(Path.Combine(clone, Secret)));
    }

    [Fact]
    public async Task A_sparse_working_copy_follows_where_what_changes_is_in_it()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "sparse-checkout", "set", "--no-sparse-index", "apps/media/sonarr");
        await _home.Committer(clone).CommitAsync(Edit, default);
        Assert.Equal((_home.RemoteTip, ""), (GitCommand.Run(clone, "rev-parse", "HEAD"), GitCommand.Run(clone, "status", "--porcelain")));

        var tip = _home.PushElsewhere("apps/media/radarr/deployment.yaml", "image: radarr:6\n");
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "x"), default));
        Assert.Equal(("RepositoryDirty", tip), (error.Id, _home.RemoteTip));
        Assert.Contains("git sparse-checkout add", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sparse_index_is_told()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "sparse-checkout", "set", "--sparse-index", "apps/media/sonarr");
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(Edit, default));
        Assert.Equal("RepositoryUnreadable", error.Id);
        Assert.Contains("--no-sparse-index", error.Message, StringComparison.Ordinal);
    }

    private static TextEdit Edit => TextEdit.Replace(GitHome.Sonarr, "4.0.0", "4.0.1");

    // In Git all is in capitals.
    private string Filtered(string name, string smudge)
    {
        var clone = _home.Clone(name);
        GitCommand.Run(clone, "config", "filter.case.clean", "tr a-z A-Z");
        GitCommand.Run(clone, "config", "filter.case.smudge", "tr A-Z a-z");
        GitCommand.Run(clone, "config", "filter.case.required", "true");
        if (!File.Exists(Path.Combine(clone, Secret)))
        {
            GitHome.Write(clone, ".gitattributes", "*.bin filter=case -text\n");
            GitHome.Write(clone, Secret, "first\n");
            GitHome.Push(clone, "Keep secrets");
        }
        else
        {
            GitCommand.Run(clone, "rm", "--quiet", "--cached", Secret);
            GitCommand.Run(clone, "reset", "--quiet", "--hard");
        }

        GitCommand.Run(clone, "config", "filter.case.smudge", smudge);
        return clone;
    }
}
