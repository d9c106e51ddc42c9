using HomelabOps.Core.Journal;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Remounting;

/// <summary>Takes the power of containers and VMs on their Proxmox host.</summary>
internal static class GuestPower
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    /// <summary>Stops a guest at once, and looks whether it has. One that is off stays so.</summary>
    /// <param name="node">The node, with its host.</param>
    /// <param name="login">How to log in there.</param>
    /// <param name="journal">Where it is written down.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <returns>What came of it, for people.</returns>
    /// <exception cref="HomelabException">FenceImpossible: it is a machine of its own. FenceFailed: it runs on. And those of <see cref="NodeHost.OpenAsync"/>.</exception>
    public static async Task<string> StopAsync(HomelabConfigNode node, SshLogin login, ChangeJournal journal, CancellationToken cancellationToken)
    {
        if (node.Kind == HomelabNodeKind.Host)
        {
            throw Errors.FenceImpossible(node.Name);
        }

        using var host = await NodeHost.OpenAsync(node, login, cancellationToken);
        if (!host.Guest!.IsRunning)
        {
            return Errors.Text("Detail_StepFenceOff", node.Name, host);
        }

        var command = host.Sudo + host.Text("stop");
        await journal.RunAsync(
            new JournalEntry { Kind = "Node", Name = node.Name, Change = $"{host}: {command}", Undo = JournalUndo.None(host.Text("start")) },
            () => host.RunAsync(command, StopLimit, cancellationToken));
        return (await host.FindGuestAsync(cancellationToken)).IsRunning ? throw Errors.FenceFailed(node.Name, host.ToString()) : Errors.Text("Detail_StepFenceStopped", node.Name, host);
    }
}
