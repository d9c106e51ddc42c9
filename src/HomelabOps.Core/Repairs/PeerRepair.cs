using System.Runtime.CompilerServices;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Replication.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Repairs;

/// <summary>
/// Writes the device ID and the address that the partner of a Syncthing has now into the repository. In the cluster alone Flux would take
/// it back; and the Syncthing is told too, because VolSync does not tell it of an address alone.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="options">How.</param>
/// <param name="journal">Where changes are written down.</param>
internal sealed class PeerRepair(ClusterClient client, RepairOptions options, ChangeJournal journal)
{
    /// <summary>Does it, and waits until Flux has applied it.</summary>
    /// <param name="source">The ReplicationSource.</param>
    /// <param name="cancellationToken">Ends the waiting; what was pushed stays so.</param>
    /// <exception cref="HomelabException">
    /// RepairTargetGone, RepositoryRequired, AppNotFound: the repository does not have it. SyncthingNotRunning, SyncthingUnreachable, SyncthingRefused, and those of a commit.
    /// </exception>
    public async IAsyncEnumerable<Notice> RunAsync(ResourceReference source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await SyncthingTargets.FindAsync(client, new SyncthingQuery { References = [source], Config = options.Config }, cancellationToken);
        if (found.Targets is not [{ Item: { } item, Peers: { Configured: { } configured, Expected: { Address.Length: > 0 } expected } check }])
        {
            throw Errors.RepairTargetGone(source);
        }

        if (check.HasDrifted)
        {
            await foreach (var notice in CommitAsync(source, [.. Peers(item, configured, expected)], cancellationToken))
            {
                yield return notice;
            }
        }

        await SyncthingAddresses.AlignAsync(client, source, [.. Peers(item, configured, expected)], options.Config, cancellationToken);
    }

    private async IAsyncEnumerable<Notice> CommitAsync(ResourceReference source, IReadOnlyList<SyncthingPeer> peers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = options.Repository ?? throw Errors.RepositoryRequired();
        var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(folder), journal);
        var edit = new ReplicationEdit($"Correct the peer of {source.Name}", ReplicationWish.Revive(source with { Cluster = null }, peers));
        await foreach (var step in EditDelivery.RunAsync(client, committer, edit, options.NoWait ? null : options.Timeout, journal, cancellationToken))
        {
            if (step.Notice is { } notice)
            {
                yield return notice;
            }
        }

        if (edit.Missing.Count > 0)
        {
            throw Errors.AppNotFoundInRepository(source.ToString(), folder, []);
        }

        if (edit.Unchanged.Count > 0)
        {
            // Git has it right already, and so it is Flux that has to bring it.
            await foreach (var notice in new HomelabRepairer(client, options, journal).RunAsync(new() { Kind = HomelabRepairKind.ReconcileFlux, Target = source }, cancellationToken))
            {
                yield return notice;
            }
        }
    }

    // Others that it talks to as well are not what is wrong.
    private static IEnumerable<SyncthingPeer> Peers(ReplicationWire item, SyncthingPeer configured, SyncthingPeer expected) =>
        (item.Spec?.Syncthing?.Peers ?? []).Select(peer => new SyncthingPeer(peer.Id ?? "", peer.Address ?? "")).Select(peer => peer == configured ? expected : peer);
}
