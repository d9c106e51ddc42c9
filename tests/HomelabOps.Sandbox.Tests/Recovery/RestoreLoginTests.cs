using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Recovery;

/// <summary>A cluster comes back from real servers of Git that let nobody in but whom the Secret says.</summary>
public sealed class RestoreLoginTests : IDisposable
{
    private const string Phrase = "open, s3same";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-login-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Scratch.Delete(_folder);

    [Fact]
    public async Task Over_HTTPS_with_a_token_and_an_authority_of_the_home_network()
    {
        GitWebServer? server = null;
        TlsFront? front = null;
        try
        {
            await using var fresh = await FreshHomelab.StartAsync(homelab =>
            {
                var remote = homelab.Repository.Url.LocalPath.TrimEnd('/');
                server = new GitWebServer(Path.GetDirectoryName(remote)!);
                front = new TlsFront(server.Port);
                return front.Address(Path.GetFileName(remote));
            });
            var authority = At("authority.pem");
            await File.WriteAllTextAsync(authority, front!.Authority, Stop);
            var (good, bad) = (new SourceLogin(new(GitWebServer.User, GitWebServer.Password), null) { AuthorityFile = authority }, new SourceLogin(new(GitWebServer.User, "wr0ng"), null) { AuthorityFile = authority });

            // What Flux itself says is told when the time is over.
            Assert.Contains("certificate", await PendingAsync(fresh, good with { AuthorityFile = null }), StringComparison.OrdinalIgnoreCase);
            Assert.Empty(server!.Logins);
            Assert.Contains("authentication", await PendingAsync(fresh, bad), StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"{GitWebServer.User}:wr0ng", server.Logins);

            var (result, _) = await fresh.RestoreAsync(fresh.Options with { Login = good, Force = true });
            Assert.True(result.Recovered, string.Join('\n', result.Steps.Select(step => $"{step.Name}: {step.Message}")));
            Assert.Contains($"{GitWebServer.User}:{GitWebServer.Password}", server.Logins);
            var data = await SecretAsync(fresh.Client);
            Assert.Equal(["ca.crt", "caFile", "password", "username"], data.Keys.Order(StringComparer.Ordinal));
            Assert.Equal((GitWebServer.User, GitWebServer.Password, front.Authority, front.Authority), (data["username"], data["password"], data["ca.crt"], data["caFile"]));
            Assert.DoesNotContain(GitWebServer.Password, fresh.Journal, StringComparison.Ordinal);
            Assert.Contains("flux-system", fresh.Journal, StringComparison.Ordinal);
        }
        finally
        {
            front?.Dispose();
            server?.Dispose();
        }
    }

