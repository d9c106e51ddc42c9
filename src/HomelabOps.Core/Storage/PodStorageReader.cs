using System.Globalization;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Storage;

/// <summary>Measures the data of applications on nodes.</summary>
internal static class PodStorageReader
{
    /// <summary>Gives the folders, as the nodes answer. A node that cannot be looked at is a failure, and the others go on.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Whose data on which nodes.</param>
    /// <param name="cancellationToken">Ends everything; the probe pods are deleted all the same.</param>
    /// <exception cref="HomelabException">AccessDenied, NamespaceNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<PodStorage>> ReadAsync(ClusterClient client, PodStorageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (nodes, missing) = await NodeProbes.FindNodesAsync(client, new ObjectQuery { Names = query.NodeNames }, cancellationToken);
        foreach (var error in missing)
        {
            yield return new FailureNotice(error);
        }

        var folder = query.Config.PodStoragePath.TrimEnd('/');
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var isWhole = missing.Count == 0;
        await foreach (var probe in NodeProbes.RunAsync(client, nodes, query.Probe, _ => StorageScripts.Measure(folder), ReadAsync, cancellationToken))
        {
            var node = new ResourceReference(client.Name, "Node", "", probe.Node);
            if (probe.Report is not { } lines)
            {
                isWhole = false;
                yield return new FailureNotice(probe.Error ?? Errors.NodeUnreachable(node, probe.Unreachable));
                continue;
            }

            if (lines.Exists(line => line == "@absent"))
            {
                yield return new WarningNotice(Errors.Text("PodStorageAbsent", probe.Node, folder));
            }

            var measured = Parse(lines, node, folder);
            found.UnionWith(measured.Select(storage => storage.App));
            foreach (var storage in measured.Where(storage => query.Accepts(storage.App)))
            {
                yield return storage;
            }
        }

        foreach (var app in query.Apps.Where(app => isWhole && !ResourcePattern.HasWildcard(app) && !found.Contains(app)))
        {
            yield return new FailureNotice(Errors.PodStorageNotFound(app, folder, query.NodeNames.Select(name => name.Text)));
        }
    }

    /// <summary>Reads the report of a node.</summary>
    internal static List<PodStorage> Parse(IEnumerable<string> lines, ResourceReference node, string folder)
    {
        var (free, total, found) = (0L, 0L, new List<PodStorage>());
        foreach (var line in lines)
        {
            switch (line.Split(' ', 5))
            {
                case ["@disk", var blocks, var available, var size]:
                    (free, total) = (Number(available) * Number(size), Number(blocks) * Number(size));
                    break;
                case ["@folder", var files, var bytes, var newest, var app]:
                    found.Add(new()
                    {
                        Cluster = node.Cluster ?? "",
                        Kind = "Node",
                        Name = node.Name,
                        App = app,
                        Path = $"{folder}/{app}",
                        Files = Number(files),
                        Bytes = Number(bytes),
                        Newest = files == "0" ? null : DateTimeOffset.FromUnixTimeSeconds(Number(newest)).LocalDateTime,
                        DiskFree = free,
                        DiskTotal = total,
                    });
                    break;
            }
        }

        return found;
    }

    private static async Task<List<string>> ReadAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        await pod.FinishedAsync(cancellationToken);
        return [.. (await pod.ReadReportAsync(StorageScripts.End, cancellationToken)).Select(line => line.Text)];
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
