using LibGit2Sharp;

namespace HomelabOps.Core.Operations.Edits;

/// <summary>Commits of operations that wait for their push, under references of the user's clone. His branch stays where it is.</summary>
internal static class LocalCommit
{
    /// <summary>The options of an operation whose commit is kept in the clone.</summary>
    /// <param name="options">The options.</param>
    /// <param name="id">The operation; null for one that is only planned.</param>
    /// <exception cref="HomelabException">LocalCloneRequired.</exception>
    public static FailoverOptions Of(FailoverOptions options, string? id) =>
        options.Repository.Folder is null ? throw Errors.LocalCloneRequired(options.Repository.ToString()) : options with { LocalReference = ReferenceOf(id ?? "none") };

    /// <summary>Forgets the commit of an operation; the objects go when git next cleans up.</summary>
    public static void Forget(FailoverOptions options, string id)
    {
        using var repository = new Repository(Repository.Discover(options.Repository.Folder));
        if (repository.Refs[ReferenceOf(id)] is { } reference)
        {
            repository.Refs.Remove(reference);
        }
    }

    private static string ReferenceOf(string id) => $"refs/homelabops/{id}";
}
