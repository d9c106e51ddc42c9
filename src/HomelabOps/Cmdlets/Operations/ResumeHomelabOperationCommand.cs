using System.Management.Automation;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Goes on with an operation that was interrupted or failed, from what the cluster and Git are now.</summary>
[Cmdlet(VerbsLifecycle.Resume, "HomelabOperation", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Resume-HomelabOperation.md")]
[OutputType(typeof(FailoverResult))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("create,delete,get,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("get,create,patch", "", "pods/proxy")]
[RequiresAccess("get,list,patch", "", "nodes")]
[RequiresAccess("get", "", "namespaces")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("get,create,update", "coordination.k8s.io", "leases")]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "*")]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "", "endpoints,persistentvolumeclaims,persistentvolumes")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("get", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
public sealed class ResumeHomelabOperationCommand : OperationCmdlet
{
    private protected override void Act(OperationRecord record, FailoverOptions options)
    {
        var reason = record.Status switch
        {
            OperationStatus.Completed => "Detail_ResumeDone",
            OperationStatus.Undone => "Detail_ResumeUndone",
            _ => null,
        };
        if (reason is not null)
        {
            throw Core.Errors.OperationNotResumable(record.Id, Core.Errors.Text(reason));
        }

        if (ShouldProcess(Messages.OperationResume(record), Messages.OperationResumeQuestion(record), Messages.Confirm))
        {
            // What somebody said then may be true no more.
            if (OperationRunner.Left(record).Contains(FenceStep.StepName))
            {
                FencePrompt.Ask(Host, record);
            }

            Drain(stop => new OperationRunner(options, Store).RunAsync(record, stop));
        }
    }
}
