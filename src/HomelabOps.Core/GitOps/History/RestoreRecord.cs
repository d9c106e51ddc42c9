using HomelabOps.Core.Journal;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Writes into the journal that a restoration begins and ends, so that the next one knows of one that was interrupted.</summary>
/// <param name="journal">The journal.</param>
/// <param name="repository">What the repository is called in it.</param>
/// <param name="scope">What is restored.</param>
internal sealed class RestoreRecord(ChangeJournal journal, string repository, ManifestScope scope)
{
    private const string Kind = "Restore";

    private JournalEntry? _entry;

    /// <summary>Looks for the last restoration of the same; whether it has no end.</summary>
    public bool Find()
    {
        _entry = null;
        foreach (var line in journal.Read())
        {
            if (line is { Kind: Kind, State: JournalState.Started } && line.Namespace == repository && line.Name == scope.ToString())
            {
                _entry = line;
            }
            else if (line.State == JournalState.Done && line.Id == _entry?.Id)
            {
                _entry = null;
            }
        }

        return _entry is not null;
    }

    /// <summary>A restoration begins.</summary>
    /// <exception cref="HomelabException">JournalUnwritable.</exception>
    public void Begin()
    {
        _entry = new() { Kind = Kind, Namespace = repository, Name = scope.ToString(), Change = "Restore" };
        journal.Begin(_entry);
    }

    /// <summary>What was begun or found is over.</summary>
    /// <exception cref="HomelabException">JournalUnwritable.</exception>
    public void End()
    {
        if (_entry is not null)
        {
            journal.End(_entry);
        }
    }
}
