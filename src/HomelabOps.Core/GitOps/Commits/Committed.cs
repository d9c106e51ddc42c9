namespace HomelabOps.Core.GitOps.Commits;

/// <summary>What became of an edit.</summary>
/// <param name="Change">The change.</param>
/// <param name="Warning">Why the working copy could not be brought along although the commit was pushed; null where it was.</param>
internal sealed record Committed(GitOpsChange Change, string? Warning);
