using HomelabOps.Core.Journal;
using HomelabOps.Core.Remounting;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Remounting;

/// <summary>Guests of a Proxmox host behind a real sshd; only Proxmox' own programs are played.</summary>
public sealed class GuestPowerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly SshServer? _server;

    public GuestPowerTests()
    {
        Program("pct", $$"""
            case "$1" in
              list) state=running; test -e '{{At("off")}}' && state=stopped; printf 'VMID       Status     Lock         Name                \n101        %s                 k3s-w1              \n102        running                 k3s-w2              \n' $state;;
              stop) echo "$*" >> '{{At("log")}}'; test -e '{{At("stubborn")}}' || touch '{{At("off")}}';;
            esac
            """);
        _server = SshServer.Start(At("ssh"), $"SetEnv PATH={At("bin")}:/usr/sbin:/usr/bin:/sbin:/bin");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ChangeJournal Journal => new(At("journal"));

    public void Dispose()
    {
        _server?.Dispose();
        Scratch.Delete(_folder);
    }

    [Fact]
    public async Task A_container_is_stopped_once_and_no_other_one_is()
    {
        Assert.Contains("was stopped", await StopAsync(new() { Name = "k3s-w1" }), StringComparison.Ordinal);
        Assert.Contains("is off", await StopAsync(new() { Name = "k3s-w1" }), StringComparison.Ordinal);
        Assert.Equal("stop 101\n", await File.ReadAllTextAsync(At("log"), Token));
        Assert.Equal([JournalState.Started, JournalState.Done], Journal.Read().Select(entry => entry.State));
    }

    [Fact]
    public async Task One_that_runs_on_is_told()
    {
        await File.WriteAllTextAsync(At("stubborn"), "", Token);
        Assert.Equal("FenceFailed", (await Assert.ThrowsAsync<HomelabException>(() => StopAsync(new() { Name = "k3s-w1" }))).Id);
        Assert.Equal("FenceImpossible", (await Assert.ThrowsAsync<HomelabException>(() => StopAsync(new() { Name = "k3s-w1", Kind = HomelabNodeKind.Host }))).Id);
        Assert.Equal("GuestNotFound", (await Assert.ThrowsAsync<HomelabException>(() => StopAsync(new() { Name = "k3s-w3" }))).Id);
    }

    private Task<string> StopAsync(HomelabConfigNode node)
    {
        Assert.SkipWhen(_server is null, "There is no sshd on this machine.");
        var login = new SshLogin { KeyFile = At("ssh/user"), AgentSocket = null, Hosts = new([At("ssh/known")]), Timeout = TimeSpan.FromSeconds(60) };
        return GuestPower.StopAsync(node with { SshHost = $"{Environment.UserName}@127.0.0.1:{_server!.Port}" }, login, Journal, Token);
    }

    private void Program(string name, string script)
    {
        Directory.CreateDirectory(At("bin"));
        File.WriteAllText(At($"bin/{name}"), "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}
