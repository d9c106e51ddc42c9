using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Scheduling.Webhooks;

namespace HomelabOps.Core.Scheduling;

/// <summary>Compares what is wrong with what somebody was told of, and tells of the difference.</summary>
internal static class CheckRun
{
    private const string Incomplete = "CheckIncomplete";

    /// <summary>Ends a run. A webhook that cannot be reached is told in the result, and tried again at the next run.</summary>
    /// <param name="path">The file of the check.</param>
    /// <param name="plan">The check.</param>
    /// <param name="reading">What was found, and what could not be looked at.</param>
    /// <param name="address">Where to tell it; null for nowhere.</param>
    /// <param name="lack">Why there is no address, where there ought to be one; null otherwise.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public static async Task<(HomelabCheckResult Result, string? Failure)> EndAsync(string path, CheckPlan plan, CheckReading reading, Uri? address, string? lack, CancellationToken cancellationToken)
    {
        var told = CheckStore.ReadState(path)?.Findings ?? [];
        var found = CheckKeys.Assign(reading.Findings.Where(finding => finding.Severity != FindingSeverity.Info), told, reading.IdentityOf);
        var missing = told.ExceptBy(found.Select(item => item.Key), pair => pair.Key).ToLookup(pair => IsGone(pair.Value, reading));
        var unknown = missing[false].Where(pair => reading.IsMeant(pair.Value.Cluster)).Select(pair => pair.Value.Text).ToList();
        if (unknown.Count > 0 && !reading.HasFailed)
        {
            // Otherwise a right that was taken away would look as if all were well.
            found = [.. found, .. CheckKeys.Assign([CheckReading.Of(FindingSeverity.Warning, Incomplete, Errors.Text("CheckUnknown", unknown.Count, string.Join(" ", reading.UnreadOf("") ?? [])))], told, reading.IdentityOf)];
            missing = missing.SelectMany(group => group).ExceptBy(found.Select(item => item.Key), pair => pair.Key).ToLookup(pair => IsGone(pair.Value, reading));
        }

        var (wrong, fresh, gone) = (found.Select(item => item.Finding).ToList(), found.Where(item => !told.ContainsKey(item.Key)).Select(item => item.Finding).ToList(), missing[true].Select(pair => pair.Value.Text).ToList());
        var result = new HomelabCheckResult
        {
            Name = plan.Name,
            Time = DateTime.Now,
            Healthy = wrong.Count + unknown.Count == 0,
            Complete = reading.IsComplete,
            Changed = fresh.Count + gone.Count > 0,
            Findings = wrong,
            New = fresh,
            Gone = gone,
            Unknown = unknown,
            Message = Summary(reading.IsComplete, wrong.Count, fresh.Count, gone.Count, unknown.Count),
        };
        var failure = !result.Changed ? null : address is null ? lack : await Webhook.SendAsync(address, plan.Format, Message(result), cancellationToken);
        if (failure is null)
        {
            var next = new SortedDictionary<string, ToldFinding>(missing[false].ToDictionary(), StringComparer.Ordinal);
            found.ToList().ForEach(item => next[item.Key] = Told(item.Finding, reading));
            CheckStore.SaveState(path, new() { Time = DateTimeOffset.UtcNow, Findings = next });
        }

        return (result with { Notified = result.Changed && address is not null && failure is null }, failure);
    }

    // Nothing is gone that cannot be seen any more: everything has to be known that was known when it was found.
    private static bool IsGone(ToldFinding told, CheckReading reading) =>
        reading.UnreadOf(told.Cluster) is { } unread && (told.Unread is null || !unread.Except(told.Unread).Any());

    // What is about the reading itself is over as soon as something can be read.
    private static ToldFinding Told(HomelabFinding finding, CheckReading reading) => new()
    {
        Text = finding.ToString(),
        Cluster = reading.IdentityOf(finding.Cluster),
        Unread = finding.Cluster.Length == 0 || finding.Reason == ApiCheck.NotAnswering ? null : [.. reading.UnreadOf(reading.IdentityOf(finding.Cluster)) ?? []],
    };

    private static string Summary(bool isComplete, int wrong, int fresh, int gone, int unknown)
    {
        var parts = new[]
        {
            wrong > 0 ? Counted.Of(wrong, "finding") : isComplete ? "all is well" : "nothing found",
            fresh > 0 ? $"{fresh} new" : "",
            gone > 0 ? $"{gone} gone" : "",
            unknown > 0 ? $"{unknown} unknown" : "",
            isComplete ? "" : "not all could be read",
        };
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private static WebhookMessage Message(HomelabCheckResult result)
    {
        var lines = result.New.Select(Line).Concat(result.Gone.Select(text => $"Gone: {Display.FirstLine(text)}"));
        return new($"{result.Name}: {result.Message}", [.. lines], result.Healthy ? null : result.Findings.Max(finding => finding.Severity));
    }

    // Most messages begin with the name.
    private static string Line(HomelabFinding finding)
    {
        var (name, message) = (finding.Target?.ToString() ?? finding.Place, Display.FirstLine(finding.Message));
        return $"{finding.Severity}: {(name.Length == 0 || message.StartsWith(name, StringComparison.Ordinal) ? "" : $"{name}: ")}{message} [{finding.Reason}]";
    }
}