    [Fact]
    public async Task Over_SSH_with_a_deploy_key_and_its_passphrase()
    {
        using var server = SshServer.Start(At("ssh"));
        Assert.SkipWhen(server is null, "There is no sshd on this machine.");
        MakeKey("deploy", Phrase);
        await File.AppendAllTextAsync(At("ssh/authorized"), await File.ReadAllTextAsync(At("deploy.pub"), Stop), Stop);
        ClusterClient? client = null;
        await using var fresh = await FreshHomelab.StartAsync(homelab => server.Address(homelab.Repository.Url.LocalPath.TrimEnd('/')), url => Clone(client!, url));
        client = fresh.Client;

        var (result, _) = await fresh.RestoreAsync(fresh.Options with { Login = new(new("git", Phrase), At("deploy")) }, new KnownHosts([At("ssh/known")]));
        Assert.True(result.Recovered, string.Join('\n', result.Steps.Select(step => $"{step.Name}: {step.Message}")));
        var data = await SecretAsync(client);
        Assert.Equal(["identity", "identity.pub", "known_hosts", "password"], data.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(await File.ReadAllTextAsync(At("deploy"), Stop), data["identity"]);
        Assert.Equal(Phrase, data["password"]);
        Assert.DoesNotContain(Phrase, fresh.Journal, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", fresh.Journal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ed25519", "PEM", "")]
    [InlineData("ed25519", "PEM", Phrase)]
    [InlineData("rsa", "RFC4716", "")]
    [InlineData("rsa", "PEM", Phrase)]
    [InlineData("ecdsa", "PKCS8", "")]
    public void The_public_half_is_the_one_that_ssh_keygen_writes(string type, string format, string phrase)
    {
        MakeKey("id", phrase, "-t", type, "-m", format);
        var body = Body(new(phrase.Length == 0 ? null : new("", phrase), At("id")), Hosts());
        Assert.Equal((Read(At("id")), phrase.Length == 0 ? null : phrase), (Text(body, "identity"), Text(body, "password")));
        Assert.Equal(Read(At("id.pub")).Split(' ')[..2], Text(body, "identity.pub")!.TrimEnd().Split(' '));
        Assert.StartsWith("git.example.org ssh-ed25519 AAAA", Text(body, "known_hosts"), StringComparison.Ordinal);

        static string Read(string file) => File.ReadAllText(file);
    }

    [Fact]
    public void A_passphrase_that_the_key_does_not_need_is_not_kept()
    {
        MakeKey("id", "");
        Assert.Null(Text(Body(new(new("git", Phrase), At("id")), Hosts()), "password"));
    }

    [Fact]
    public void What_Flux_could_not_use_is_refused_before()
    {
        MakeKey("locked", Phrase);
        File.WriteAllText(At("noise"), "a private key");
        File.WriteAllText(At("putty"), "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n");
        Refused(new(null, At("locked")), Errors.Text("Detail_RecoveryKeyEncrypted"));
        Refused(new(new("git", "another"), At("locked")), Errors.Text("Detail_RecoveryKeyPhrase", "")[..30]);
        Refused(new(null, At("noise")), Errors.Text("Detail_RecoveryKeyUnreadable", "")[..25]);
        Refused(new(null, At("putty")), Errors.Text("Detail_RecoveryKeyPuTTY"));
        Refused(new(new("git", "a token"), null), Errors.Text("Detail_RecoveryLoginKey"));
        Refused(new(null, At("locked")) { AuthorityFile = At("noise") }, Errors.Text("Detail_RecoveryLoginAuthority"));
        Refused(new(null, At("locked")), Errors.Text("Detail_RecoveryLoginToken"), "https://git.example.org/homelab.git");
        Refused(new(new("git", "a token"), null) { AuthorityFile = At("noise") }, Errors.Text("Detail_RecoveryAuthorityUnreadable", At("noise")), "https://git.example.org/homelab.git");
        MakeKey("open", "");
        Assert.Equal("RecoveryHostUnknown", Assert.Throws<HomelabException>(() => Body(new(null, At("open")), Hosts(), "ssh://git@other.example.org/homelab.git")).Id);
        Assert.Equal("PathNotFound", Assert.Throws<HomelabException>(() => new SourceLogin(null, null) { AuthorityFile = At("nowhere") }.CheckFiles()).Id);
    }

    private static async Task<string> PendingAsync(FreshHomelab fresh, SourceLogin login)
    {
        var (result, notices) = await fresh.RestoreAsync(fresh.Options with { Login = login, Force = true, Timeout = TimeSpan.FromSeconds(15) });
        var error = Assert.Single(notices.OfType<FailureNotice>()).Error;
        Assert.Equal((false, "RecoveryUnfinished", "Source"), (result.Recovered, error.Id, result.Steps[^1].Name));
        Assert.DoesNotContain(login.Credential!.Password, error.ToString(), StringComparison.Ordinal);
        return error.Message;
    }

    private static async Task<Dictionary<string, string>> SecretAsync(ClusterClient client) =>
        (await client.FindObjectAsync(Types.Secret, "flux-system", "flux-system", Stop))!["data"]!.AsObject().ToDictionary(entry => entry.Key, entry => Decode(entry.Value), StringComparer.Ordinal);

    private static string Decode(JsonNode? value) => Encoding.UTF8.GetString(Convert.FromBase64String((string)value!));

    private static string? Text(JsonNode body, string name) => body["data"]![name] is { } value ? Decode(value) : null;

    private static JsonNode Body(SourceLogin login, KnownHosts hosts, string url = "ssh://git@git.example.org/homelab.git") => JsonNode.Parse(login.ToBody("flux-system", "flux-system", url, hosts))!;

    private string At(string name) => Path.Combine(_folder, name);

    private KnownHosts Hosts()
    {
        File.WriteAllText(At("hosts"), "git.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDy4YPzDAz1u0cLUdG8MZvUqTn9s0m3b0oJ2Xv7fQ8pE\n");
        return new([At("hosts")]);
    }

    private void Refused(SourceLogin login, string words, string url = "ssh://git@git.example.org/homelab.git")
    {
        var error = Assert.Throws<HomelabException>(() => Body(login, Hosts(), url));
        Assert.Equal("RecoveryLoginUnfit", error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Phrase, error.ToString(), StringComparison.Ordinal);
    }

    private void MakeKey(string name, string phrase, params string[] options) => Run("ssh-keygen", ["-q", .. options.Length == 0 ? ["-t", "ed25519"] : options, "-N", phrase, "-f", At(name)], []);

    // As source-controller does: nothing but the Secret opens the repository. The sandbox's own speaks no SSH.
    private string Clone(ClusterClient client, string url)
    {
        var data = SecretAsync(client).GetAwaiter().GetResult();
        File.WriteAllText(At("identity"), data["identity"]);
        File.WriteAllText(At("hosts-of-flux"), data["known_hosts"]);
        Run("chmod", ["0400", At("identity")], []);
        GitHome.Hook(_folder, "ask", "printf '%s\\n' \"$FLUX_PASSWORD\"");
        var command = $"ssh -F /dev/null -i {At("identity")} -o IdentitiesOnly=yes -o IdentityAgent=none -o StrictHostKeyChecking=yes -o UserKnownHostsFile={At("hosts-of-flux")} -o GlobalKnownHostsFile=/dev/null";
        Run("git", ["clone", "--quiet", "--mirror", url, At("mirror")], [("GIT_SSH_COMMAND", command), ("SSH_ASKPASS", At("hooks/ask")), ("SSH_ASKPASS_REQUIRE", "force"), ("FLUX_PASSWORD", data["password"])]);
        return At("mirror");
    }

    private static void Run(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
