namespace HomelabOps.Core.Kubernetes;

/// <summary>How claims are called by homelab.yaml: a name in which &lt;app&gt; stands for the application.</summary>
/// <param name="Text">The pattern, such as <c>pvc-&lt;app&gt;</c>.</param>
internal readonly record struct ClaimPattern(string Text)
{
    /// <summary>What stands for the application.</summary>
    public const string App = "<app>";

    /// <summary>The claim of an application.</summary>
    public string NameOf(string app) => Text.Replace(App, app, StringComparison.Ordinal);

    /// <summary>The application that a claim of this name belongs to; null where it is called otherwise.</summary>
    public string? AppOf(string claim)
    {
        var at = Text.IndexOf(App, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var (before, after) = (Text[..at], Text[(at + App.Length)..]);
        return claim.Length > before.Length + after.Length && claim.StartsWith(before, StringComparison.Ordinal) && claim.EndsWith(after, StringComparison.Ordinal)
            ? claim[before.Length..^after.Length]
            : null;
    }

    /// <summary>The application of a claim by both patterns of the settings. The backup first: pvc-sonarr-backup fits pvc-&lt;app&gt; as well.</summary>
    public static string? AppOf(string claim, HomelabConfig config) =>
        new[] { config.BackupClaimPattern, config.ClaimPattern }.OrderByDescending(pattern => pattern.Length).Select(pattern => new ClaimPattern(pattern).AppOf(claim)).FirstOrDefault(app => app is not null);
}
