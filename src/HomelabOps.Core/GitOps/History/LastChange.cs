using HomelabOps.Core.Journal;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Finds the last commit that the module made in a repository and that has not been taken back.</summary>
internal static class LastChange
{
    /// <summary>Its hash; null when the journal knows of none on this branch.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tip">The newest commit of the branch.</param>
    /// <param name="name">What the repository is called in the journal.</param>
    /// <param name="journal">The journal.</param>
    public static string? Find(Repository repository, Commit tip, string name, ChangeJournal journal)
    {
        var lines = journal.Read().ToList();
        var failed = lines.Where(line => line.State == JournalState.Failed).Select(line => line.Id).ToHashSet(StringComparer.Ordinal);
        var reverted = new HashSet<string>(StringComparer.Ordinal);

        // One whose end is not known counts when the branch has it.
        foreach (var line in lines.Where(line => line.State == JournalState.Started && line.Namespace == name && line.Undo?.Form == "GitRevert" && !failed.Contains(line.Id)).Reverse())
        {
            if (repository.Lookup<Commit>(line.Undo!.Value) is not { } commit || repository.ObjectDatabase.FindMergeBase(tip, commit)?.Id != commit.Id)
            {
                continue;
            }

            if (RevertEdit.RevertedBy(commit) is { } earlier)
            {
                // One that was itself taken back takes back nothing.
                if (!reverted.Contains(commit.Sha))
                {
                    reverted.Add(earlier);
                }
            }
            else if (!reverted.Contains(commit.Sha))
            {
                return commit.Sha;
            }
        }

        return null;
    }
}
