using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Remounting;

/// <summary>The machine that a node is part of, over SSH: the node itself, or the hypervisor of its container or VM.</summary>
internal sealed class NodeHost : IDisposable
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(1);

    private readonly SshConnection _ssh;
    private readonly HomelabConfigNode _node;

    private NodeHost(SshConnection ssh, HomelabConfigNode node, string sudo) => (_ssh, _node, Sudo) = (ssh, node, sudo);

    /// <summary>The container or VM; null where the node is the machine itself.</summary>
    public Guest? Guest { get; private set; }

    /// <summary>What makes a command one of root's; empty for root.</summary>
    public string Sudo { get; }

    /// <summary>Where it is.</summary>
    public SshTarget Target => _ssh.Target;

    /// <summary>The program of the hypervisor that has the guest.</summary>
    public string Program => _node.Kind == HomelabNodeKind.Lxc ? "pct" : "qm";

    /// <summary>Logs in at the host that homelab.yaml names for a node, and finds the node there.</summary>
    /// <exception cref="HomelabException">MountHostUnknown, GuestNotFound, SshCommandFailed, and what <see cref="SshConnection.OpenAsync"/> throws.</exception>
    public static async Task<NodeHost> OpenAsync(HomelabConfigNode node, SshLogin login, CancellationToken cancellationToken)
    {
        var ssh = await SshConnection.OpenAsync(SshTarget.Parse(node.SshHost ?? throw Errors.MountHostUnknown(node.Name)), login, cancellationToken);
        try
        {
            // Whoever is not root needs sudo without a password: nobody could type it.
            var sudo = (await ssh.RunAsync("id -u", CommandLimit, cancellationToken)).Output.Trim() == "0" ? "" : "sudo -n ";
            var host = new NodeHost(ssh, node, sudo);
            if (node.Kind != HomelabNodeKind.Host)
            {
                await host.FindGuestAsync(cancellationToken);
            }

            return host;
        }
        catch
        {
            ssh.Dispose();
            throw;
        }
    }

    /// <summary>Looks anew at how the guest is.</summary>
    /// <exception cref="HomelabException">GuestNotFound, SshCommandFailed.</exception>
    public async Task<Guest> FindGuestAsync(CancellationToken cancellationToken)
    {
        var guests = Guest.Parse((await RunAsync($"{Sudo}{Program} list", CommandLimit, cancellationToken)).Output);
        Guest = guests.Where(guest => _node.VmId is { } id ? guest.Id == id : guest.Name == _node.Name).ToList() is [var only] ? only
            : throw Errors.GuestNotFound(Target, _node, [.. guests.Select(guest => $"{guest.Id} {guest.Name}")]);
        return Guest;
    }

    /// <summary>A command of the hypervisor's program for the guest.</summary>
    public string Text(string verb) => string.Create(CultureInfo.InvariantCulture, $"{Program} {verb} {Guest!.Id}");

    /// <summary>Runs a command on the host.</summary>
    /// <exception cref="HomelabException">SshCommandFailed.</exception>
    public async Task<SshResult> RunAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        var result = await _ssh.RunAsync(command, limit, cancellationToken);

        // The agent in a VM wraps what the command wrote and how it ended.
        if (result.ExitCode == 0 && command.Contains("qm guest exec ", StringComparison.Ordinal))
        {
            result = Unwrapped(result);
        }

        return result.ExitCode == 0 ? result : throw Errors.SshCommandFailed(_ssh.Target, command, result.ExitCode, result.Error.Length > 0 ? result.Error : result.Output);
    }

    public void Dispose() => _ssh.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Guest is null ? Target.ToString() : $"{Target} ({_node.Kind} {Guest.Id})";

    private static SshResult Unwrapped(SshResult result)
    {
        try
        {
            var answer = JsonNode.Parse(result.Output);
            return new((int?)answer?["exitcode"] ?? -1, (string?)answer?["out-data"] ?? "", (string?)answer?["err-data"] ?? "");
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException or FormatException)
        {
            return result with { ExitCode = -1 };
        }
    }
}
