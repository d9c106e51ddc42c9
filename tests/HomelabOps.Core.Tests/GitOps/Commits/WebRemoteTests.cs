using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Commits.Transports;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>A remote behind a web server that asks for a login.</summary>
[Collection(nameof(Author))]
public sealed class WebRemoteTests : IDisposable
{
    private readonly GitHome _home = new();
    private readonly GitWebServer _server;
    private readonly Author _author = new();

    public WebRemoteTests() => _server = new GitWebServer(_home.Folder);

    public void Dispose()
    {
        _author.Dispose();
        _server.Dispose();
        _home.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_password_in_the_address_logs_in_and_is_nowhere_to_be_seen(bool withoutGit)
    {
        var address = _server.Address("remote.git", GitWebServer.Login);
        var (change, _) = await Committer(address, withoutGit).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, _server.Address("remote.git")), (change.Commit, change.Repository));
        Assert.All(_server.Logins, login => Assert.Equal($"{GitWebServer.User}:{GitWebServer.Password}", login));
        Assert.NotEmpty(_server.Logins);
        foreach (var file in Directory.EnumerateFiles(_home.At("cache"), "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(_home.At("journal"))))
        {
            Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_command_line_shows_the_password()
    {
        // Written by a hook of the remote's side, while git and its helpers run.
        GitHome.Hook(_home.Remote, "pre-receive", $"ps -eo args > {_home.At("processes")}");
        await Committer(_server.Address("remote.git", GitWebServer.Login), withoutGit: false).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        var processes = await File.ReadAllTextAsync(_home.At("processes"));
        Assert.Contains("remote-http", processes, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", processes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_in_the_address_of_a_working_copy_logs_in_as_well()
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "remote", "set-url", "origin", _server.Address("remote.git", GitWebServer.Login));
        GitHome.Hook(_home.Remote, "pre-receive", $"ps -eo args > {_home.At("processes")}");
        var (change, warning) = await _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, (string?)null), (change.Commit, warning));
        Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(_home.At("processes")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_helper_of_the_user_is_asked()
    {
        var clone = _home.Clone("clone");
        await File.WriteAllTextAsync(_home.At("credentials"), $"http://{GitWebServer.Login}@127.0.0.1:{_server.Port}\n");
        GitCommand.Run(clone, "config", "credential.helper", $"store --file={_home.At("credentials")}");
        GitCommand.Run(clone, "remote", "set-url", "origin", _server.Address("remote.git"));
        var (change, _) = await _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal(_home.RemoteTip, change.Commit);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("anna:wr0ngpass", false)]
    [InlineData("anna:wr0ngpass", true)]
    [InlineData(null, true)]
    public async Task A_login_that_is_missing_or_wrong_is_refused_without_a_question(string? login, bool withoutGit)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => Committer(_server.Address("remote.git", login), withoutGit).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.Equal(("GitAuthenticationFailed", ErrorKind.AuthenticationError), (error.Id, error.Kind));
        Assert.Contains(_server.Address("remote.git"), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ngpass", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_may_read_and_not_write_is_told_so(bool withoutGit)
    {
        _server.RefusePushes = 403;
        var error = await Assert.ThrowsAsync<HomelabException>(() => Committer(_server.Address("remote.git", GitWebServer.Login), withoutGit).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.True(error.Id == "GitAuthenticationFailed", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repository_that_the_server_does_not_have(bool withoutGit)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => Committer(_server.Address("other.git", GitWebServer.Login), withoutGit).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.True(error.Id == "GitRemoteNotFound", error.Message);
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_remote_took_the_commit_is_a_success()
    {
        _server.DropAnswers = true;
        var (change, _) = await Committer(_server.Address("remote.git", GitWebServer.Login), withoutGit: false).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, true), (change.Commit, change.Pushed));
        Assert.EndsWith("a: 1", _home.RemoteText(GitHome.Sonarr), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_gone_during_the_push_leaves_it_unknown()
    {
        var committer = new RepositoryCommitter(RepositoryLocation.OfRemote(_server.Address("remote.git", GitWebServer.Login), "main"), _home.Journal)
        {
            Cache = _home.At("cache"),
            Reached = step =>
            {
                if (step == CommitStep.Written)
                {
                    _server.Dispose();
                }
            },
        };
        var error = await Assert.ThrowsAsync<HomelabException>(() => committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.Equal(("GitPushUnknown", ErrorKind.ConnectionError), (error.Id, error.Kind));
    }

    [Theory]
    [InlineData("https://user:pass@host/x.git failed", "https://host/x.git failed")]
    [InlineData("unable to access 'http://ghp_token@github.com/x/': 403", "unable to access 'http://github.com/x/': 403")]
    [InlineData("ssh://git@host/x and git@host:x stay", "ssh://git@host/x and git@host:x stay")]
    [InlineData("ssh://git:pass@host/x", "ssh://git@host/x")]
    public void What_is_secret_in_addresses_is_masked(string text, string masked) => Assert.Equal(masked, RemoteAddress.Mask(text));

    [Theory]
    [InlineData("https://github.com/a/b", true)]
    [InlineData("ssh://git@host/a", true)]
    [InlineData("git@github.com:a/b.git", true)]
    [InlineData("file:///srv/a.git", true)]
    [InlineData("/srv/a", false)]
    [InlineData("C:\\homelab", false)]
    [InlineData("./homelab", false)]
    [InlineData("home@lab", false)]
    public void Addresses_are_told_from_paths(string text, bool isAddress) => Assert.Equal(isAddress, RemoteAddress.IsAddress(text));

    private RepositoryCommitter Committer(string address, bool withoutGit) =>
        new(RepositoryLocation.OfRemote(address, withoutGit ? "main" : null), _home.Journal) { Cache = _home.At("cache"), Transport = withoutGit ? new LibraryTransport() : null };
}
