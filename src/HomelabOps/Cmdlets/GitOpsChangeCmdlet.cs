using System.Management.Automation;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that change the repository: shows the change, asks, commits, pushes, and waits until it runs.</summary>
public abstract class GitOpsChangeCmdlet : RepositoryCmdlet
{
    /// <summary>Ends when the commit is pushed.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Seconds until it must run.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private protected override bool IsChange => true;

    private protected ChangeJournal Journal { get; } = ChangeJournal.ForUser();

    /// <summary>Commits an edit after asking, and writes what came of it.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="app">The application that it is about; empty for none.</param>
    private protected void Commit(IRepositoryEdit edit, string app)
    {
        var committer = new RepositoryCommitter(FindRepository(), Journal);
        var preview = Await(stop => committer.PreviewAsync(edit, stop));
        if (preview.Files.Count == 0)
        {
            WriteWarning(Messages.NothingToCommit(preview));
        }
        else if (!ShouldProcess(Messages.CommitChange(preview), Messages.CommitQuestion(preview), Messages.Confirm))
        {
            return;
        }
        else
        {
            var done = Await(stop => committer.CommitAsync(edit, stop));
            if (done.Warning is { } warning)
            {
                WriteWarning(warning);
            }

            preview = done.Change;
        }

        WriteObject(preview with { App = app });
    }
}
