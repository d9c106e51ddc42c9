using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Tests.Faults;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Repairs;

/// <summary>
/// Repair-NfsMount as it is typed, from the host behind a real sshd to the pods of the embedded homelab. Proxmox' program is played, what is
/// mounted is memory with the export's name, and what the container sees after its restart the node sees as well.
/// </summary>
public sealed class RepairNfsMountTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>, IDisposable
{
    private const string Node = "k3s-w1";
    private const string Media = "/data/media";
    private const string Source = "192.168.1.10:/mnt/user/media";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-repair-").FullName;
    private SshServer? _host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Where => At("media");

    private string Inside => At("inside");

    private string Mounting => $"mount -t nfs -o vers=4.2 {Source} {Where}";

    public void Dispose()
    {
        _host?.Dispose();
        Scratch.Delete(_folder);
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("-RestartContainer", true, false)]
    [InlineData("-RestartContainer -RestartPod", true, true)]
    public async Task It_looks_from_the_node_and_restarts_what_was_agreed_to(string switches, bool container, bool pods)
    {
        await BreakAsync();
        var before = Pods();

        // What the restart of the container does to the node.
        using var ended = new CancellationTokenSource();
        var node = homelab.Homelab.Nodes.Node(Node);
        var restarting = Task.Run(async () =>
        {
            while (!Log().Contains("pct reboot 101") && !ended.IsCancellationRequested)
            {
                await Task.Delay(50, CancellationToken.None);
            }

            node.Remount(Media);
        }, Stop);
        var result = await RunAsync($"Repair-NfsMount {Node} {Media} -Force {switches} -Confirm:$false -TimeoutSeconds 120", "known");
        await ended.CancelAsync();
        await restarting;

        Assert.True(result.ExitCode == 0, result.Error);
        string[] commands = container ? [Mounting, "pct reboot 101"] : [Mounting];
        Assert.Equal(commands, Log());
        var told = Assert.Single(result.Lines, line => line.StartsWith("told ", StringComparison.Ordinal)).Split(' ');
        Assert.Equal((container ? "Mounted" : "Stale", $"{container}"), (told[1], told[2]));
        Assert.Contains(told[3..], name => name.StartsWith("sonarr-", StringComparison.Ordinal));
        Assert.Equal(!container || !pods, (result.Output + result.Error).Contains("Nobody can be asked here", StringComparison.Ordinal));

        // All that held the old mount, and no other.
        string[] gone = pods ? told[3..] : [];
        await homelab.UntilAsync(() => Task.FromResult(before.Except(Pods()).Order(StringComparer.Ordinal).SequenceEqual(gone.Order(StringComparer.Ordinal))), "the right pods are gone", TimeSpan.Zero);
    }

