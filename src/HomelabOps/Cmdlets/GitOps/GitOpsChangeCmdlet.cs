using System.Diagnostics;
using System.Management.Automation;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.GitOps;

/// <summary>Base of the cmdlets that commit to the repository and let Flux take it up.</summary>
public abstract class GitOpsChangeCmdlet : RepositoryCmdlet
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Commits and pushes, and does not wait for Flux.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Seconds that each object of Flux may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private protected override bool IsChange => true;

    private protected ChangeJournal Journal { get; } = ChangeJournal.ForUser();

    private protected RepositoryCommitter Committer() => new(FindRepository(), Journal);

    /// <summary>Shows what an edit changes, and makes the change when that is wanted. Null when it was not made.</summary>
    /// <param name="committer">The repository.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="app">The application that it is about; empty for none.</param>
    /// <param name="pushed">What is to be done before Flux can be waited for; null for nothing.</param>
    private protected GitOpsChange? Change(RepositoryCommitter committer, IRepositoryEdit edit, string app, Action? pushed = null)
    {
        // Who does not wait is not kept waiting by what the cluster would say.
        var client = NoWait && !MyInvocation.BoundParameters.ContainsKey("WhatIf") ? null : ConnectedClient();
        var plan = Await(stop => ChangePlan.MakeAsync(committer, edit, client, stop));
        foreach (var warning in plan.Warnings.Concat(plan.Failures.Select(failure => failure.Message)))
        {
            WriteWarning(warning);
        }

        if (!ShouldProcess(Messages.GitOpsCommit(plan), Messages.GitOpsCommitQuestion(plan), Messages.Confirm))
        {
            return null;
        }

        Changing();
        var (change, behind) = Await(stop => committer.CommitAsync(edit, stop));
        if (behind is not null)
        {
            WriteWarning(behind);
        }

        change = change with { App = app };
        pushed?.Invoke();
        change = change.Pushed ? Deliver(client, change, new(committer, change.Commit, plan.Remaining, edit.Runs)) : change;
        return change with { RolledOut = change.RolledOut && plan.LeftAlone.Count == 0 };
    }

    /// <summary>Lets Flux take up what was committed earlier.</summary>
    /// <param name="committer">The repository.</param>
    /// <param name="done">The edit that was made; nothing is left of it to do.</param>
    /// <param name="app">The application that it is about; empty for none.</param>
    /// <param name="isOf">The files that it is about.</param>
    private protected GitOpsChange Deliver(RepositoryCommitter committer, IRepositoryEdit done, string app, Func<string, bool> isOf)
    {
        var (kustomizations, runs) = Await(stop => committer.ReadAsync(
            (git, tip, _) =>
            {
                var files = new GitTreeFiles(git, tip.Tree);
                return (ChangePlan.Affected(files, isOf, stop).ToList(), ManifestApp.In(files, isOf).ToList());
            },
            stop));
        var (change, _) = Await(stop => committer.CommitAsync(done, stop));
        return Deliver(ConnectedClient(), change with { App = app }, new(committer, change.Commit, kustomizations, runs));
    }

    /// <summary>Called before a change is made that nobody declined.</summary>
    private protected virtual void Changing()
    {
    }

    private GitOpsChange Deliver(ClusterClient? client, GitOpsChange change, ChangeToDeliver delivery)
    {
        if (client is null || NoWait)
        {
            return change;
        }

        var isDone = false;
        Drain(stop => ChangeDelivery.RunAsync(client, delivery, TimeSpan.FromSeconds(TimeoutSeconds), Journal, stop), runs => isDone = runs);
        return change with { RolledOut = isDone, Duration = Stopwatch.GetElapsedTime(_started) };
    }
}
