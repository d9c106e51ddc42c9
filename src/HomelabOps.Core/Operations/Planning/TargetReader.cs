using System.Globalization;
using HomelabOps.Core.Backups;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>Looks at the targets through pods on them: what the copies weigh, what is free, and whether the images can be had.</summary>
internal sealed class TargetReader(FailoverOptions options, IReadOnlyDictionary<string, NodeWire> nodes)
{
    private const string Folder = "@folder ";
    private const string End = "@end";

    private const string Measuring = """
        for folder in "$@"; do
          if [ -d "/host$folder" ]; then
            bytes=$(find "/host$folder" -type f -exec stat -c %s {} + | { sum=0; while read -r size; do sum=$((sum + size)); done; echo $sum; })
            echo "@folder $(stat -f -c '%a %S' "/host$folder") $(stat -f -c '%a %S' "/host${folder%/*}/") $(stat -c %d "/host$folder")=$(stat -c %d "/host${folder%/*}/") $bytes $folder"
          fi
        done
        echo "@end"
        """;

    /// <summary>Looks at all targets at the same time, and where data comes home at the nodes that it comes from.</summary>
    public async Task<(IReadOnlyDictionary<string, TargetFacts> Targets, IReadOnlyDictionary<(string Node, string Image), string> Images)> ReadAsync(IReadOnlyList<FailoverCase> cases, OperationKind kind, CancellationToken cancellationToken)
    {
        var folders = cases.SelectMany(item => item.Paths.DefaultIfEmpty("").Select(path => (Node: item.To, Path: path)))
            .Concat(cases.Where(_ => kind == OperationKind.Failback).SelectMany(item => item.OldPaths.Values.Select(path => (Node: item.From, Path: path))))
            .Where(folder => nodes.ContainsKey(folder.Node)).ToLookup(folder => folder.Node, folder => folder.Path);
        var wanted = cases.Where(item => nodes.ContainsKey(item.To)).SelectMany(item => item.Images.Select(image => (item.To, Image: image, Item: item))).GroupBy(image => (image.To, image.Image)).ToList();
        var pulling = wanted.ConvertAll(async image => (image.Key, Refused: Has(nodes[image.Key.To], image.Key.Image) ? "" : await PullAsync(image.Key.To, image.Key.Image, image.Select(one => one.Item), cancellationToken)));
        var measuring = folders.Select(async node => (Node: node.Key, Facts: await MeasureAsync(node.Key, [.. node.Where(path => path.Length > 0).Distinct(StringComparer.Ordinal)], cancellationToken))).ToList();
        var images = await Task.WhenAll(pulling);
        return (
            (await Task.WhenAll(measuring)).ToDictionary(target => target.Node, target => target.Facts, StringComparer.Ordinal),
            images.ToDictionary(image => (image.Key.To, image.Key.Image), image => image.Refused));
    }

    private async Task<TargetFacts> MeasureAsync(string node, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
        {
            return TargetFacts.Of(null);
        }

        await foreach (var probe in NodeProbes.RunAsync(options.Client, [nodes[node]], options.Probe with { Timeout = options.CopyTimeout }, _ => ["sh", "-c", Measuring.Replace("\r", "", StringComparison.Ordinal), "probe", .. paths], ReadAsync, cancellationToken))
        {
            return probe.Report is { } lines ? Parse(lines) : TargetFacts.Of(probe.Error ?? Errors.NodeUnreachable(new(options.Client.Name, "Node", "", node), probe.Unreachable));
        }

        return TargetFacts.Of(Errors.NodeUnreachable(new(options.Client.Name, "Node", "", node), ""));
    }

    private static async Task<List<string>> ReadAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        await pod.FinishedAsync(cancellationToken);
        return [.. (await pod.ReadReportAsync(End, cancellationToken)).Select(line => line.Text)];
    }

    private static TargetFacts Parse(List<string> lines)
    {
        var found = new Dictionary<string, FolderSpace>(StringComparer.Ordinal);
        foreach (var line in lines.Where(line => line.StartsWith(Folder, StringComparison.Ordinal)))
        {
            if (line[Folder.Length..].Split(' ', 7) is [var blocks, var block, var above, var blockAbove, var devices, var bytes, var path])
            {
                found[path] = new(Number(bytes), Number(blocks) * Number(block), Number(above) * Number(blockAbove), devices.Split('=') is [var own, var other] && own == other);
            }
        }

        return new(found, null);
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // Nodes tell of their largest images only, so that one that is not told may be there as well.
    private static bool Has(NodeWire node, string image) => node.Status?.Images?.Exists(known => known.Names?.Exists(name => name == image || name.EndsWith("/" + image, StringComparison.Ordinal)) == true) == true;

    // The kubelet pulls it now, and not only when the application is waited for. With what one of them can pull it is there for all.
    private async Task<string> PullAsync(string node, string image, IEnumerable<FailoverCase> cases, CancellationToken cancellationToken)
    {
        var refused = "";
        foreach (var item in cases.DistinctBy(item => (item.App.Namespace, item.ImageAccess.ServiceAccount, string.Join(' ', item.ImageAccess.Secrets))))
        {
            refused = await PullAsync(node, options.Probe with { Image = image, Timeout = options.PullTimeout, Namespace = item.App.Namespace, Pulling = item.ImageAccess }, cancellationToken);
            if (refused.Length == 0)
            {
                break;
            }
        }

        return refused;
    }

    // What does not run in an image is no sign that it is not there. Everything else is, if only that it did not come in time.
    private async Task<string> PullAsync(string node, ProbeOptions probing, CancellationToken cancellationToken)
    {
        await foreach (var probe in NodeProbes.RunAsync(options.Client, [nodes[node]], probing, _ => ["true"], StartedAsync, cancellationToken))
        {
            return probe.Report is not null || probe.Failure == ProbeFailureKind.Container ? "" : probe.Unreachable;
        }

        return "";
    }

    private static async Task<string> StartedAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        await pod.FinishedAsync(cancellationToken);
        return pod.Image;
    }
}
