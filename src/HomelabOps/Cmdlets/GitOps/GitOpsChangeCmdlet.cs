using System.Diagnostics;
using System.Management.Automation;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;

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
    /// <param name="workload">What must run in the end, once the edit was made; null for nothing.</param>
    private protected GitOpsChange? Change(RepositoryCommitter committer, IRepositoryEdit edit, string app, Action? pushed = null, Func<ResourceReference?>? workload = null)
    {
        // Who does not wait is not kept waiting by what the cluster would say.
        var client = NoWait && !MyInvocation.BoundParameters.ContainsKey("WhatIf") ? null : ConnectedClient();
        var plan = Await(stop => ChangePlan.MakeAsync(committer, edit, client, stop));
        foreach (var failure in plan.Failures)
        {
            WriteWarning(failure.Message);
        }

        if (!ShouldProcess(Messages.GitOpsCommit(plan), Messages.GitOpsCommitQuestion(plan), Messages.Confirm))
        {
            return null;
        }

        var (change, warning) = Await(stop => committer.CommitAsync(edit, stop));
        if (warning is not null)
        {
            WriteWarning(warning);
        }

        change = change with { App = app };
        pushed?.Invoke();
        if (client is null || NoWait || !change.Pushed)
        {
            return change;
        }

        // Applied means at this very commit: the cluster may follow another repository.
        var (applied, others) = (0, 0);
        Drain(stop => FluxFollowUp.RunAsync(client, plan.Kustomizations, TimeSpan.FromSeconds(TimeoutSeconds), Journal, stop), result =>
        {
            var isApplied = result.Healthy && result.Revision?.EndsWith(change.Commit, StringComparison.Ordinal) == true;
            (applied, others) = isApplied ? (applied + 1, others) : (applied, others + 1);
        });
        var isDone = applied > 0 && others == 0;
        if (isDone && workload?.Invoke() is { } target)
        {
            // Flux waits for it only where spec.wait says so.
            var delivery = new DeliveryOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds) };
            Drain(stop => DeliveryWaiter.WaitAsync(client, target, delivery, Journal, stop), status => isDone = status.Complete);
        }

        return change with { RolledOut = isDone, Duration = Stopwatch.GetElapsedTime(_started) };
    }
}
