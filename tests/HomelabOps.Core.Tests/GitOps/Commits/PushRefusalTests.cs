using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Commits.Transports;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Remotes and hooks that do not take a commit, by real ones.</summary>
public sealed class PushRefusalTests : IDisposable
{
    private readonly GitHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("echo 'Only on workdays.' >&2; exit 1", "A hook at", "Only on workdays.")]
    [InlineData("echo 'GitLab: You are not allowed to push code to protected branches on this project.' >&2; exit 1", "is protected", "not allowed to push")]
    [InlineData("echo 'error: GH006: Protected branch update failed for refs/heads/main.' >&2; exit 1", "is protected", "GH006")]
    public async Task A_hook_of_the_remote(string script, string who, string words)
    {
        var clone = _home.Clone("clone");
        GitHome.Hook(_home.Remote, "pre-receive", script);
        var error = await RefusedAsync(clone);
        Assert.Contains(who, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_of_the_remote()
    {
        var clone = _home.Clone("clone", _home.At("seed"));
        Assert.Contains("checked out", (await RefusedAsync(clone)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_of_this_machine()
    {
        var clone = _home.Clone("clone");
        GitHome.Hook(Path.Combine(clone, ".git"), "pre-push", "echo 'Run the linter first.' >&2; exit 1");
        var error = await RefusedAsync(clone);
        Assert.Contains("pre-push", error.Message, StringComparison.Ordinal);
        Assert.Contains("Run the linter first.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remote_that_is_gone()
    {
        var clone = _home.Clone("clone");
        Directory.Move(_home.Remote, _home.At("moved"));
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.Equal("GitRemoteNotFound", error.Id);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/homelab.git", false, "GitRemoteUnreachable")]
    [InlineData("http://127.0.0.1:9/homelab.git", true, "GitRemoteUnreachable")]
    [InlineData("ssh://git@127.0.0.1:9/homelab.git", false, "GitRemoteUnreachable")]
    [InlineData("ssh://git@127.0.0.1:9/homelab.git", true, "GitRemoteUnreachable")]
    [InlineData("nowhere://127.0.0.1/homelab.git", false, "GitFailed")]
    public async Task A_remote_that_nobody_is_at(string address, bool withoutGit, string id)
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "remote", "set-url", "origin", address);
        var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(clone), _home.Journal) { Cache = _home.At("cache"), Transport = withoutGit ? new LibraryTransport() : null };
        var error = await Assert.ThrowsAsync<HomelabException>(() => committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.True(id == error.Id, error.Message);
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
    }

    private async Task<HomelabException> RefusedAsync(string clone)
    {
        var before = (GitCommand.Run(clone, "rev-parse", "HEAD"), GitCommand.Run(clone, "ls-remote", "origin", "main"));
        var error = await Assert.ThrowsAsync<HomelabException>(() => _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.Equal(("PushRefused", ErrorKind.PermissionDenied), (error.Id, error.Kind));
        Assert.Equal(before, (GitCommand.Run(clone, "rev-parse", "HEAD"), GitCommand.Run(clone, "ls-remote", "origin", "main")));
        Assert.Equal("", GitCommand.Run(clone, "status", "--porcelain"));
        Assert.Equal(error.Message, _home.Journal.Read().Last().Failure);
        return error;
    }
}
