using HomelabOps.Core.GitOps.Commits;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>What a repository must be for a commit, and that nothing happens to one that is not so.</summary>
[Collection(nameof(Author))]
public sealed class RepositoryStateTests : IDisposable
{
    private readonly GitHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_folder_without_repository()
    {
        Directory.CreateDirectory(_home.At("plain"));
        await RefusedAsync(_home.At("plain"), "RepositoryNotFound");
        await RefusedAsync(_home.At("nowhere"), "RepositoryNotFound");
        await RefusedAsync(_home.Remote, "RepositoryNotFound");
    }

    [Fact]
    public async Task A_partial_clone_that_lacks_what_is_read()
    {
        GitCommand.Run(_home.Remote, "config", "uploadpack.allowFilter", "true");
        GitCommand.Run(_home.Folder, "clone", "--quiet", "--filter=blob:none", $"file://{_home.Remote}", _home.At("partial"));
        _home.PushElsewhere(GitHome.Sonarr, "image: sonarr:5\n");
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(_home.At("partial")).CommitAsync(Edit, default));
        Assert.Equal("RepositoryUnreadable", error.Id);
        Assert.Contains("--no-filter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_whose_files_are_broken()
    {
        var clone = _home.Clone("clone");
        await File.WriteAllTextAsync(Path.Combine(clone, ".git", "config"), "[core\n");
        Assert.Equal("RepositoryUnreadable", (await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(Edit, default))).Id);
    }

