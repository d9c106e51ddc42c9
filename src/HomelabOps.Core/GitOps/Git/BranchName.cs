namespace HomelabOps.Core.GitOps.Git;

/// <summary>Names of branches, and of the references that hold them.</summary>
internal static class BranchName
{
    private const string Heads = "refs/heads/";

    /// <summary>The branch that a reference holds; null for a tag, a pull request and whatever else is no branch.</summary>
    public static string? Of(string? reference) => reference?.StartsWith(Heads, StringComparison.Ordinal) == true ? reference[Heads.Length..] : null;
}
