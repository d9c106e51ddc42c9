using System.Runtime.CompilerServices;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Delivery;

/// <summary>Commits an edit that somebody has agreed to, pushes it, and waits until it runs.</summary>
internal static class EditDelivery
{
    /// <summary>Does it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="committer">The repository.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="timeout">How long each object may take; null to wait for nothing.</param>
    /// <param name="journal">Where it is written down.</param>
    /// <param name="cancellationToken">Ends the waiting; what was pushed stays so.</param>
    /// <returns>What there is to tell, the change as soon as it is pushed, and in the end the change once more where it was waited for.</returns>
    /// <exception cref="HomelabException">What keeps the commit from being made or pushed.</exception>
    public static async IAsyncEnumerable<Streamed<GitOpsChange>> RunAsync(
        ClusterClient client,
        RepositoryCommitter committer,
        IRepositoryEdit edit,
        TimeSpan? timeout,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (change, behind) = await committer.CommitAsync(edit, cancellationToken);
        if (behind is not null)
        {
            yield return new WarningNotice(behind);
        }

        yield return change;
        if (timeout is not { } patience)
        {
            yield break;
        }

        var kustomizations = await committer.ReadAsync((git, tip, _) => ChangePlan.Affected(new GitTreeFiles(git, tip.Tree), change.Files.Contains, cancellationToken).ToList(), cancellationToken);
        await foreach (var item in ChangeDelivery.RunAsync(client, new(committer, change.Commit, kustomizations, edit.Runs), patience, journal, cancellationToken))
        {
            if (item.Notice is { } notice)
            {
                yield return notice;
            }
            else
            {
                change = change with { RolledOut = item.Value };
            }
        }

        yield return change;
    }
}
