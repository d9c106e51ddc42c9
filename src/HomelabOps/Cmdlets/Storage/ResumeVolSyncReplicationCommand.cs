using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Resumes replications of VolSync that were suspended.</summary>
[Cmdlet(VerbsLifecycle.Resume, "VolSyncReplication", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Resume-VolSyncReplication.md")]
[OutputType(typeof(ReplicationStatus))]
[RequiresAccess("get,list,patch", "volsync.backube", "replicationsources")]
[RequiresAccess("get,list,patch", "volsync.backube", "replicationdestinations")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("list", "apps", "deployments,statefulsets")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class ResumeVolSyncReplicationCommand : VolSyncChangeCmdlet
{
    private protected override void Change(ClusterClient client, ReplicationStatus target, HomelabConfig config)
    {
        // A wildcard means those that are suspended, of which there may be none.
        if (!IsNamed(target) && target is { Paused: false, State: not ReplicationState.Paused })
        {
            WriteVerbose(Messages.ReplicationNotSuspended(target));
            WriteObject(target);
        }
        else if (IsAllowed(client, target, config) && ShouldProcess(Messages.ReplicationResume(target), Messages.ReplicationResumeQuestion(target), Messages.Confirm))
        {
            WriteAfter(client, target, config, stop => ReplicationSuspender.ResumeAsync(client, target, Journal, stop));
        }
    }

    // Before anybody is asked, and with -WhatIf too.
    private bool IsAllowed(ClusterClient client, ReplicationStatus target, HomelabConfig config) => Await(async stop =>
    {
        await ReplicationSuspender.CheckAsync(client, target, config, stop);
        return true;
    });
}
