using HomelabOps.Core.Backups;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.Draining;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Remounting;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Volumes;

namespace HomelabOps;

/// <summary>Texts of the cmdlets that are not errors of a service.</summary>
internal static class Messages
{
    public static string DurationInvalid(string typed) => Core.Errors.Text(nameof(DurationInvalid), typed);

    public static string UnexpectedFailure(string detail) => Core.Errors.Text(nameof(UnexpectedFailure), detail);

    public static string OtherRecord(object record, string wanted) => Core.Errors.Text(nameof(OtherRecord), record, wanted);

    public static string Confirm => Core.Errors.Text(nameof(Confirm));

    public static string TlsNotVerified(string cluster) => Core.Errors.Text(nameof(TlsNotVerified), cluster);

    public static string WriteFile(string path, string text) => Core.Errors.Text(nameof(WriteFile), path, text);

    public static string WriteFileQuestion(string path) => Core.Errors.Text(nameof(WriteFileQuestion), path);

    public static string ReportWrite(string cluster, string files) => Core.Errors.Text(nameof(ReportWrite), cluster, files);

    public static string ReportWriteQuestion(string cluster, string files) => Core.Errors.Text(nameof(ReportWriteQuestion), cluster, files);

    public static string CheckRegister(HomelabScheduledCheck check, IEnumerable<string> files) => Core.Errors.Text(nameof(CheckRegister), check.Command, check.Schedule, check.Target, string.Join(", ", files));

    public static string CheckRegisterQuestion(HomelabScheduledCheck check) => Core.Errors.Text(nameof(CheckRegisterQuestion), check.Name, check.Schedule);

    public static string CheckUnregister(HomelabScheduledCheck check) => Core.Errors.Text(nameof(CheckUnregister), check.Name, check.Target);

    public static string CheckUnregisterQuestion(HomelabScheduledCheck check) => Core.Errors.Text(nameof(CheckUnregisterQuestion), check.Name);

    public static string CheckNotStarted(string target, IReadOnlyList<string> command) => Core.Errors.Text(nameof(CheckNotStarted), target, string.Join(' ', command));

    public static string CheckRun(string name) => Core.Errors.Text(nameof(CheckRun), name);

    public static string CheckRunQuestion(string name) => Core.Errors.Text(nameof(CheckRunQuestion), name);

    public static string CheckBusy(string name) => Core.Errors.Text(nameof(CheckBusy), name);

    public static string CheckIncomplete => Core.Errors.Text(nameof(CheckIncomplete));

    public static string WebhookFailed(string detail) => Core.Errors.Text(nameof(WebhookFailed), detail);

    public static string Failover(FailoverPlan plan) => Core.Errors.Text(plan.Record.Stays ? "Failover_Stays" : nameof(Failover), string.Join(", ", plan.Readiness), plan.Record.From, plan.Record.To, plan.Describe());

    public static string FailoverQuestion(FailoverPlan plan) => Core.Errors.Text(plan.Record.Stays ? "FailoverQuestion_Stays" : nameof(FailoverQuestion), string.Join(", ", plan.Readiness), plan.Record.To);

    public static string Drill(DrillScenario scenario) => Core.Errors.Text(nameof(Drill), scenario.Name, string.Join(", ", scenario.Actions));

    public static string DrillCopy(CopyPlan plan) => Core.Errors.Text(
        nameof(DrillCopy), plan.Cluster.Count, plan.Cluster.Kinds.Count(kind => kind.Objects.Count > 0), plan.Cluster.Cluster, plan.Cluster.Of("", "Secret").Count(), plan.Place, plan.Branches, plan.Titles);

    public static string DrillCopyQuestion(CopyPlan plan) => Core.Errors.Text(nameof(DrillCopyQuestion), plan.Cluster.Cluster, plan.Titles);

    public static string DrillQuestion(DrillScenario scenario) => Core.Errors.Text(nameof(DrillQuestion), scenario.Name);

    public static string DrillScore(int passed, int done, TimeSpan time) => Core.Errors.Text(nameof(DrillScore), passed, done, Display.Duration(time));

