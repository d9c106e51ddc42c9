using System.Globalization;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Mounts;
using HomelabOps.Core.Nfs;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Remounting;

/// <summary>Brings mounts back: looks from the node, works on the node's host, and looks from the node again.</summary>
/// <param name="client">The cluster.</param>
/// <param name="config">Hosts and mounts.</param>
/// <param name="login">How to log in at hosts.</param>
/// <param name="journal">Where changes are written down.</param>
/// <param name="timeout">How long a node may take to see what was done.</param>
internal sealed class MountRepair(ClusterClient client, HomelabConfig config, SshLogin login, ChangeJournal journal, TimeSpan timeout)
{
    /// <summary>Where changes are written down.</summary>
    public ChangeJournal Journal => journal;

    /// <summary>How long a node may take to see what was done.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>How nodes are looked at.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>How servers are asked what they export.</summary>
    public NfsExportQuery Exports { get; init; } = new();

    /// <summary>The node that is meant, where its container or VM was named by number.</summary>
    public static string NameOf(string typed, HomelabConfig config) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && config.Nodes.FirstOrDefault(node => node.VmId == id) is { } found ? found.Name : typed;

    /// <summary>Logs in at the host of a node and plans what is to be done. Changes nothing.</summary>
    /// <param name="status">The mount as the node sees it.</param>
    /// <param name="force">Goes on although the export cannot be seen from here.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">MountHostUnknown, MountSourceUnknown, NfsExportUnavailable, and what <see cref="MountHost"/> throws.</exception>
    public async Task<MountJob> PrepareAsync(NfsMountStatus status, bool force, CancellationToken cancellationToken)
    {
        var node = config.Nodes.FirstOrDefault(node => node.Name == status.Node) ?? throw Errors.MountHostUnknown(status.Node);
        var mount = config.Mounts.FirstOrDefault(mount => mount.Path.TrimEnd('/') == status.Path) is { Source: { } source } found && NfsSource.Parse(source)?.Export is not null ? found : throw Errors.MountSourceUnknown(status.Path);
        if (!force)
        {
            // Taking a mount away, or waiting for a new one, helps nobody while the server is down.
            await CheckAsync(mount.Source!, cancellationToken);
        }

        var host = await MountHost.OpenAsync(node, login, cancellationToken);
        try
        {
            return new(this, host, status, mount, await host.PlanAsync(mount, cancellationToken));
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    // That nobody tells what is exported, as on a server of version 4 alone, is no reason against it.
    private async Task CheckAsync(string source, CancellationToken cancellationToken)
    {
        await foreach (var item in NfsExportReader.ReadAsync(Exports with { Servers = [source] }, cancellationToken))
        {
            if (item.Value is { Healthy: false } export && (!export.Reachable || export.Exported == false))
            {
                throw Errors.NfsExportUnavailable(source, export.Message);
            }
        }
    }

    /// <summary>Those of the affected pods that something would make again.</summary>
    public async Task<IReadOnlyList<ResourceReference>> RestartableAsync(NfsMountStatus status, CancellationToken cancellationToken)
    {
        var pods = new List<ResourceReference>();
        if (status.AffectedPods.Count > 0)
        {
            await foreach (var item in PodReader.ReadAsync(client, new PodQuery { Nodes = [status.Node] }, cancellationToken))
            {
                if (item.Value is { Owner: not null } pod && status.AffectedPods.Any(affected => affected.Namespace == pod.Namespace && affected.Name == pod.Name))
                {
                    pods.Add(pod.Reference);
                }
            }
        }

        return pods;
    }

    /// <summary>Deletes pods, so that new ones mount what is there now.</summary>
    public async Task<int> RestartAsync(IReadOnlyList<ResourceReference> pods, CancellationToken cancellationToken)
    {
        foreach (var pod in pods)
        {
            var entry = new JournalEntry { Cluster = client.Name, Kind = pod.Kind, Namespace = pod.Namespace, Name = pod.Name, Change = "delete", Undo = JournalUndo.None("NfsMountRepair") };
            await journal.RunAsync(entry, () => client.DeleteAsync(ResourceType.Pod, pod.Namespace, pod.Name, new DeleteRequest(), cancellationToken));
        }

        return pods.Count;
    }

    /// <summary>The mount as its node sees it now; null where it is not told.</summary>
    public async Task<NfsMountStatus?> LookAsync(NfsMountStatus status, CancellationToken cancellationToken)
    {
        NfsMountStatus? seen = null;
        await foreach (var item in NfsMountTester.TestAsync(client, new() { Nodes = [new ResourcePattern(status.Reference)], Paths = [status.Path], Config = config, Probe = Probe }, cancellationToken))
        {
            seen = item.Value ?? seen;
        }

        return seen;
    }
}
