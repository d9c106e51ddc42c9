using HomelabOps.Core.Journal;
using HomelabOps.Core.Remounting;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Remounting;

/// <summary>
/// Mounts on a host behind a real sshd in a mount namespace of its own. Only Proxmox' programs are played, and what the kernel
/// may lack: NFS mounts are mounts of memory with the export's name, and a server's silence is that of stat.
/// </summary>
public sealed class MountHostTests : IDisposable
{
    private const string Source = "nas:/mnt/user/my media";
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly SshServer? _server;

    public MountHostTests()
    {
        Directory.CreateDirectory(Where);
        Directory.CreateDirectory(Inside);
        Program("mount", $"case \"$1 $2\" in '-t nfs') echo \"mount $*\" >> '{Log}'; for last; do target=$source; source=$last; done; exec /bin/mount -t tmpfs -o size=1m \"$target\" \"$source\";; esac; exec /bin/mount \"$@\"");
        Program("umount", $"echo \"umount $*\" >> '{Log}'; exec /bin/umount \"$@\"");

        // Shells may call it when they start, and must not hang then.
        Program("stat", $"if test \"$1\" = -f; then test -e '{At("hangs")}' && exec sleep 60; test -e '{At("stale")}' && {{ echo \"stat: cannot stat: Stale file handle\" >&2; exit 1; }}; fi; exec /usr/bin/stat \"$@\"");
        Program("pct", $$"""
            echo "pct $*" >> '{{Log}}'
            case "$1" in
              list) printf 'VMID       Status     Lock         Name                \n101        running                 k3s-w1              \n102        stopped    backup       k3s-cp1\n';;
              config) printf 'arch: amd64\nmp0: %s,mp=%s,backup=0\nnet0: name=eth0\n' "{{Where}}" "{{Inside}}";;
              exec) shift 3; exec "$@";;
              reboot) /bin/umount -l "{{Inside}}"; exec /bin/mount --bind "{{Where}}" "{{Inside}}";;
            esac
            """);
        Program("qm", """
            case "$1" in
              list) printf '      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID       \n       201 k3s-w1               running    4096              32.00 1234      \n';;
              guest) shift 6; out=$("$@" 2>&1); code=$?; jq -n --arg out "$out" --argjson code $code '{"exitcode":$code,"exited":1,"out-data":$out}';;
            esac
            """);
        _server = SshServer.Start(At("ssh"), $"SetEnv PATH={At("bin")}:/usr/sbin:/usr/bin:/sbin:/bin", "unshare", "--mount", "--fork", "--kill-child");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // With what has to be quoted.
    private string Where => At("it's my media");

    private string Inside => At("inside media");

    private string Log => At("log");

    public void Dispose()
    {
        _server?.Dispose();
        Scratch.Delete(_folder);
    }

    [Theory]
    [InlineData(HomelabNodeKind.Host)]
    [InlineData(HomelabNodeKind.Vm)]
    public async Task What_is_missing_is_mounted_and_what_hangs_or_is_stale_is_taken_away_first(HomelabNodeKind kind)
    {
        using var host = await OpenAsync(new() { Name = "k3s-w1", Kind = kind });
        var mount = new HomelabConfigMount { Path = Where, Source = Source, Version = "3", Options = ["soft", "vers=4"] };
        var quoted = ShellText.Quote(Where);
        var (mounting, taking) = ($"mount -t nfs -o vers=3,soft 'nas:/mnt/user/my media' {quoted}", $"umount -l {quoted}");

        var plan = await host.PlanAsync(mount, Token);
        Assert.Equal((RemountState.Missing, Written(kind, mounting)), (plan.State, plan.Text));
        await host.RunAsync(plan, Journal, Token);
        Assert.True((await host.PlanAsync(mount, Token)).IsEmpty);

        foreach (var (flag, state) in new[] { ("hangs", RemountState.Hung), ("stale", RemountState.Stale) })
        {
            await File.WriteAllTextAsync(At(flag), "", Token);
            plan = await host.PlanAsync(mount, Token);
            Assert.Equal((state, $"{Written(kind, taking)}\n{Written(kind, mounting)}"), (plan.State, plan.Text));
            await host.RunAsync(plan, Journal, Token);
            File.Delete(At(flag));
            Assert.True((await host.PlanAsync(mount, Token)).IsEmpty);
        }

        // What else is there is not what is wanted.
        Assert.Equal(RemountState.Other, (await host.PlanAsync(mount with { Source = "nas:/mnt/user/other" }, Token)).State);
        Assert.Equal(["mount -t nfs -o vers=3,soft nas:/mnt/user/my media " + Where, "umount -l " + Where], (await File.ReadAllLinesAsync(Log, Token)).Distinct());
        Assert.Equal([JournalState.Started, JournalState.Done], Journal.Read().Select(entry => entry.State).Distinct());
        Assert.Contains(mounting.Split(' ')[0], Journal.Read().First().Change, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(101)]
    public async Task A_container_gets_its_mount_from_the_host_and_keeps_the_old_one_until_it_restarts(int? id)
    {
        using var host = await OpenAsync(new() { Name = id is null ? "k3s-w1" : "renamed", Kind = HomelabNodeKind.Lxc, VmId = id });
        var mount = new HomelabConfigMount { Path = Inside, Source = Source };

        var plan = await host.PlanAsync(mount, Token);
        Assert.Equal((Where, RemountState.Missing, "pct reboot 101"), (plan.Where, plan.State, plan.Restart));
        Assert.Equal([$"mount -t nfs 'nas:/mnt/user/my media' {ShellText.Quote(Where)}"], plan.Commands);
        Assert.EndsWith("\npct reboot 101", plan.Text, StringComparison.Ordinal);
        await host.RunAsync(plan, Journal, Token);

        // The host is well, the container still sees an empty folder.
        Assert.True(await host.MustRestartAsync(mount, Token));
        await host.RestartAsync(plan, Journal, Token);
        Assert.False(await host.MustRestartAsync(mount, Token));
        Assert.True((await host.PlanAsync(mount, Token)).IsEmpty);
        Assert.DoesNotContain("reboot 102", await File.ReadAllTextAsync(Log, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mount_without_an_option_that_is_wanted_is_made_anew()
    {
        Program("cat", "/bin/cat \"$@\" | sed 's/ - tmpfs nas:/ - nfs4 nas:/'");
        using var host = await OpenAsync(new() { Name = "k3s-w1", Kind = HomelabNodeKind.Host });
        var mount = new HomelabConfigMount { Path = Where, Source = Source, Options = ["size=1024k", "bg"] };
        await host.RunAsync(await host.PlanAsync(mount, Token), Journal, Token);
        Assert.True((await host.PlanAsync(mount, Token)).IsEmpty);
        var plan = await host.PlanAsync(mount with { Options = ["hard"] }, Token);
        Assert.Equal((RemountState.Other, 2), (plan.State, plan.Commands.Count));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_made()
    {
        using var host = await OpenAsync(new() { Name = "k3s-w1", Kind = HomelabNodeKind.Host });
        var mount = new HomelabConfigMount { Path = At("new/media"), Source = Source };
        var plan = await host.PlanAsync(mount, Token);
        Assert.StartsWith("mkdir -p ", plan.Text, StringComparison.Ordinal);
        await host.RunAsync(plan, Journal, Token);
        Assert.True((await host.PlanAsync(mount, Token)).IsEmpty);
    }

    [Theory]
    [InlineData("k3s-w9", null, HomelabNodeKind.Lxc, "GuestNotFound", "101 k3s-w1, 102 k3s-cp1")]
    [InlineData("k3s-w1", 999, HomelabNodeKind.Lxc, "GuestNotFound", "999")]
    [InlineData("k3s-w9", null, HomelabNodeKind.Vm, "GuestNotFound", "201 k3s-w1")]
    public async Task Who_is_not_on_the_host_is_told_with_those_that_are(string name, int? id, HomelabNodeKind kind, string error, string words)
    {
        var thrown = await Assert.ThrowsAsync<HomelabException>(() => OpenAsync(new() { Name = name, VmId = id, Kind = kind }));
        Assert.Equal(error, thrown.Id);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_without_the_mount_point_is_told_how_it_gets_one()
    {
        using var host = await OpenAsync(new() { Name = "k3s-w1", Kind = HomelabNodeKind.Lxc });
        var thrown = await Assert.ThrowsAsync<HomelabException>(() => host.PlanAsync(new() { Path = "/data/media", Source = Source }, Token));
        Assert.Equal("GuestMountMissing", thrown.Id);
        Assert.Contains("pct set 101", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_ends_it_and_is_told_with_its_words()
    {
        using var host = await OpenAsync(new() { Name = "k3s-w1", Kind = HomelabNodeKind.Host });
        Program("mount", "echo 'mount.nfs: access denied by server' >&2; exit 32");
        var plan = await host.PlanAsync(new() { Path = Where, Source = Source }, Token);
        var thrown = await Assert.ThrowsAsync<HomelabException>(() => host.RunAsync(plan, Journal, Token));
        Assert.Equal("SshCommandFailed", thrown.Id);
        Assert.Contains("access denied by server", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(JournalState.Failed, Journal.Read().Last().State);
    }

    [Fact]
    public async Task A_node_without_a_host_is_told_what_to_write() =>
        Assert.Equal("MountHostUnknown", (await Assert.ThrowsAsync<HomelabException>(() => MountHost.OpenAsync(new() { Name = "k3s-w1" }, new(), Token))).Id);

    private static string Written(HomelabNodeKind kind, string command) => kind == HomelabNodeKind.Host ? command : $"qm guest exec 201 --timeout 60 -- sh -c {ShellText.Quote(command)}";

    private ChangeJournal Journal => new(At("journal"));

    private Task<MountHost> OpenAsync(HomelabConfigNode node)
    {
        Assert.SkipWhen(_server is null || Environment.UserName != "root", "There is no sshd on this machine, or no right to mount.");
        var login = new SshLogin { KeyFile = At("ssh/user"), AgentSocket = null, Hosts = new([At("ssh/known")]), Timeout = TimeSpan.FromSeconds(60) };
        return MountHost.OpenAsync(node with { SshHost = $"{Environment.UserName}@127.0.0.1:{_server!.Port}" }, login, Token);
    }

    private void Program(string name, string script)
    {
        var path = At($"bin/{name}");
        Directory.CreateDirectory(At("bin"));
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}
