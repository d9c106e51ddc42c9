using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Several edits as one commit. Each is worked out on the files as those before it leave them; where one cannot be made, none is.</summary>
/// <param name="message">The message of the commit.</param>
/// <param name="edits">The edits, in their order.</param>
internal sealed class CombinedEdit(string message, params IReadOnlyList<IRepositoryEdit> edits) : IRepositoryEdit
{
    /// <inheritdoc/>
    public string Message => message;

    /// <inheritdoc/>
    /// <exception cref="HomelabException">That of the first edit that cannot be made; of one of an application, it names it.</exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var all = new Dictionary<string, FileChange>(StringComparer.Ordinal);
        foreach (var edit in edits)
        {
            foreach (var change in Changes(edit, new ChangedFiles(files, all.Values)))
            {
                all[change.Path] = change with { Before = all.TryGetValue(change.Path, out var first) ? first.Before : change.Before, Mode = change.Mode ?? first?.Mode };
            }
        }

        return [.. all.Values.Where(change => change.Mode is not null || !IsSame(change))];
    }

    private static IReadOnlyList<FileChange> Changes(IRepositoryEdit edit, IBuildFiles files)
    {
        try
        {
            return edit.Apply(files);
        }
        catch (HomelabException error) when (edit is AppEdit app)
        {
            throw OfApp(app.App, error);
        }
    }

    // The same failure, of which it is said which of several applications it is about.
    private static HomelabException OfApp(string app, HomelabException error) => error.Message.Contains($"'{app}'", StringComparison.Ordinal)
        ? error
        : new(error.Id, error.Kind, $"{app}: {error.Message}", app, error.Terminates, error) { Place = error.Place };

    private static bool IsSame(FileChange change) => change.Before is null || change.After is null ? change.Before == change.After : change.Before.AsSpan().SequenceEqual(change.After);
}
