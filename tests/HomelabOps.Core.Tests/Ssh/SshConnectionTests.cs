using System.Diagnostics;
using System.Net;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Ssh;

/// <summary>Logging in at a real sshd, with a real agent.</summary>
public sealed class SshConnectionTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly SshServer? _server;

    public SshConnectionTests() => _server = SshServer.Start(Path.Combine(_folder, "ssh"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server?.Dispose();
        Scratch.Delete(_folder);
    }

    [Fact]
    public async Task A_command_gives_what_it_writes_and_how_it_ended()
    {
        using var connection = await OpenAsync("user", "known");
        Assert.Equal(new SshResult(3, "a b'c\n", "trouble\n"), await connection.RunAsync("printf '%s\\n' \"a b'c\"; echo trouble >&2; exit 3", Limit, Token));
        Assert.Equal(100_000, (await connection.RunAsync("head -c 100000 /dev/zero | tr '\\0' x", Limit, Token)).Output.Length);
        Assert.Equal("SshUnreachable", (await Assert.ThrowsAsync<HomelabException>(() => connection.RunAsync("sleep 30", TimeSpan.FromMilliseconds(300), Token))).Id);
    }

    [Theory]
    [InlineData("stranger", "known", "SshAuthenticationFailed", "ssh-add")]
    [InlineData("user", "nobody", "SshHostUnknown", "SHA256:|Log in once by hand")]
    [InlineData("user", "other", "SshHostKeyChanged", "ssh-keygen -R '[127.0.0.1]:")]
    public async Task What_is_not_trusted_says_what_to_do(string key, string hosts, string id, string words)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => OpenAsync(key, hosts));
        Assert.Equal((id, false), (error.Id, error.Terminates));
        Assert.All(words.Split('|'), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_was_taken_back_is_never_trusted()
    {
        Server();
        var known = await File.ReadAllTextAsync(At("known"), Token);
        await File.WriteAllTextAsync(At("revoked"), $"{known}\n@revoked * {string.Join(' ', known.Split(' ')[1..])}", Token);
        Assert.Equal("SshHostKeyChanged", (await Assert.ThrowsAsync<HomelabException>(() => OpenAsync("user", "revoked"))).Id);
    }

    [Fact]
    public async Task Hashed_names_patterns_and_other_lines_are_understood()
    {
        Server();
        File.Copy(At("known"), At("hashed"));
        Run("ssh-keygen", "-q", "-H", "-f", At("hashed"));
        Assert.DoesNotContain("127.0.0.1", await File.ReadAllTextAsync(At("hashed"), Token), StringComparison.Ordinal);
        (await OpenAsync("user", "hashed")).Dispose();

        var key = string.Join(' ', (await File.ReadAllTextAsync(At("host.pub"), Token)).Split(' ')[..2]);
        await File.WriteAllTextAsync(At("patterns"), $"# a comment\n\nnonsense\nelse !@# x\n[127.0.0.*]:{_server!.Port},pve {key} me\n", Token);
        (await OpenAsync("user", "patterns")).Dispose();

        await File.WriteAllTextAsync(At("excluded"), $"[127.0.0.*]:*,![127.0.0.1]:{_server.Port} {key}\n", Token);
        Assert.Equal("SshHostUnknown", (await Assert.ThrowsAsync<HomelabException>(() => OpenAsync("user", "excluded"))).Id);
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task An_agent_signs_with_keys_that_it_keeps(string type)
    {
        Server();
        Run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", At("agents"));
        await File.AppendAllTextAsync(At("authorized"), await File.ReadAllTextAsync(At("agents.pub"), Token), Token);
        using var agent = await SshAgent.StartAsync(At("agent"), Token);
        agent.Keep(At("agents"));
        using var connection = await SshConnection.OpenAsync(Target, new SshLogin { AgentSocket = agent.Address, UsesUsualKeys = false, Hosts = new([At("known")]), Timeout = Limit }, Token);
        Assert.Equal("in\n", (await connection.RunAsync("echo in", Limit, Token)).Output);
    }

    [Fact]
    public async Task A_key_with_a_passphrase_needs_it()
    {
        Server();
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "correct horse", "-f", At("locked"));
        await File.AppendAllTextAsync(At("authorized"), await File.ReadAllTextAsync(At("locked.pub"), Token), Token);
        Assert.Equal("SshKeyUnreadable", (await Assert.ThrowsAsync<HomelabException>(() => OpenAsync("locked", "known"))).Id);
        using var connection = await SshConnection.OpenAsync(Target, Login("locked", "known") with { Credential = new NetworkCredential("", "correct horse") }, Token);
        Assert.Equal(0, (await connection.RunAsync("true", Limit, Token)).ExitCode);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_told()
    {
        Server();
        Assert.Equal("SshUnreachable", (await Assert.ThrowsAsync<HomelabException>(() => SshConnection.OpenAsync(new("me", "127.0.0.1", 1), Login("user", "known"), Token))).Id);
    }

    private SshTarget Target => SshTarget.Parse($"{Environment.UserName}@127.0.0.1:{Server().Port}");

    private Task<SshConnection> OpenAsync(string key, string hosts) => SshConnection.OpenAsync(Target, Login(key, hosts), Token);

    private SshLogin Login(string key, string hosts) => new() { KeyFile = At(key), AgentSocket = null, Hosts = new([At(hosts)]), Timeout = Limit };

    private string At(string name) => Path.Combine(_folder, "ssh", name);

    private SshServer Server()
    {
        Assert.SkipWhen(_server is null, "There is no sshd on this machine.");
        return _server!;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
