using System.Diagnostics;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Commits.Transports;
using HomelabOps.Core.Tests.Ssh;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>A remote behind a real sshd.</summary>
public sealed class SshRemoteTests : IDisposable
{
    private const string NoServer = "There is no sshd on this machine.";

    private readonly GitHome _home = new();
    private readonly SshServer? _server;

    public SshRemoteTests() => _server = SshServer.Start(_home.At("ssh"));

    public void Dispose()
    {
        _server?.Dispose();
        _home.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_the_server_knows(bool withoutGit)
    {
        var (change, warning) = await Committer("user", "known", withoutGit).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, (string?)null), (change.Commit, warning));
        Assert.EndsWith("a: 1", _home.RemoteText(GitHome.Sonarr), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_an_agent_keeps(bool withoutGit)
    {
        Assert.SkipWhen(_server is null, NoServer);
        using var agent = await SshAgent.StartAsync(_home.At("agent"), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<HomelabException>(() => Committer(server => server.AgentCommand(agent.Address), withoutGit, "refused").CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));

        // The library is not told why the program of SSH has ended.
        Assert.True(error.Id == (withoutGit ? "GitRemoteUnreachable" : "GitAuthenticationFailed"), $"{error.Id}: {error.Message}");

        agent.Keep(_home.At("ssh/user"));
        var (change, _) = await Committer(server => server.AgentCommand(agent.Address), withoutGit).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal(_home.RemoteTip, change.Commit);
    }

    [Theory]
    [InlineData("stranger", "known", "GitAuthenticationFailed", "Permission denied")]
    [InlineData("user", "nobody", "GitHostUntrusted", "is not among the known ones")]
    [InlineData("user", "other", "GitHostUntrusted", "another key than before")]
    public async Task What_is_refused_asks_nobody(string key, string hosts, string id, string words)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => Committer(key, hosts, withoutGit: false).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.True(id == error.Id, error.Message);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_is_not_there()
    {
        var committer = Committer("user", "known", withoutGit: false);
        Directory.Move(_home.Remote, _home.At("moved"));
        var error = await Assert.ThrowsAsync<HomelabException>(() => committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.True(error.Id == "GitRemoteNotFound", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_push_that_hangs_ends_at_once_when_it_is_cancelled(bool withoutGit)
    {
        var committer = Committer("user", "known", withoutGit);
        GitHome.Hook(_home.Remote, "pre-receive", $"touch {_home.At("hangs")}; while test -d {_home.Remote}; do sleep 0.1; done");
        using var stop = new CancellationTokenSource();
        var push = committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), stop.Token);
        while (!File.Exists(_home.At("hangs")))
        {
            Assert.False(push.IsCompleted);
            await Task.Delay(20);
        }

        var watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => push);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));

        // Nobody knows how it ended.
        Assert.Equal(Core.Journal.JournalState.Started, _home.Journal.Read().Last().State);
        Directory.Move(_home.Remote, _home.At("moved"));
    }

    private RepositoryCommitter Committer(string key, string hosts, bool withoutGit) => Committer(server => server.Command(key, hosts), withoutGit);

    private RepositoryCommitter Committer(Func<SshServer, string> command, bool withoutGit, string folder = "clone")
    {
        if (_server is null)
        {
            Assert.Skip(NoServer);
        }

        var clone = _home.Clone(folder);
        GitCommand.Run(clone, "config", "core.sshCommand", withoutGit ? _server.Program(command(_server)) : command(_server));
        GitCommand.Run(clone, "remote", "set-url", "origin", _server.Address(_home.Remote));
        return new(RepositoryLocation.OfFolder(clone), _home.Journal) { Cache = _home.At("cache"), Transport = withoutGit ? new LibraryTransport() : null };
    }
}