    public static string RestoreCluster(string cluster, RestorePlan plan) => Core.Errors.Text(nameof(RestoreCluster), cluster, plan.Install.Repository, plan.Describe(), plan.Server);

    public static string RestoreClusterQuestion(string cluster, RestorePlan plan) => Core.Errors.Text(nameof(RestoreClusterQuestion), cluster, plan.Install.Repository, plan.Server);

    public static string FenceConfirm(string node) => Core.Errors.Text(nameof(FenceConfirm), node);

    public static string OperationResume(OperationRecord record) => Core.Errors.Text(nameof(OperationResume), record.Id, Open(record));

    public static string OperationResumeQuestion(OperationRecord record) => Core.Errors.Text(nameof(OperationResumeQuestion), record.Id, string.Join(", ", record.Apps), record.To);

    public static string OperationClose(OperationRecord record) => Core.Errors.Text(nameof(OperationClose), record.Id, string.Join(", ", record.Apps));

    public static string OperationCloseQuestion(OperationRecord record) => Core.Errors.Text(nameof(OperationCloseQuestion), record.Id, string.Join(", ", record.Apps));

    public static string OperationUndo(OperationRecord record) => UndoText.Of(record);

    public static string OperationUndoQuestion(OperationRecord record) => Core.Errors.Text(nameof(OperationUndoQuestion), record.Id, string.Join(", ", record.Apps), record.From);

    private static string Open(OperationRecord record) => string.Join(" -> ", OperationRunner.Left(record));

    public static string FluxReconcile(FluxResource target, FluxReconcilePlan plan) => plan.Steps.Where(step => !step.IsTarget).Select(step => step.Resource.Reference).ToList() is { Count: > 0 } before
        ? Core.Errors.Text(nameof(FluxReconcile) + "_After", target, string.Join(", ", before))
        : Core.Errors.Text(nameof(FluxReconcile), target);

    public static string FluxReconcileQuestion(FluxResource target) => Core.Errors.Text(nameof(FluxReconcileQuestion), target);

    public static string FluxSuspend(FluxResource target, FluxSuspension suspension) => Core.Errors.Text(nameof(FluxSuspend), target, suspension);

    public static string FluxSuspendQuestion(FluxResource target) => Core.Errors.Text(nameof(FluxSuspendQuestion), target);

    public static string FluxSuspendedAlready(FluxResource target) => target.Suspension?.ToString() is { Length: > 0 } known
        ? Core.Errors.Text(nameof(FluxSuspendedAlready) + "_Known", target, known)
        : Core.Errors.Text(nameof(FluxSuspendedAlready), target);

    public static string FluxResume(FluxResource target) => Core.Errors.Text(nameof(FluxResume), target);

    public static string FluxResumeQuestion(FluxResource target) => Core.Errors.Text(nameof(FluxResumeQuestion), target);

    public static string FluxNotSuspended(FluxResource target) => Core.Errors.Text(nameof(FluxNotSuspended), target);

    public static string GitOpsCommit(ChangePlan plan) => plan switch
    {
        { Change.Files.Count: 0 } => Core.Errors.Text(nameof(GitOpsCommit) + "_Nothing", plan.Change.Subject, plan.Change.Repository),
        { Pruned.Count: 0 } => Core.Errors.Text(nameof(GitOpsCommit), plan.Change.Subject, plan.Change.Branch, plan.Change.Repository, plan.Change.Diff),
        _ => Core.Errors.Text(nameof(GitOpsCommit) + "_Prune", plan.Change.Subject, plan.Change.Branch, plan.Change.Repository, plan.Change.Diff, plan.Losses),
    };

    public static string GitOpsCommitQuestion(ChangePlan plan) => plan.Pruned.Count == 0
        ? Core.Errors.Text(nameof(GitOpsCommitQuestion), plan.Change.Subject, plan.Change.Repository)
        : Core.Errors.Text(nameof(GitOpsCommitQuestion) + "_Prune", plan.Change.Subject, plan.Change.Repository, plan.Losses);

