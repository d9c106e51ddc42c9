using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Topology;

/// <summary>Finds the names of claims by the pairs that differ by a word such as backup.</summary>
internal static class ClaimRules
{
    private const string App = ClaimPattern.App;
    private static readonly string[] BackupWords = ["backup", "secondary", "standby", "replica"];

    // Words that say what a claim is, not whose.
    private static readonly string[] Affixes =
        ["pvc", "pv", "claim", "data", "config", "storage", "volume", "vol", "state", "primary", "main", "local", .. BackupWords];

    public static void Apply(TopologyFacts facts, TopologyFindings findings)
    {
        var best = facts.Pairs
            .SelectMany(pair => Candidates(pair).Select(candidate => (candidate.Claim, candidate.Backup, candidate.App, Pair: pair)))
            .GroupBy(candidate => (candidate.Claim, candidate.Backup))
            .Select(group => (
                Patterns: group.Key,

                // Every name is an application that is called like the claim; a name without such words is a likely one.
                Likely: group.Count(candidate => !candidate.App.Split('-').Intersect(Affixes).Any()),
                Known: group.Count(candidate => facts.Applications.Contains(candidate.App)),
                Foreign: group.Key.Claim.Split('-').Except(Affixes).Count(word => word != App)))
            .OrderByDescending(rank => rank.Likely)
            .ThenByDescending(rank => rank.Known)
            .ThenBy(rank => rank.Foreign)
            .ThenBy(rank => rank.Patterns.Claim, StringComparer.Ordinal)
            .ThenBy(rank => rank.Patterns.Backup, StringComparer.Ordinal)
            .FirstOrDefault();
        if (best.Patterns.Claim is not null)
        {
            findings.Config = findings.Config with { ClaimPattern = best.Patterns.Claim, BackupClaimPattern = best.Patterns.Backup };
        }
        else if (facts.Claims.Exists(claim => !IsOfVolSync(claim.Metadata.Name)))
        {
            findings.Warn("TopologyClaimsUnknown", findings.Config.ClaimPattern, findings.Config.BackupClaimPattern);
        }
    }

    /// <summary>VolSync's claims for itself: its configuration and caches.</summary>
    public static bool IsOfVolSync(string claim) => claim.StartsWith("volsync-", StringComparison.Ordinal);

    public static IReadOnlyList<ClaimPair> FindPairs(TopologyFacts facts)
    {
        var claims = facts.Claims.Select(claim => (Namespace: claim.Metadata.Namespace ?? "", claim.Metadata.Name))
            .Concat(facts.Volumes.Select(volume => (Namespace: volume.Spec?.ClaimRef?.Namespace ?? "", Name: volume.Spec?.ClaimRef?.Name ?? "")))
            .Where(claim => claim.Name.Length > 0 && !IsOfVolSync(claim.Name))
            .ToHashSet();
        return
        [
            .. claims.OrderBy(claim => claim.Namespace, StringComparer.Ordinal).ThenBy(claim => claim.Name, StringComparer.Ordinal)
                .SelectMany(claim => Partners(claim.Name).Where(partner => claims.Contains((claim.Namespace, partner))).Take(1)
                    .Select(partner => new ClaimPair(claim.Namespace, partner, claim.Name))),
        ];
    }

    // pvc-sonarr-backup may be the backup of pvc-sonarr, or of pvc-sonarr-primary.
    private static IEnumerable<string> Partners(string name)
    {
        var words = name.Split('-');
        for (var index = words.Length - 1; index >= 0; index--)
        {
            if (BackupWords.Contains(words[index]))
            {
                yield return string.Join('-', words.Where((_, position) => position != index));
                foreach (var other in new[] { "primary", "main" })
                {
                    yield return string.Join('-', words.Select((word, position) => position == index ? other : word));
                }
            }
        }
    }

    private static IEnumerable<(string Claim, string Backup, string App)> Candidates(ClaimPair pair)
    {
        var words = pair.Claim.Split('-');
        for (var start = 0; start < words.Length; start++)
        {
            for (var count = 1; start + count <= words.Length; count++)
            {
                var app = string.Join('-', words.Skip(start).Take(count));
                if (app.Length > 0 && Replace(pair.Backup, app) is { } backup)
                {
                    yield return (string.Join('-', [.. words.Take(start), App, .. words.Skip(start + count)]), backup, app);
                }
            }
        }
    }

    private static string? Replace(string name, string app)
    {
        var padded = $"-{name}-";
        var index = padded.IndexOf($"-{app}-", StringComparison.Ordinal);
        return index < 0 ? null : string.Concat(padded.AsSpan(0, index + 1), App, padded.AsSpan(index + 1 + app.Length)).Trim('-');
    }
}
