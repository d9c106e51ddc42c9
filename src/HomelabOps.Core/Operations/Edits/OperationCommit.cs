using LibGit2Sharp;

namespace HomelabOps.Core.Operations.Edits;

/// <summary>Commits say of which operation they are, so that they are found again by a process that did not make them.</summary>
internal static class OperationCommit
{
    private const string Mark = "Operation: ";
    private const int Depth = 1000;

    /// <summary>The line of the message of the commit that moves the applications.</summary>
    public static string Line(string id) => Mark + id;

    /// <summary>The line of the message of the commit that brings replication back before.</summary>
    public static string ReplicationLine(string id) => $"{Mark}{id} (replication)";

    /// <summary>The commit with a line among the newest of the branch; null where there is none, or where it was taken back.</summary>
    public static Task<string?> FindAsync(FailoverOptions options, string line, CancellationToken cancellationToken) => options.Committer.ReadAsync(
        (git, tip, _) => git.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = tip }).Take(Depth).FirstOrDefault(commit => commit.Message.Split('\n').Contains(line))?.Sha,
        cancellationToken);
}