    [Fact]
    public async Task WhatIf_shows_the_very_commands_and_runs_none()
    {
        await BreakAsync();
        var result = await RunAsync($"Repair-NfsMount {Node} {Media} -Force -RestartContainer -RestartPod -WhatIf", "known");
        homelab.Homelab.Nodes.Node(Node).SetMount(Media, MountFault.None);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"{Mounting}\npct reboot 101", result.Output, StringComparison.Ordinal);
        Assert.Empty(Log());
        Assert.False(Directory.Exists(At("state/journal")));
    }

    [Fact]
    public async Task A_host_whose_key_has_changed_is_not_logged_in_at()
    {
        await BreakAsync();
        var result = await RunAsync($"Repair-NfsMount {Node} {Media} -Force -RestartContainer -Confirm:$false", "other");
        homelab.Homelab.Nodes.Node(Node).SetMount(Media, MountFault.None);
        Assert.Contains("ssh-keygen -R", result.Error, StringComparison.Ordinal);
        Assert.Empty(Log());
    }

    [Theory]
    [InlineData(SshServer.Password, true)]
    [InlineData("wrong donkey", false)]
    public async Task Without_a_key_the_password_of_the_credential_lets_in(string password, bool isRight)
    {
        await BreakAsync(withPassword: true);
        var login = $"-Credential ([pscredential]::new('root', [System.Net.NetworkCredential]::new('', '{password}').SecurePassword))";
        var result = await RunAsync($"Repair-NfsMount {Node} {Media} -Force -Confirm:$false -TimeoutSeconds 120", "known", login);
        homelab.Homelab.Nodes.Node(Node).SetMount(Media, MountFault.None);
        string[] commands = isRight ? [Mounting] : [];
        Assert.Equal(commands, Log());
        Assert.Equal(isRight, result.Error.Length == 0 && result.ExitCode == 0);
        Assert.Equal(!isRight, result.Error.Contains("127.0.0.1", StringComparison.Ordinal));
        Assert.DoesNotContain(password, result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(password, Directory.Exists(At("state")) ? string.Concat(Directory.EnumerateFiles(At("state"), "*", SearchOption.AllDirectories).Select(File.ReadAllText)) : "", StringComparison.Ordinal);
    }

    private async Task BreakAsync(bool withPassword = false)
    {
        Assert.SkipWhen(Environment.UserName != "root" || !OperatingSystem.IsLinux(), "There is no right to mount.");
        await homelab.UntilWellAsync();
        Directory.CreateDirectory(Where);
        Directory.CreateDirectory(Inside);
        Program("mount", $"case \"$1 $2\" in '-t nfs') echo \"mount $*\" >> '{At("log")}'; for last; do target=$source; source=$last; done; exec /bin/mount -t tmpfs -o size=1m \"$target\" \"$source\";; esac; exec /bin/mount \"$@\"");

        // The container has a folder of its own at that place, which is another one here.
        Program("pct", $$"""
            case "$1" in
              list) printf 'VMID       Status     Lock         Name                \n101        running                 {{Node}}\n';;
              config) printf 'arch: amd64\nmp0: %s,mp={{Media}}\n' '{{Where}}';;
              exec) sh -c "$(printf %s "$6" | sed 's#{{Media}}#{{Inside}}#g')" | sed 's#{{Inside}}#{{Media}}#g';;
              reboot) /bin/umount -l '{{Inside}}'; /bin/mount --bind '{{Where}}' '{{Inside}}' && echo "pct $*" >> '{{At("log")}}';;
            esac
            """);
        var path = $"SetEnv PATH={At("bin")}:/usr/sbin:/usr/bin:/sbin:/bin";
        _host = withPassword
            ? SshServer.StartWithPassword(At("ssh"), path + "\nPermitRootLogin yes\nPasswordAuthentication yes")
            : SshServer.Start(At("ssh"), path, "unshare", "--mount", "--fork", "--kill-child");
        Assert.SkipWhen(_host is null, "There is no sshd on this machine.");
        homelab.Homelab.Nodes.Node(Node).SetMount(Media, MountFault.Stale);
    }

    // In a process of its own, whose user knows the host.
    private async Task<ConsoleProcess.Result> RunAsync(string command, string hosts, string? login = null)
    {
        Directory.CreateDirectory(At("home/.ssh"));
        File.Copy(At($"ssh/{hosts}"), At("home/.ssh/known_hosts"));
        await File.WriteAllTextAsync(At("homelab.yaml"), $"""
            nodes:
            - name: {Node}
              kind: Lxc
              vmId: 101
              sshHost: root@127.0.0.1:{_host!.Port}
            mounts:
            - path: {Media}
              source: {Source}
              version: '4.2'
              nodes: [{Node}]
            """, Stop);
        var script = $"$null = Connect-Homelab '{homelab.Homelab.KubeConfigPath}'; {command} {login ?? $"-KeyFile '{At("ssh/user")}'"} | ForEach-Object {{ \"told $($_.State) $($_.Healthy) $(($_.AffectedPods | ForEach-Object Name) -join ' ')\" }}";
        return await ConsoleProcess.RunForAsync(TimeSpan.FromMinutes(5), script, Stop, ("HOME", At("home")), ("SSH_AUTH_SOCK", null), ("HOMELABOPS_CONFIG", At("homelab.yaml")), ("HOMELABOPS_STATE", At("state")));
    }

    // Those of the applications: Jobs and probes come and go by themselves, and VolSync makes its own anew when the application that its node
    // follows is not there for a moment.
    private string[] Pods() => [.. homelab.All(ResourceType.Pod)
        .Where(pod => pod["metadata"]!["ownerReferences"] is System.Text.Json.Nodes.JsonArray owners && owners.All(owner => (string?)owner!["kind"] != "Job") && !VolSyncNames.IsVolSyncs(pod) && Cells.Text(pod, "metadata.deletionTimestamp").Length == 0)
        .Select(pod => Cells.Text(pod, "metadata.name"))];

    private string[] Log() => File.Exists(At("log")) ? File.ReadAllLines(At("log")) : [];

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
