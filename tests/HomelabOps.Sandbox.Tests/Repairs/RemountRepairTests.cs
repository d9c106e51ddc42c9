using HomelabOps.Core.Journal;
using HomelabOps.Core.Nfs;
using HomelabOps.Core.Repairs;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Core.Tests.Nfs;
using HomelabOps.Sandbox.Tests.Diagnosis;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Repairs;

/// <summary>
/// The mount of a node that is a container, made anew on its host behind a real sshd in a mount namespace of its own. Proxmox' program is
/// played, what is mounted is memory with the export's name, and the file server says that it is there.
/// </summary>
public sealed class RemountRepairTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>, IDisposable
{
    private const string Node = "k3s-w1";
    private const string Media = "/data/media";
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-remount-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Where => At("media");

    public void Dispose() => Scratch.Delete(_folder);

    [Fact]
    public async Task A_mount_that_is_missing_is_made_on_the_host_of_the_node()
    {
        Assert.SkipWhen(Environment.UserName != "root", "There is no right to mount.");
        Directory.CreateDirectory(Where);
        Program("mount", $"case \"$1 $2\" in '-t nfs') echo \"mount $*\" >> '{At("log")}'; for last; do target=$source; source=$last; done; exec /bin/mount -t tmpfs -o size=1m \"$target\" \"$source\";; esac; exec /bin/mount \"$@\"");
        Program("pct", $$"""
            case "$1" in
              list) printf 'VMID       Status     Lock         Name                \n101        running                 {{Node}}\n';;
              config) printf 'arch: amd64\nmp0: %s,mp={{Media}}\n' '{{Where}}';;
              exec) shift 3; exec "$@";;
            esac
            """);
        using var host = SshServer.Start(At("ssh"), $"SetEnv PATH={At("bin")}:/usr/sbin:/usr/bin:/sbin:/bin", "unshare", "--mount", "--fork", "--kill-child");
        Assert.SkipWhen(host is null, "There is no sshd on this machine.");
        using var server = new RpcServer(Version4);
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("NfsMissing", $"{Node}:{Media}", Stop);
        IReadOnlyList<HomelabFinding> found = [];
        await homelab.UntilAsync(async () => (found = await homelab.FindAsync()) is [{ Reason: "MountMissing" }], "it is missing", TimeSpan.FromSeconds(20));
        var action = found[0].Repair!;
        Assert.Equal((HomelabRepairKind.RemountNfs, Media, Node), (action.Kind, action.Path, action.Target.Name));

        var options = new RepairOptions
        {
            Config = new()
            {
                Nodes = [new() { Name = Node, Kind = HomelabNodeKind.Lxc, VmId = 101, SshHost = $"root@127.0.0.1:{host!.Port}" }],
                Mounts = [new() { Path = Media, Source = "127.0.0.1:/mnt/user/media", Version = "4.2", Nodes = [Node] }],
            },
            Login = new() { KeyFile = At("ssh/user"), AgentSocket = null, Hosts = new([At("ssh/known")]), Timeout = TimeSpan.FromSeconds(60) },
            Exports = new NfsExportQuery { PortmapperPort = server.Port, NfsPort = server.Port, Timeout = TimeSpan.FromSeconds(30) },
        };
        await foreach (var notice in new HomelabRepairer(homelab.Homelab.Client, options, Journal).RunAsync(action, Stop))
        {
            Assert.Fail($"{notice}");
        }

        Assert.Equal([$"mount -t nfs -o vers=4.2 127.0.0.1:/mnt/user/media {Where}"], await File.ReadAllLinesAsync(At("log"), Stop));
        Assert.Contains(Journal.Read(), entry => entry is { Kind: "Node", Name: Node } && entry.Change!.Contains("mount -t nfs", StringComparison.Ordinal));
        Assert.Equal(JournalState.Done, Journal.Read().Last().State);

        // What the host does shows on the node.
        homelab.Homelab.Nodes.Node(Node).Remount(Media);
        Assert.Equal([HomelabRepairResult.Gone], await new RepairProof(homelab.Homelab.Client, new() { Config = DiagnosedHomelab.Config, Timeout = TimeSpan.FromMinutes(2) }).ProveAsync(found, Stop));
    }

    private ChangeJournal Journal => new(At("journal"));

    // Every program but NFS is unknown, every version but 4 too, and every path is there.
    private static byte[]? Version4(byte[] call) => call switch
    {
        [_, _, _, _, _, _, _, _, _, _, _, _, 0, 1, 0x86, 0xa3, 0, 0, 0, 4, 0, 0, 0, var procedure, ..] => procedure == 0 ? RpcServer.Reply(call, 0) : RpcServer.Reply(call, 0, 0, 0, 0),
        [_, _, _, _, _, _, _, _, _, _, _, _, 0, 1, 0x86, 0xa3, ..] => RpcServer.Reply(call, 2, 4, 4),
        _ => RpcServer.Reply(call, 1),
    };

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