    [Fact]
    public async Task A_detached_head()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "checkout", "--quiet", "--detach");
        var error = await RefusedAsync(clone, "RepositoryDetached");
        Assert.Contains(_home.RemoteTip[..8], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_without_a_commit()
    {
        GitCommand.Run(_home.Folder, "init", "--quiet", "--initial-branch=main", _home.At("new"));
        await RefusedAsync(_home.At("new"), "RepositoryUnborn");
    }

    [Theory]
    [InlineData("merge", "merge")]
    [InlineData("rebase", "rebase")]
    [InlineData("cherry-pick", "cherry-pick")]
    [InlineData("revert", "revert")]
    public async Task Something_in_progress(string operation, string named)
    {
        var clone = _home.Clone("clone");
        var elsewhere = _home.PushElsewhere(GitHome.Sonarr, "image: sonarr:5\n");
        GitCommand.Run(clone, "fetch", "--quiet");
        GitHome.Write(clone, GitHome.Sonarr, "image: sonarr:6\n");
        GitCommand.Run(clone, "commit", "--quiet", "-am", "Mine");
        Assert.NotEqual(0, GitCommand.TryRun(clone, operation, elsewhere).ExitCode);
        var error = await RefusedAsync(clone, "RepositoryBusy");
        Assert.Contains($"A {named} is in progress", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_without_remote()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "switch", "--quiet", "--no-track", "-c", "mine");
        await RefusedAsync(clone, "RepositoryUpstreamMissing");
        GitCommand.Run(clone, "switch", "--quiet", "main");
        GitCommand.Run(clone, "remote", "remove", "origin");
        await RefusedAsync(clone, "RepositoryUpstreamMissing");
    }

    [Fact]
    public async Task A_remote_branch_that_was_deleted()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "push", "--quiet", "-u", "origin", "main:other");
        GitCommand.Run(clone, "branch", "--quiet", "--set-upstream-to=origin/other");
        GitCommand.Run(_home.Remote, "branch", "--quiet", "-D", "other");
        await RefusedAsync(clone, "GitBranchNotFound");
    }

    [Fact]
    public async Task Commits_that_were_not_pushed()
    {
        var clone = _home.Clone("clone");
        GitHome.Write(clone, "README.md", "Mine\n");
        GitCommand.Run(clone, "commit", "--quiet", "-am", "Mine");
        Assert.Contains("1 commit ", (await RefusedAsync(clone, "RepositoryAhead")).Message, StringComparison.Ordinal);

        _home.PushElsewhere(GitHome.Sonarr, "image: sonarr:5\n");
        var error = await RefusedAsync(clone, "RepositoryDiverged");
        Assert.Contains(_home.RemoteTip[..8], error.Message, StringComparison.Ordinal);
        Assert.Contains(GitCommand.Run(clone, "rev-parse", "HEAD")[..8], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("staged")]
    [InlineData("deleted")]
    [InlineData("folder")]
    public async Task A_file_that_is_to_be_changed_and_is_dirty(string how)
    {
        var clone = _home.Clone("clone");
        var file = Path.Combine(clone, GitHome.Sonarr);
        File.Delete(file);
        if (how == "folder")
        {
            Directory.CreateDirectory(file);
        }
        else if (how != "deleted")
        {
            GitHome.Write(clone, GitHome.Sonarr, "mine\n");
            GitCommand.Run(clone, "add", GitHome.Sonarr);
            GitHome.Write(clone, GitHome.Sonarr, how == "staged" ? "image: sonarr:4.0.0\nreplicas: 1\n" : "mine\n");
        }

        var error = await RefusedAsync(clone, "RepositoryDirty");
        Assert.Contains(GitHome.Sonarr, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("README", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apps/new/app.yaml", "apps/new/app.yaml")]
    [InlineData("apps/new/app.yaml", "apps/new")]
    public async Task Something_in_the_way_of_a_new_file(string path, string inTheWay)
    {
        var clone = _home.Clone("clone");
        GitHome.Write(clone, inTheWay, "mine\n");
        await RefusedAsync(clone, "RepositoryDirty", new TextEdit(path, _ => "theirs\n"));
        Assert.Equal("mine\n", await File.ReadAllTextAsync(Path.Combine(clone, inTheWay)));
    }

    [Fact]
    public async Task A_file_that_others_changed_and_is_dirty()
    {
        var clone = _home.Clone("clone");
        GitHome.Write(clone, "README.md", "mine\n");
        _home.PushElsewhere("README.md", "theirs\n");
        await RefusedAsync(clone, "RepositoryDirty");
    }

    [Theory]
    [InlineData("../outside.yaml")]
    [InlineData("/etc/outside.yaml")]
    [InlineData("apps/./a.yaml")]
    [InlineData("apps//a.yaml")]
    [InlineData(".git/hooks/post-merge")]
    [InlineData("apps/.GIT/config")]
    [InlineData("apps\\a.yaml")]
    [InlineData("outer/a.yaml")]
    [InlineData("inner/a.yaml")]
    [InlineData("linked.yaml")]
    [InlineData("README.md/a.yaml")]
    public async Task A_path_that_leads_out_of_the_repository(string path)
    {
        var clone = _home.Clone("clone");
        Directory.CreateDirectory(_home.At("outside"));
        Directory.CreateSymbolicLink(Path.Combine(clone, "outer"), _home.At("outside"));
        Directory.CreateSymbolicLink(Path.Combine(clone, "inner"), "apps/media");
        File.CreateSymbolicLink(Path.Combine(clone, "linked.yaml"), "README.md");
        GitHome.Push(clone, "Links");
        await RefusedAsync(clone, "PathOutsideRepository", new FixedEdit(path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.At("outside")));
    }

    [Fact]
    public async Task A_folder_that_is_a_link_only_in_the_working_copy()
    {
        var clone = _home.Clone("clone");
        Directory.Move(Path.Combine(clone, "apps/media"), _home.At("outside"));
        Directory.CreateSymbolicLink(Path.Combine(clone, "apps/media"), _home.At("outside"));
        await RefusedAsync(clone, "RepositoryDirty");
        Assert.Equal("image: sonarr:4.0.0\nreplicas: 1\n", await File.ReadAllTextAsync(Path.Combine(_home.At("outside"), "sonarr/deployment.yaml")));
    }

    [Fact]
    public async Task Another_git_at_work()
    {
        var clone = _home.Clone("clone");
        await File.WriteAllTextAsync(Path.Combine(clone, ".git/index.lock"), "");
        Assert.Contains("index.lock", (await RefusedAsync(clone, "RepositoryLocked")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written()
    {
        var clone = _home.Clone("clone");
        await File.WriteAllTextAsync(_home.At("cache"), "a file where the folder should be");
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(Edit, default));
        Assert.Equal(("RepositoryUnwritable", ErrorKind.PermissionDenied), (error.Id, error.Kind));
    }

    [Fact]
    public async Task Nobody_who_commits()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "config", "user.email", "");
        var error = await RefusedAsync(clone, "CommitAuthorMissing");
        Assert.Contains("git config", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_that_cannot_be_made()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "config", "commit.gpgsign", "true");
        GitCommand.Run(clone, "config", "gpg.program", "/bin/false");
        var before = _home.RemoteTip;
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(Edit, default));
        Assert.Equal(("CommitSigningFailed", before), (error.Id, _home.RemoteTip));
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
    }

    private static TextEdit Edit => TextEdit.Append(GitHome.Sonarr, "a: 1");

    // Preview and commit say the same, and neither changes anything.
    private async Task<HomelabException> RefusedAsync(string clone, string id, IRepositoryEdit? edit = null)
    {
        var (status, remote) = (GitCommand.TryRun(clone, "status", "--porcelain=v2", "--branch", "--untracked-files=all").Output, _home.RemoteTip);
        var previewed = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).PreviewAsync(edit ?? Edit, default));
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(edit ?? Edit, default));
        Assert.Equal((id, id), (error.Id, previewed.Id));
        Assert.Equal(remote, _home.RemoteTip);
        Assert.Equal(Files(status), Files(GitCommand.TryRun(clone, "status", "--porcelain=v2", "--branch", "--untracked-files=all").Output));
        Assert.Empty(_home.Journal.Read());
        return error;

        // How far it is behind is known better after a fetch.
        static IEnumerable<string> Files(string status) => status.Split('\n').Where(line => !line.StartsWith("# branch.ab", StringComparison.Ordinal));
    }
}
