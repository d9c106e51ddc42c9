using System.Management.Automation;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Starts replications of VolSync and waits until they are done.</summary>
[Cmdlet(VerbsLifecycle.Start, "VolSyncReplication", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Start-VolSyncReplication.md")]
[OutputType(typeof(ReplicationStatus))]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "replicationsources")]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "replicationdestinations")]
[RequiresAccess("get,list", "", "pods")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("get,create", "", "pods/proxy")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class StartVolSyncReplicationCommand : VolSyncChangeCmdlet
{
    private readonly List<string> _receivers = [];
    private bool _isStarted;

    /// <summary>From the beginning.</summary>
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <summary>Seconds that each replication may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>Starts them and does not wait until they are done.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override void Change(ClusterClient client, ReplicationStatus target, HomelabConfig config)
    {
        if (!IsNamed(target) && ReplicationStarter.IsReceiver(target) && target.Partner is { } source)
        {
            _receivers.Add(Messages.ReplicationOfSource(target, source));
            return;
        }

        _isStarted = true;
        ReplicationStarter.Check(target);
        if (ShouldProcess(Messages.ReplicationStart(target, Full), Messages.ReplicationStartQuestion(target), Messages.Confirm))
        {
            var options = new ReplicationStartOptions { Full = Full, NoWait = NoWait, Timeout = TimeSpan.FromSeconds(TimeoutSeconds), Config = config };
            Drain(stop => ReplicationStarter.StartAsync(client, target, options, Journal, stop));
        }
    }

    // Where both ends were meant, one of them is started by the other; where only those were that receive, nothing has been started at all.
    private protected override void End()
    {
        base.End();
        _receivers.ForEach(_isStarted ? WriteVerbose : WriteWarning);
    }
}
