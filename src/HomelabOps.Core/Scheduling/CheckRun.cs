using HomelabOps.Core.Scheduling.Webhooks;

namespace HomelabOps.Core.Scheduling;

/// <summary>Compares what is wrong with what somebody was told of, and tells of the difference.</summary>
internal static class CheckRun
{
    private const int MostLines = 15;

    /// <summary>Ends a run. A webhook that cannot be reached is told in the result, and tried again at the next run.</summary>
    /// <param name="path">The file of the check.</param>
    /// <param name="plan">The check.</param>
    /// <param name="findings">What is wrong.</param>
    /// <param name="address">Where to tell it; null for nowhere.</param>
    /// <param name="lack">Why there is no address, where there ought to be one; null otherwise.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public static async Task<(HomelabCheckResult Result, string? Failure)> EndAsync(string path, CheckPlan plan, IReadOnlyList<HomelabFinding> findings, Uri? address, string? lack, CancellationToken cancellationToken)
    {
        var wrong = findings.Where(finding => finding.Severity != FindingSeverity.Info).ToList();
        var told = CheckStore.ReadState(path)?.Findings ?? [];
        var now = new SortedDictionary<string, string>(StringComparer.Ordinal);
        wrong.ForEach(finding => now[Key(finding)] = finding.ToString());
        var (fresh, gone) = (wrong.Where(finding => !told.ContainsKey(Key(finding))).DistinctBy(Key).ToList(), told.Where(pair => !now.ContainsKey(pair.Key)).Select(pair => pair.Value).ToList());
        var result = new HomelabCheckResult
        {
            Name = plan.Name,
            Time = DateTime.Now,
            Healthy = wrong.Count == 0,
            Changed = fresh.Count + gone.Count > 0,
            Findings = wrong,
            New = fresh,
            Gone = gone,
            Message = Summary(wrong.Count, fresh.Count, gone.Count),
        };
        var failure = !result.Changed ? null : address is null ? lack : await Webhook.SendAsync(address, plan.Format, Message(result), cancellationToken);
        if (result.Changed && failure is null)
        {
            CheckStore.SaveState(path, new() { Time = DateTimeOffset.UtcNow, Findings = now });
        }

        return (result with { Notified = result.Changed && address is not null && failure is null }, failure);
    }

    /// <summary>What makes two findings the same. Texts have times and numbers in them, which change from run to run.</summary>
    internal static string Key(HomelabFinding finding) => string.Join(' ', finding.Cluster, finding.Area, finding.Severity, finding.Reason, finding.File is null ? finding.Target?.ToString() ?? "" : finding.Place);

    private static string Summary(int wrong, int fresh, int gone)
    {
        var parts = new[] { wrong == 0 ? "all is well" : Counted.Of(wrong, "finding"), fresh > 0 ? $"{fresh} new" : "", gone > 0 ? $"{gone} gone" : "" };
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private static WebhookMessage Message(HomelabCheckResult result)
    {
        var lines = result.New.Select(finding => $"{finding.Severity}: {finding.Target?.ToString() ?? finding.Place}: {Display.FirstLine(finding.Message)} [{finding.Reason}]")
            .Concat(result.Gone.Select(text => $"Gone: {Display.FirstLine(text)}")).ToList();
        var left = lines.Count - MostLines;
        return new(
            $"{result.Name}: {result.Message}",
            left > 0 ? [.. lines.Take(MostLines), $"and {left} more"] : lines,
            result.Healthy ? null : result.Findings.Max(finding => finding.Severity));
    }
}
