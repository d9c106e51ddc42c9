using System.Globalization;
using HomelabOps.Core.Kubernetes.Logs;

namespace HomelabOps.Core.Mounts;

/// <summary>What <see cref="MountScript"/> wrote about a node.</summary>
internal sealed record MountReport
{
    /// <summary>The mounts of the node.</summary>
    public required MountTable Mounts { get; init; }

    /// <summary>How each place answered, in the order of the request.</summary>
    public required IReadOnlyList<PlaceReport> Places { get; init; }

    /// <summary>The mounts that containers see, by the runtime's number of the container.</summary>
    public required IReadOnlyDictionary<string, MountTable> Containers { get; init; }

    /// <summary>Reads a report.</summary>
    /// <param name="lines">The lines of the log.</param>
    /// <param name="places">How many places were asked for.</param>
    public static MountReport Parse(IEnumerable<LogEntry> lines, int places)
    {
        var reports = new PlaceReport[places];
        Array.Fill(reports, new PlaceReport());
        var (node, containers) = (new List<MountEntry>(), new Dictionary<string, MountTable>(StringComparer.Ordinal));
        var current = node;
        foreach (var (time, text) in lines)
        {
            if (!text.StartsWith('@'))
            {
                if (MountEntry.Parse(text) is { } entry)
                {
                    current.Add(entry);
                }

                continue;
            }

            var words = text.Split(' ', 4);
            if (words is ["@container", var id])
            {
                current = [];
                containers[id] = new(current);
            }
            else if (words.Length > 1 && int.TryParse(words[0].AsSpan(1), CultureInfo.InvariantCulture, out var place) && place < places)
            {
                reports[place] = reports[place].With(time, words);
            }
        }

        return new() { Mounts = new(node), Places = reports, Containers = containers };
    }
}
