using System.Management.Automation;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Takes an operation back, as long as no application has run where it was moved to.</summary>
[Cmdlet(VerbsCommon.Undo, "HomelabOperation", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Undo-HomelabOperation.md")]
[OutputType(typeof(HomelabOperation))]
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
public sealed class UndoHomelabOperationCommand : OperationCmdlet
{
    /// <summary>Closes the operation as it is, and changes nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Act(OperationRecord record, FailoverOptions options)
    {
        var undo = new OperationUndo(options, Store);
        if (!Force)
        {
            Await(async stop =>
            {
                await undo.CheckAsync(record, stop);
                return true;
            });
        }

        var (what, question) = Force ? (Messages.OperationClose(record), Messages.OperationCloseQuestion(record)) : (Messages.OperationUndo(record), Messages.OperationUndoQuestion(record));
        if (ShouldProcess(what, question, Messages.Confirm))
        {
            var notices = new List<Notice>();
            WriteObject(Await(stop => Force ? undo.CloseAsync(record, notices.Add, stop) : undo.RunAsync(record, notices.Add, stop)));
            notices.ForEach(notice => Notices.Write(this, notice));
        }
    }
}
