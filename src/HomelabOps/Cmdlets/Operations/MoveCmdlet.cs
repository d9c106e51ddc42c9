using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Ssh;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Base of the cmdlets that carry a plan out: gates, a question, and an operation for each pair of nodes.</summary>
public abstract class MoveCmdlet : FailoverCmdlet
{
    /// <summary>Gates that do not count; they are named in the result and in the commit.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GateCompleter))]
    public string[] OverrideGate { get; set; } = [];

    /// <summary>How to log in at the hosts of nodes.</summary>
    private protected virtual SshLogin? Login => null;

    /// <summary>What was asked for.</summary>
    private protected abstract FailoverRequest Request { get; }

    private protected override void Begin()
    {
        base.Begin();
        _ = Request.Checked();
        TimeoutSeconds = MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSeconds)) ? TimeoutSeconds : FailoverOptions.UsualSeconds;
    }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options)
    {
        var chosen = Chosen(client, apps, options.Config);
        if (chosen.Count == 0)
        {
            return;
        }

        var store = OperationStore.ForUser();
        var how = Options(client, options.Config, Login);
        var (plans, done, notices) = Await(stop => FailoverPlan.MakeAsync(how, store, chosen, Request, stop));
        foreach (var notice in notices)
        {
            Notices.Write(this, notice);
        }

        foreach (var result in done)
        {
            WriteObject(result);
        }

        foreach (var plan in plans)
        {
            if (ShouldProcess(Messages.Failover(plan), Messages.FailoverQuestion(plan), Messages.Confirm))
            {
                FencePrompt.Ask(Host, plan.Record);
                Drain(stop => new OperationRunner(how, store).RunAsync(plan.Record, stop));
            }
        }
    }
}
