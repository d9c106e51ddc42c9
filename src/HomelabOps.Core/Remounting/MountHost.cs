using HomelabOps.Core.Journal;
using HomelabOps.Core.Mounts;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Remounting;

/// <summary>The machine that a node's mount is made on: the node itself, its hypervisor for a container, the VM by way of its hypervisor.</summary>
internal sealed class MountHost : IDisposable
{
    private const string Part = "--homelabops--";
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestartLimit = TimeSpan.FromMinutes(3);

    private readonly NodeHost _host;
    private readonly HomelabConfigNode _node;

    private MountHost(NodeHost host, HomelabConfigNode node) => (_host, _node) = (host, node);

    private Guest? Guest => _host.Guest;

    /// <summary>Logs in at the host that homelab.yaml names for a node, and finds the node there.</summary>
    /// <exception cref="HomelabException">Those of <see cref="NodeHost.OpenAsync"/>.</exception>
    public static async Task<MountHost> OpenAsync(HomelabConfigNode node, SshLogin login, CancellationToken cancellationToken) => new(await NodeHost.OpenAsync(node, login, cancellationToken), node);

    /// <summary>Looks at a mount and says what would bring it back. Changes nothing.</summary>
    /// <param name="mount">What should be mounted in the node.</param>
    /// <param name="cancellationToken">Ends the commands.</param>
    /// <exception cref="HomelabException">GuestMountMissing: the container does not get the folder from its host.</exception>
    public async Task<RemountPlan> PlanAsync(HomelabConfigMount mount, CancellationToken cancellationToken)
    {
        if (_node.Kind != HomelabNodeKind.Lxc)
        {
            var (state, hasFolder) = await LookAsync(mount.Path, mount.Path, mount, inGuest: Guest is not null, cancellationToken);
            var plan = RemountPlan.Of(mount.Path, state, hasFolder, mount, null);
            return plan with { Commands = [.. plan.Commands.Select(command => Written(command, inGuest: Guest is not null))] };
        }

        var bind = BindMount.Of(BindMount.Parse((await RunAsync(_host.Sudo + _host.Text("config"), CommandLimit, cancellationToken)).Output), mount.Path)
            ?? throw Errors.GuestMountMissing(_node.Name, Guest!.Id, mount.Path);
        var where = bind.OnHost(mount.Path);
        var (onHost, isThere) = await LookAsync(where, where, mount, inGuest: false, cancellationToken);
        var isWell = Guest!.IsRunning && onHost == RemountState.Well && await IsWellInsideAsync(bind, mount, cancellationToken);
        var restart = isWell ? null : _host.Sudo + _host.Text(Guest.IsRunning ? "reboot" : "start");
        var onHostPlan = RemountPlan.Of(where, onHost, isThere, mount, restart);
        return onHostPlan with { Commands = [.. onHostPlan.Commands.Select(command => Written(command, inGuest: false))] };
    }

    /// <summary>Runs the commands of a plan, the restart left out.</summary>
    /// <exception cref="HomelabException">SshCommandFailed: the one that did not work; those after it were not run.</exception>
    public Task RunAsync(RemountPlan plan, ChangeJournal journal, CancellationToken cancellationToken) => journal.RunAsync(Entry(string.Join('\n', plan.Commands)), async () =>
    {
        foreach (var command in plan.Commands)
        {
            await RunAsync(command, CommandLimit, cancellationToken);
        }

        return plan;
    });

    /// <summary>Whether a container still has what was mounted when it started, although its host is well by now.</summary>
    public async Task<bool> MustRestartAsync(HomelabConfigMount mount, CancellationToken cancellationToken) => (await PlanAsync(mount, cancellationToken)).Restart is not null;

    /// <summary>Restarts the container.</summary>
    /// <exception cref="HomelabException">SshCommandFailed.</exception>
    public Task RestartAsync(RemountPlan plan, ChangeJournal journal, CancellationToken cancellationToken) =>
        journal.RunAsync(Entry(plan.Restart!), () => RunAsync(plan.Restart!, RestartLimit, cancellationToken));

    public void Dispose() => _host.Dispose();

    /// <inheritdoc/>
    public override string ToString() => _host.ToString();

    private JournalEntry Entry(string change) => new() { Kind = "Node", Name = _node.Name, Change = $"{this}: {change}", Undo = JournalUndo.None("NfsMountRepair") };

    private async Task<bool> IsWellInsideAsync(BindMount bind, HomelabConfigMount mount, CancellationToken cancellationToken) =>
        (await LookAsync(bind.Path, mount.Path, mount, inGuest: true, cancellationToken)).State == RemountState.Well;

    // The table of mounts never blocks; what may block is killed. Both are asked for in one command.
    private async Task<(RemountState State, bool HasFolder)> LookAsync(string at, string path, HomelabConfigMount mount, bool inGuest, CancellationToken cancellationToken)
    {
        var quoted = ShellText.Quote(path);
        var script = $"cat /proc/self/mountinfo; echo {Part}; LC_ALL=C timeout -s KILL 5 stat -f -c %T {quoted} 2>&1; echo {Part}$?; timeout -s KILL 5 test -d {quoted}; echo {Part}$?";

        // The user's own shell there may be any.
        var parts = (await RunAsync(Written(inGuest ? script : $"sh -c {ShellText.Quote(script)}", inGuest), CommandLimit, cancellationToken)).Output.Split(Part);
        if (parts.Length != 4)
        {
            throw Errors.SshCommandFailed(_host.Target, script, 0, string.Concat(parts));
        }

        var (answer, ended, hasFolder) = (parts[1], parts[2].Split('\n')[0], parts[3].Trim() == "0");
        return MountTable.Parse(parts[0].Split('\n')).At(at) is not { } entry ? (RemountState.Missing, hasFolder) : (ended switch
        {
            "137" => RemountState.Hung,
            "0" when !MountSource.Matches(mount.Source!, entry) || (entry.IsNfs && !IsAsWanted(mount, entry)) => RemountState.Other,
            "0" => RemountState.Well,
            _ when answer.Contains("Stale", StringComparison.Ordinal) => RemountState.Stale,
            _ => RemountState.Other,
        }, true);
    }

    private static bool IsAsWanted(HomelabConfigMount mount, MountEntry entry) => (mount.Version is not { } version || MountJudge.IsVersion(entry, version)) && MountJudge.Lacking(mount, entry).Count == 0;

    // A command as it is typed on the host. A script goes to a shell of its own, so that sudo is for all of it.
    private string Written(string command, bool inGuest) => !inGuest ? _host.Sudo + command
        : _node.Kind == HomelabNodeKind.Lxc ? $"{_host.Sudo}{_host.Text("exec")} -- sh -c {ShellText.Quote(command)}"
        : $"{_host.Sudo}{_host.Text("guest exec")} --timeout 60 -- sh -c {ShellText.Quote(command)}";

    private Task<SshResult> RunAsync(string command, TimeSpan limit, CancellationToken cancellationToken) => _host.RunAsync(command, limit, cancellationToken);
}