    public static string MetalLBCert(WebhookCertPlan plan) => Core.Errors.Text(
        nameof(MetalLBCert) + (plan.Action, plan.WantsCertificate, plan.Callers.Count > 0) switch
        {
            (WebhookCertAction.Keep, _, _) => "_Callers",
            (WebhookCertAction.Create, false, _) => "_CreateEmpty",
            (WebhookCertAction.Create, true, false) => "_Create",
            (WebhookCertAction.Create, true, true) => "_CreateCallers",
            (_, false, _) => "_Empty",
            (_, true, true) => "_ReplaceCallers",
            _ => "",
        },
        plan.Secret,
        string.Join(", ", plan.Callers.Select(caller => caller.Object).Distinct()));

    public static string MetalLBCertQuestion(WebhookCertPlan plan) => Core.Errors.Text(nameof(MetalLBCertQuestion), MetalLBCert(plan));

    public static string MetalLBNotNeeded(MetalLBWebhookFacts facts) => Core.Errors.Text(nameof(MetalLBNotNeeded), new ResourceReference(facts.Cluster, "Deployment", facts.Namespace, facts.Controller?.Name ?? ""));

    public static string MetalLBRestart(ResourceReference controller) => Core.Errors.Text(nameof(MetalLBRestart), controller);

    public static string MetalLBRestartQuestion(ResourceReference controller) => Core.Errors.Text(nameof(MetalLBRestartQuestion), controller);

    public static string RestoreFinish(ManifestScope scope) => Core.Errors.Text(nameof(RestoreFinish), scope);

    public static string RestoreFinishQuestion(ManifestScope scope) => Core.Errors.Text(nameof(RestoreFinishQuestion), scope);

    public static string VolumeRelease(ReleasedVolume volume) => Core.Errors.Text(nameof(VolumeRelease), volume.Name, volume.ClaimNamespace, volume.ClaimName);

    public static string VolumeReleaseQuestion(ReleasedVolume volume) => Core.Errors.Text(nameof(VolumeReleaseQuestion), volume.Name, volume.ClaimNamespace, volume.ClaimName);

    public static string AppNotStopped(HomelabApp app) => Core.Errors.Text(nameof(AppNotStopped), app);

    public static string AppWithoutPods(HomelabApp app) => Core.Errors.Text(nameof(AppWithoutPods), app, app.Namespace, app.Name);

    public static string Repair(HomelabRepairAction action) => Core.Errors.Text($"{nameof(Repair)}_{action.Kind}", action.Target, action.Path);

    public static string RepairQuestion(HomelabFinding finding, HomelabRepairAction action) => Core.Errors.Text(nameof(RepairQuestion), finding.Target, finding.Message, Repair(action));

    public static string RepairNotNeeded(HomelabFinding finding) => Core.Errors.Text(nameof(RepairNotNeeded), finding.Target);

    public static string RepairNotAwaited(HomelabFinding finding) => Core.Errors.Text(nameof(RepairNotAwaited), finding.Target);

    public static string RepairResult(HomelabFinding finding, HomelabRepairResult result) => result switch
    {
        HomelabRepairResult.Gone => "",
        HomelabRepairResult.Unknown => Core.Errors.Text("RepairUnproven", finding.Target),
        _ => finding.Remedy,
    };

    public static string SyncthingSelectorEmpty(string cluster, string selector) => Core.Errors.Text(nameof(SyncthingSelectorEmpty), cluster, selector);

    public static string SyncthingRestart(SyncthingTarget target) => Core.Errors.Text(nameof(SyncthingRestart), target.Source, string.Join(", ", target.Pods.Select(pod => pod.Name)));

    public static string SyncthingRestartQuestion(SyncthingTarget target) => Core.Errors.Text(nameof(SyncthingRestartQuestion), target.Source, target.Role);

    public static string ReplicationNotSuspended(ReplicationStatus target) => Core.Errors.Text(nameof(ReplicationNotSuspended), target.Reference);

    public static string ReplicationOfSource(ReplicationStatus target, ResourceReference source) => Core.Errors.Text(nameof(ReplicationOfSource), target.Reference, source);

