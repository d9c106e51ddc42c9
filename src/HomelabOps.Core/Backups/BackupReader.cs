using System.Globalization;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Backups;

/// <summary>Finds the backups that a cluster has: what lies beside the data on the nodes, and the repositories of VolSync.</summary>
internal static class BackupReader
{
    private const string Mark = "@copy ";
    private const string End = "@end";

    // A name with a dot in front is matched only by a pattern that has one.
    private const string Looking = """
        for parent in "$@"; do
          cd "/host$parent" 2>/dev/null || continue
          for folder in .*.homelabops-*; do
            if [ -d "$folder" ]; then
              bytes=$(find "$folder" -type f -exec stat -c %s {} + | { sum=0; while read -r size; do sum=$((sum + size)); done; echo $sum; })
              echo "@copy $bytes $parent/$folder"
            fi
          done
        done
        echo "@end"
        """;

    /// <summary>Gives the backups; of each application on each node, the newest first.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Whose and which.</param>
    /// <param name="cancellationToken">Ends everything; the probe pods are deleted all the same.</param>
    /// <exception cref="HomelabException">AccessDenied, NamespaceNotFound, VolSyncNotInstalled.</exception>
    public static async IAsyncEnumerable<Streamed<HomelabBackup>> ReadAsync(ClusterClient client, BackupQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.Kinds.Contains(BackupKind.Protect))
        {
            await foreach (var item in CopiesAsync(client, query, cancellationToken))
            {
                yield return item;
            }
        }

        if (query.Kinds.Contains(BackupKind.Restic))
        {
            await foreach (var item in ReplicationReader.ReadAsync(client, new ReplicationQuery { Config = query.Config }, cancellationToken))
            {
                if (item.Notice is { } notice)
                {
                    yield return notice;
                }
                else if (item.Value is { Method: "restic", Kind: ReplicationTypes.SourceKind, LastSync: { } time } source && query.Accepts(source.App))
                {
                    yield return new HomelabBackup { Cluster = client.Name, Namespace = source.Namespace, App = source.App, Path = source.Reference.ToString(), Time = time, Kind = BackupKind.Restic };
                }
            }
        }
    }

    private static async IAsyncEnumerable<Streamed<HomelabBackup>> CopiesAsync(ClusterClient client, BackupQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var volumes = new Dictionary<string, HomelabApp>(StringComparer.Ordinal);
        await foreach (var item in AppReader.ReadAsync(client, new AppQuery { Config = query.Config }, cancellationToken))
        {
            foreach (var volume in item.Value?.Volumes.Where(volume => volume.Path.StartsWith('/')) ?? [])
            {
                volumes.TryAdd(volume.Path.TrimEnd('/'), item.Value!);
            }
        }

        string[] parents = [.. volumes.Keys.Select(path => path[..path.LastIndexOf('/')]).Append(query.Config.PodStoragePath.TrimEnd('/')).Distinct(StringComparer.Ordinal).Where(path => path.Length > 0)];
        var (nodes, _) = await NodeProbes.FindNodesAsync(client, new ObjectQuery(), cancellationToken);
        await foreach (var probe in NodeProbes.RunAsync(client, nodes, query.Probe, _ => ["sh", "-c", Looking.Replace("\r", "", StringComparison.Ordinal), "probe", .. parents], ReadAsync, cancellationToken))
        {
            if (probe.Report is not { } lines)
            {
                yield return new FailureNotice(probe.Error ?? Errors.NodeUnreachable(new(client.Name, "Node", "", probe.Node), probe.Unreachable));
                continue;
            }

            var found = lines.Select(line => Parse(line, probe.Node, client.Name, volumes)).OfType<HomelabBackup>().Where(backup => query.Accepts(backup.App));
            foreach (var backup in found.OrderBy(backup => backup.App, StringComparer.Ordinal).ThenByDescending(backup => backup.Time))
            {
                yield return backup;
            }
        }
    }

    private static HomelabBackup? Parse(string line, string node, string cluster, Dictionary<string, HomelabApp> volumes)
    {
        if (!line.StartsWith(Mark, StringComparison.Ordinal) || line[Mark.Length..].Split(' ', 2) is not [var bytes, var path] || AsideNames.Parse(path[(path.LastIndexOf('/') + 1)..]) is not { } name)
        {
            return null;
        }

        var app = volumes.GetValueOrDefault($"{path[..path.LastIndexOf('/')]}/{name.Folder}");
        return new()
        {
            Cluster = cluster,
            Namespace = app?.Namespace ?? "",
            App = app?.Name ?? name.Folder,
            Path = path,
            Node = node,
            Time = name.Time,
            Bytes = long.TryParse(bytes, CultureInfo.InvariantCulture, out var size) ? size : null,
            Kind = BackupKind.Protect,
        };
    }

    private static async Task<List<string>> ReadAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        await pod.FinishedAsync(cancellationToken);
        return [.. (await pod.ReadReportAsync(End, cancellationToken)).Select(line => line.Text)];
    }
}
