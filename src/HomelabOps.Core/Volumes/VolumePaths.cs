using System.Globalization;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes;

/// <summary>Looks on nodes whether the folders of volumes are there. The API server does not know, and most kinds of hostPath make an empty one.</summary>
internal sealed class VolumePaths
{
    private const string Missing = "@missing ";
    private const string End = "@end";

    // What a link of the node leads to cannot be seen from here, so nothing is concluded below one.
    private const string Looking = """
        number=0
        for path in "$@"; do
          if [ ! -e "/host$path" ]; then
            link=$path
            while [ -n "$link" ] && [ ! -L "/host$link" ]; do link=${link%/*}; done
            if [ -z "$link" ]; then echo "@missing $number"; fi
          fi
          number=$((number + 1))
        done
        echo "@end"
        """;

    private readonly HashSet<(string Node, string Path)> _missing = [];

    private VolumePaths()
    {
    }

    /// <summary>Why nodes could not be looked at, by their names.</summary>
    public Dictionary<string, string> Unreachable { get; } = new(StringComparer.Ordinal);

    /// <summary>Looks, with one probe pod a node.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="facts">Its nodes.</param>
    /// <param name="volumes">The volumes; those that are no folder of a node are left out.</param>
    /// <param name="options">How the pods are made.</param>
    /// <param name="cancellationToken">Ends everything; the pods are deleted all the same.</param>
    /// <exception cref="HomelabException">AccessDenied, NamespaceNotFound.</exception>
    public static async Task<VolumePaths> LookAsync(ClusterClient client, VolumeFacts facts, IEnumerable<VolumeWire> volumes, ProbeOptions options, CancellationToken cancellationToken)
    {
        var result = new VolumePaths();
        var paths = volumes.SelectMany(volume => NodesOf(volume, facts).Select(node => (Node: node, Path: FolderOf(volume)!)))
            .Distinct().GroupBy(place => place.Node, place => place.Path).ToDictionary(group => group.Key, group => group.ToArray());
        var probes = NodeProbes.RunAsync(client, [.. paths.Keys], options, node => ["sh", "-c", Looking.Replace("\r", "", StringComparison.Ordinal), "probe", .. paths[node]], ReadAsync, cancellationToken);
        await foreach (var probe in probes)
        {
            if (probe.Report is not { } numbers)
            {
                result.Unreachable[probe.Node] = probe.Unreachable;
                continue;
            }

            var looked = paths.First(pair => pair.Key.Metadata.Name == probe.Node).Value;
            result._missing.UnionWith(numbers.Where(number => number < looked.Length).Select(number => (probe.Node, looked[number])));
        }

        return result;
    }

    /// <summary>The nodes on which the folder of a volume is not there.</summary>
    public IReadOnlyList<string> MissingOn(VolumeWire volume, VolumeFacts facts) =>
        FolderOf(volume) is { } folder ? [.. NodesOf(volume, facts).Select(node => node.Metadata.Name).Where(node => _missing.Contains((node, folder)))] : [];

    private static string? FolderOf(VolumeWire volume) => (volume.Spec?.HostPath ?? volume.Spec?.Local)?.Path?.TrimEnd('/');

    private static IEnumerable<NodeWire> NodesOf(VolumeWire volume, VolumeFacts facts) => string.IsNullOrEmpty(FolderOf(volume)) ? []
        : (facts.Nodes ?? []).Where(node => NodeTerms.IsReady(node) && NodeTerms.Select(volume.Spec?.NodeAffinity?.Required, node));

    private static async Task<List<int>> ReadAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        await pod.FinishedAsync(cancellationToken);
        return [.. (await pod.ReadReportAsync(End, cancellationToken)).Select(line => line.Text)
            .Where(line => line.StartsWith(Missing, StringComparison.Ordinal)).Select(line => int.Parse(line.AsSpan(Missing.Length), CultureInfo.InvariantCulture))];
    }
}