    public static string ReplicationStart(ReplicationStatus target, bool isFull) => isFull
        ? Core.Errors.Text(nameof(ReplicationStart) + "_Full", target)
        : target.Method == "syncthing" ? Core.Errors.Text(nameof(ReplicationStart) + "_Syncthing", target) : Core.Errors.Text(nameof(ReplicationStart), target);

    public static string ReplicationStartQuestion(ReplicationStatus target) => Core.Errors.Text(nameof(ReplicationStartQuestion), target);

    public static string ReplicationSuspend(ReplicationStatus target) =>
        target.Method == "syncthing" ? Core.Errors.Text(nameof(ReplicationSuspend) + "_Syncthing", target) : Core.Errors.Text(nameof(ReplicationSuspend), target);

    public static string ReplicationSuspendQuestion(ReplicationStatus target) => Core.Errors.Text(nameof(ReplicationSuspendQuestion), target);

    public static string ReplicationResume(ReplicationStatus target) => Core.Errors.Text(nameof(ReplicationResume), target);

    public static string ReplicationResumeQuestion(ReplicationStatus target) => Core.Errors.Text(nameof(ReplicationResumeQuestion), target);

    public static string StorageReconcile(string kustomization) => Core.Errors.Text(nameof(StorageReconcile), kustomization);

    public static string StorageReconcileQuestion(string kustomization) => Core.Errors.Text(nameof(StorageReconcileQuestion), kustomization);

    public static string AppRestart(HomelabApp app) => Core.Errors.Text(nameof(AppRestart), app);

    public static string AppRestartQuestion(HomelabApp app) => Core.Errors.Text(nameof(AppRestartQuestion), app);

    public static string AppBackup(AppData data, BackupOptions options) =>
        Core.Errors.Text(options.Hot || !data.Runs ? nameof(AppBackup) + "_Hot" : nameof(AppBackup), data.App, data.Text, data.Node, options.Folder);

    public static string AppBackupQuestion(HomelabApp app) => Core.Errors.Text(nameof(AppBackupQuestion), app);

    public static string AppRestore(AppData data, IRestoreSource source) =>
        Core.Errors.Text(data.Runs ? nameof(AppRestore) : nameof(AppRestore) + "_Stopped", data.App, string.Join(", ", source.Places.Select(place => place.Path)), data.Node, source.Path);

    public static string AppRestoreQuestion(HomelabApp app, IRestoreSource source) => Core.Errors.Text(nameof(AppRestoreQuestion), app, source.Path);

    public static string BackupUnsealed(string path) => Core.Errors.Text(nameof(BackupUnsealed), path);

    public static string AppScale(HomelabApp app, int replicas, string limit) => Core.Errors.Text(nameof(AppScale), app, app.Replicas, replicas, limit);

    public static string AppScaleQuestion(HomelabApp app, int replicas) => Core.Errors.Text(nameof(AppScaleQuestion), app, replicas);

    public static string AppStart(HomelabApp app, string former) => Core.Errors.Text(nameof(AppStart), app, former);

    public static string AppStartQuestion(HomelabApp app) => Core.Errors.Text(nameof(AppStartQuestion), app);

    public static string AppStop(HomelabApp app, FluxSuspension stop) =>
        app.HelmRelease is { } release ? Core.Errors.Text(nameof(AppStop) + "_Release", app, stop, release)
        : app.Kustomization is { } kustomization ? Core.Errors.Text(nameof(AppStop) + "_Kustomization", app, stop, kustomization)
        : Core.Errors.Text(nameof(AppStop), app, stop);

    public static string AppStopQuestion(HomelabApp app) => Core.Errors.Text(nameof(AppStopQuestion), app);

    public static string AppStoppedAlready(HomelabApp app) => Core.Errors.Text(nameof(AppStoppedAlready), app);

    public static string CommandRun(PodTarget target, IReadOnlyList<string> command) => Core.Errors.Text(nameof(CommandRun), target.Pod, target.Container, string.Join(' ', command));

    public static string CommandRunQuestion(PodTarget target, IReadOnlyList<string> command) => Core.Errors.Text(nameof(CommandRunQuestion), target.Pod, string.Join(' ', command));

