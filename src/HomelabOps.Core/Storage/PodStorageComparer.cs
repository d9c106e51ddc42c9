using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Storage;

/// <summary>Compares the data of applications on the primary and the backup node, by two sorted listings that are merged as they come.</summary>
internal static class PodStorageComparer
{
    // Replication keeps times to the second, and some file systems to two.
    private const int SameTime = 2;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Gives the files that are not alike, in the order of their paths.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Whose data.</param>
    /// <param name="hash">Contents are compared, and times are not.</param>
    /// <param name="cancellationToken">Ends everything; the probe pods are deleted all the same.</param>
    /// <exception cref="HomelabException">NodeNotFound, NodeUnreachable, PodStorageUnavailable, AccessDenied, NamespaceNotFound, CommandTimeout.</exception>
    public static async IAsyncEnumerable<Streamed<PodStorageDifference>> CompareAsync(ClusterClient client, PodStorageQuery query, bool hash, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (nodes, missing) = await NodeProbes.FindNodesAsync(client, new ObjectQuery { Names = query.NodeNames }, cancellationToken);
        if (missing is [var first, ..])
        {
            throw first;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(query.Probe.Timeout);
        await using var run = new ProbeRun(client, query.Probe);
        var folder = query.Config.PodStoragePath.TrimEnd('/');
        IReadOnlyList<string> folders = query.Apps.Count > 0 && !query.Apps.Any(ResourcePattern.HasWildcard) ? [.. query.Apps.Distinct(StringComparer.Ordinal).Select(app => "./" + app)] : ["."];
        var pods = await Task.WhenAll(Start(run, nodes, query.Config.PrimaryNode, query.Probe, limit.Token), Start(run, nodes, query.Config.BackupNode, query.Probe, limit.Token));
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await using var differences = DifferencesAsync(
            FileListing.ReadAsync(client, pods[0], folder, folders, hash, limit.Token),
            FileListing.ReadAsync(client, pods[1], folder, folders, hash, limit.Token),
            hash,
            seen,
            limit.Token).GetAsyncEnumerator(limit.Token);
        while (await MoveNextAsync(differences, pods[0].Reference, query.Probe.Timeout, cancellationToken))
        {
            if (query.Accepts(differences.Current.App))
            {
                yield return differences.Current with { Cluster = client.Name };
            }
        }

        foreach (var app in query.Apps.Distinct(StringComparer.Ordinal).Where(app => !ResourcePattern.HasWildcard(app) && !seen.Contains(app)))
        {
            yield return new FailureNotice(Errors.PodStorageNotFound(app, folder, query.NodeNames.Select(name => name.Text)));
        }
    }

    /// <summary>Merges two sorted listings.</summary>
    /// <param name="primary">Files of the primary node.</param>
    /// <param name="backup">Files of the backup node.</param>
    /// <param name="hash">Checksums decide, else sizes and times.</param>
    /// <param name="apps">Filled with the applications that have files.</param>
    /// <param name="cancellationToken">Ends both.</param>
    internal static async IAsyncEnumerable<PodStorageDifference> DifferencesAsync(
        IAsyncEnumerable<StoredFile> primary,
        IAsyncEnumerable<StoredFile> backup,
        bool hash,
        ISet<string> apps,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var left = primary.GetAsyncEnumerator(cancellationToken);
        await using var right = backup.GetAsyncEnumerator(cancellationToken);
        var (one, other) = (await NextAsync(left, null), await NextAsync(right, null));
        while (one is not null || other is not null)
        {
            var order = one is null ? 1 : other is null ? -1 : one.Key.AsSpan().SequenceCompareTo(other.Key);
            var (ofPrimary, ofBackup) = (order <= 0 ? one : null, order >= 0 ? other : null);
            var path = (ofPrimary ?? ofBackup)!.Path;
            var app = path.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? path[..slash] : "";
            apps.Add(app);
            if (ofPrimary is null || ofBackup is null || Differ(ofPrimary, ofBackup, hash))
            {
                yield return new()
                {
                    App = app,
                    Path = path,
                    State = ofBackup is null ? PodStorageState.OnlyPrimary : ofPrimary is null ? PodStorageState.OnlyBackup : PodStorageState.Differs,
                    PrimaryBytes = ofPrimary?.Bytes,
                    BackupBytes = ofBackup?.Bytes,
                    PrimaryTime = ofPrimary?.LocalTime,
                    BackupTime = ofBackup?.LocalTime,
                };
            }

            one = ofPrimary is null ? one : await NextAsync(left, one);
            other = ofBackup is null ? other : await NextAsync(right, other);
        }
    }

    private static bool Differ(StoredFile one, StoredFile other, bool hash) =>
        hash ? one.Hash != other.Hash : one.Bytes != other.Bytes || Math.Abs(one.Time - other.Time) > SameTime;

    // A listing that is not sorted would be taken for thousands of differences.
    private static async Task<StoredFile?> NextAsync(IAsyncEnumerator<StoredFile> files, StoredFile? before)
    {
        if (!await files.MoveNextAsync())
        {
            return null;
        }

        return before is null || before.Key.AsSpan().SequenceCompareTo(files.Current.Key) < 0 ? files.Current : throw new InvalidOperationException($"The listing is not sorted at '{files.Current.Path}'.");
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<PodStorageDifference> differences, ResourceReference node, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await differences.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.CommandTimeout(node, timeout);
        }
    }

    private static async Task<ProbePod> Start(ProbeRun run, IReadOnlyList<NodeWire> nodes, string name, ProbeOptions options, CancellationToken cancellationToken)
    {
        var node = nodes.First(node => string.Equals(node.Metadata.Name, name, StringComparison.OrdinalIgnoreCase));
        try
        {
            var pod = await run.StartAsync(node, NodeCommands.Waiting(options.Timeout), cancellationToken);
            await pod.RunningAsync(StartLimit, cancellationToken);
            return pod;
        }
        catch (ProbeFailure failure)
        {
            throw Errors.NodeUnreachable(new(null, "Node", "", name), failure.Message);
        }
    }
}
