using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Commits.Transports;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>
/// A remote behind TLS and a login, with a certificate of an authority that only who says so trusts. libgit2 takes the authorities of
/// the system and no others, so without git there is nothing but the refusal.
/// </summary>
[Collection(nameof(Author))]
public sealed class TlsRemoteTests : IDisposable
{
    // Comes before the settings of a repository.
    private const string Authorities = "GIT_SSL_CAINFO";

    private readonly string? _authorities = Environment.GetEnvironmentVariable(Authorities);
    private readonly GitHome _home = new();
    private readonly GitWebServer _server;
    private readonly TlsFront _front;

    public TlsRemoteTests()
    {
        Environment.SetEnvironmentVariable(Authorities, null);
        _server = new GitWebServer(_home.Folder);
        _front = new TlsFront(_server.Port);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Authorities, _authorities);
        _front.Dispose();
        _server.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task The_authority_of_the_repositorys_settings_is_trusted()
    {
        var clone = Clone("127.0.0.1", isTrusted: true);
        GitHome.Hook(_home.Remote, "pre-receive", $"ps -eo args > {_home.At("processes")}");
        var (change, warning) = await _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default);
        Assert.Equal((_home.RemoteTip, true, (string?)null), (change.Commit, change.Pushed, warning));
        Assert.EndsWith("a: 1", _home.RemoteText(GitHome.Sonarr), StringComparison.Ordinal);
        Assert.NotEmpty(_server.Logins);
        Assert.All(_server.Logins, login => Assert.Equal($"{GitWebServer.User}:{GitWebServer.Password}", login));
        var processes = await File.ReadAllTextAsync(_home.At("processes"));
        Assert.Contains("remote-https", processes, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", processes, StringComparison.Ordinal);

        // A second one finds what the first one left, and a race is one over TLS as well.
        _home.PushElsewhere("apps/media/radarr/deployment.yaml", "image: radarr:5.0.1\n");
        (change, warning) = await _home.Committer(clone).CommitAsync(TextEdit.Append(GitHome.Sonarr, "b: 2"), default);
        Assert.Equal((_home.RemoteTip, (string?)null), (change.Commit, warning));
    }

    [Theory]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("localhost", true, false)]
    [InlineData("localhost", false, true)]
    public async Task A_certificate_that_is_not_trusted_or_of_another_name_is_told(string host, bool isTrusted, bool withoutGit)
    {
        var clone = Clone(host, isTrusted);
        var before = _home.RemoteTip;
        var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(clone), _home.Journal) { Cache = _home.At("cache"), Transport = withoutGit ? new LibraryTransport() : null };
        var error = await Assert.ThrowsAsync<HomelabException>(() => committer.CommitAsync(TextEdit.Append(GitHome.Sonarr, "a: 1"), default));
        Assert.True(error.Id == "GitHostUntrusted", error.Message);
        Assert.Contains(_front.Address("remote.git", host: host), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, _home.RemoteTip);
        Assert.Empty(_server.Logins);
    }

    private string Clone(string host, bool isTrusted)
    {
        var clone = _home.Clone("clone");
        GitCommand.Run(clone, "remote", "set-url", "origin", _front.Address("remote.git", GitWebServer.Login, host));
        if (isTrusted)
        {
            File.WriteAllText(_home.At("authority.pem"), _front.Authority);
            GitCommand.Run(clone, "config", "http.sslCAInfo", _home.At("authority.pem"));
        }

        return clone;
    }
}