    public static string NodeCommandRun(string node, string @namespace, IReadOnlyList<string> command, bool writable) =>
        Core.Errors.Text(writable ? nameof(NodeCommandRun) + "_Writable" : nameof(NodeCommandRun), node, @namespace, string.Join(' ', command));

    public static string NodeCommandRunQuestion(string node, IReadOnlyList<string> command) => Core.Errors.Text(nameof(NodeCommandRunQuestion), node, string.Join(' ', command));

    public static string NodeSuspend(ResourceReference node, FluxSuspension? suspension, DrainPlan? plan)
    {
        var parts = new List<string>(3);
        if (suspension is not null)
        {
            parts.Add(Core.Errors.Text("NodeCordon", node, suspension));
        }

        if (plan is not null)
        {
            parts.Add(plan.Evicted.Count > 0 ? Core.Errors.Text("NodeEvict", node, Core.Counted.Of(plan.Evicted.Count, "pod"), DrainPlan.Names(plan.Evicted)) : Core.Errors.Text("NodeEvict_None", node));
            if (plan.Staying.Count > 0)
            {
                parts.Add(Core.Errors.Text("NodeEvict_Staying", DrainPlan.Names(plan.Staying)));
            }
        }

        return string.Join("; ", parts);
    }

    public static string NodeSuspendQuestion(ResourceReference node, DrainPlan? plan) => plan is null
        ? Core.Errors.Text("NodeCordonQuestion", node)
        : Core.Errors.Text("NodeDrainQuestion", node, Core.Counted.Of(plan.Evicted.Count, "pod"));

    public static string NodeCordonedAlready(ResourceReference node, FluxSuspension suspension) => suspension.ToString() is { Length: > 0 } known
        ? Core.Errors.Text(nameof(NodeCordonedAlready) + "_Known", node, known)
        : Core.Errors.Text(nameof(NodeCordonedAlready), node);

    public static string NodeResume(ResourceReference node, bool removesTaint) => Core.Errors.Text(removesTaint ? nameof(NodeResume) + "_Taint" : nameof(NodeResume), node);

    public static string NodeResumeQuestion(ResourceReference node) => Core.Errors.Text(nameof(NodeResumeQuestion), node);

    public static string NodeInService(ResourceReference node) => Core.Errors.Text(nameof(NodeInService), node);

    public static string NodeOutOfService(ResourceReference node) => Core.Errors.Text(nameof(NodeOutOfService), node);

    public static string PodDelete(HomelabPod pod, bool force) =>
        Core.Errors.Text(force ? nameof(PodDelete) + "_Force" : pod.Owner is null ? nameof(PodDelete) + "_Bare" : nameof(PodDelete), pod.Reference);

    public static string PodDeleteQuestion(HomelabPod pod) => Core.Errors.Text(nameof(PodDeleteQuestion), pod.Reference);

    public static string PortForwardStart(HomelabApp app) => Core.Errors.Text(nameof(PortForwardStart), app);

    public static string PortForwardStop(HomelabPortForward forward) => Core.Errors.Text(nameof(PortForwardStop), forward.LocalPort, forward);

    public static string NfsMountRepair(MountJob job) => job.Plan.IsEmpty
        ? Core.Errors.Text(nameof(NfsMountRepair) + "_Nothing", job.Status.Path, job.Status.Node, job.Host)
        : Core.Errors.Text(nameof(NfsMountRepair), job.Status.Path, job.Status.Node, job.Host, job.Plan.Where, job.Plan.State, job.Plan.Text);

    public static string NfsMountRepairQuestion(MountJob job) => Core.Errors.Text(nameof(NfsMountRepairQuestion), job.Host, job.Plan.Text);

    public static string ContainerRestartQuestion(MountJob job) => Core.Errors.Text(nameof(ContainerRestartQuestion), job.Status.Node, job.Plan.Restart);

    public static string PodRestartQuestion(NfsMountStatus status, IReadOnlyList<ResourceReference> pods) => Core.Errors.Text(nameof(PodRestartQuestion), pods.Count, status.Node, string.Join(", ", pods));

    public static string NotAsked(string question) => Core.Errors.Text(nameof(NotAsked), question);
}
