namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>Lets git know who commits where no repository says so, as on a machine of a user who has set it up. It holds for the process, so those who use it, or need it not to be so, share a collection.</summary>
internal sealed class Author : IDisposable
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["GIT_AUTHOR_NAME"] = "Anna",
        ["GIT_AUTHOR_EMAIL"] = "anna@example.org",
        ["GIT_COMMITTER_NAME"] = "Anna",
        ["GIT_COMMITTER_EMAIL"] = "anna@example.org",
    };

    public Author() => Set(value => value);

    public void Dispose() => Set(_ => null);

    private static void Set(Func<string, string?> value)
    {
        foreach (var (name, known) in Values)
        {
            Environment.SetEnvironmentVariable(name, value(known));
        }
    }
}
