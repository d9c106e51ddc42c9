using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>Who a commit is by, as git itself finds it: its variables, then the repository's settings, then the user's.</summary>
/// <param name="Author">Who wrote it.</param>
/// <param name="Committer">Who committed it.</param>
internal sealed record CommitAuthor(Signature Author, Signature Committer)
{
    /// <summary>Reads it; the time is now.</summary>
    /// <exception cref="HomelabException">CommitAuthorMissing. git would make up an address from the machine's name.</exception>
    public static CommitAuthor Of(Repository repository)
    {
        var now = DateTimeOffset.Now;
        return new(Find("AUTHOR"), Find("COMMITTER"));

        Signature Find(string role) => new(Setting(role, "NAME"), Setting(role, "EMAIL"), now);

        string Setting(string role, string part) =>
            new[] { Environment.GetEnvironmentVariable($"GIT_{role}_{part}"), Config($"{role}.{part}"), Config($"user.{part}") }.FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))
            ?? throw Errors.CommitAuthorMissing(repository.Info.WorkingDirectory ?? repository.Info.Path);

        string? Config(string key) => repository.Config.Get<string>(key)?.Value;
    }
}
