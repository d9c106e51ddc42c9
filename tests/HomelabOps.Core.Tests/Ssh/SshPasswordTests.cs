using System.Net;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Ssh;

/// <summary>
/// Logging in with a password at a real sshd. It sees accounts of its own, in a mount namespace that nobody else sees: those of the machine
/// are neither asked nor touched.
/// </summary>
public sealed class SshPasswordTests : IDisposable
{
    private const string Password = SshServer.Password;
    private const string Plain = "PermitRootLogin yes\nPasswordAuthentication yes";
    private const string Asking = "PermitRootLogin yes\nUsePAM yes\nKbdInteractiveAuthentication yes";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Scratch.Delete(_folder);

    [Theory]
    [InlineData(Plain)]
    [InlineData(Asking)]
    public async Task The_right_password_lets_in_and_a_wrong_one_is_told_without_it(string settings)
    {
        using var server = Start(settings);
        using (var connection = await OpenAsync(server, new NetworkCredential("", Password)))
        {
            Assert.Equal(new SshResult(0, "in\n", ""), await connection.RunAsync("echo in", TimeSpan.FromSeconds(60), Token));
        }

        // As a cmdlet has it from a prompt.
        using var typed = new NetworkCredential("", Password).SecurePassword;
        (await OpenAsync(server, new NetworkCredential(Environment.UserName, typed))).Dispose();

        var error = await Assert.ThrowsAsync<HomelabException>(() => OpenAsync(server, new NetworkCredential("", "wrong donkey")));
        Assert.Equal("SshAuthenticationFailed", error.Id);
        Assert.DoesNotContain("wrong donkey", $"{error}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_asked_when_no_key_lets_in()
    {
        using var server = Start(Plain);
        (await OpenAsync(server, new NetworkCredential("", Password), "ssh/stranger")).Dispose();
    }

    [Fact]
    public async Task A_host_that_is_not_the_known_one_never_gets_it()
    {
        using var server = Start(Plain);
        Assert.Equal("SshHostKeyChanged", (await Assert.ThrowsAsync<HomelabException>(() => OpenAsync(server, new NetworkCredential("", Password), hosts: "ssh/other"))).Id);
    }

    private SshServer Start(string settings)
    {
        Assert.SkipWhen(Environment.UserName != "root" || !OperatingSystem.IsLinux(), "There is no right to make a namespace.");
        var server = SshServer.StartWithPassword(At("ssh"), settings);
        Assert.SkipWhen(server is null, "There is no sshd on this machine.");
        return server!;
    }

    private Task<SshConnection> OpenAsync(SshServer server, NetworkCredential credential, string? key = null, string hosts = "ssh/known")
    {
        var login = new SshLogin { KeyFile = key is null ? null : At(key), AgentSocket = null, UsesUsualKeys = false, Credential = credential, Hosts = new([At(hosts)]), Timeout = TimeSpan.FromSeconds(60) };
        return SshConnection.OpenAsync(SshTarget.Parse($"{Environment.UserName}@127.0.0.1:{server.Port}"), login, Token);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
