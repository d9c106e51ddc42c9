using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Topology;

/// <summary>The settings while they are found out. What no rule finds keeps the value that was there.</summary>
internal sealed class TopologyFindings(HomelabConfig written)
{
    /// <summary>What a person or an earlier discovery wrote, else the runbook's defaults.</summary>
    public HomelabConfig Written { get; } = written;

    public HomelabConfig Config { get; set; } = written;

    public List<Notice> Notices { get; } = [];

    public void Warn(string key, params ReadOnlySpan<object?> arguments) => Notices.Add(new WarningNotice(Errors.Text(key, arguments)));

    public void Tell(string key, params ReadOnlySpan<object?> arguments) => Notices.Add(new VerboseNotice(Errors.Text(key, arguments)));

    /// <summary>The value that occurs most often; null when there is none, or when several occur equally often.</summary>
    public static string? MostFrequent(IEnumerable<string> values)
    {
        var counts = values.GroupBy(value => value).Select(group => (group.Key, Count: group.Count())).OrderByDescending(pair => pair.Count).Take(2).ToArray();
        return counts.Length == 1 || (counts.Length == 2 && counts[0].Count > counts[1].Count) ? counts[0].Key : null;
    }
}
