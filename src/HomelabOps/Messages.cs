using HomelabOps.Core.Delivery;
using HomelabOps.Core.Flux.Reconciling;
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
        _ => Core.Errors.Text(nameof(GitOpsCommit) + "_Prune", plan.Change.Subject, plan.Change.Branch, plan.Change.Repository, plan.Change.Diff, string.Join(", ", plan.Pruned)),
    };

    public static string GitOpsCommitQuestion(ChangePlan plan) => plan.Pruned.Count == 0
        ? Core.Errors.Text(nameof(GitOpsCommitQuestion), plan.Change.Subject, plan.Change.Repository)
        : Core.Errors.Text(nameof(GitOpsCommitQuestion) + "_Prune", plan.Change.Subject, plan.Change.Repository, string.Join(", ", plan.Pruned));

    public static string VolumeRelease(ReleasedVolume volume) => Core.Errors.Text(nameof(VolumeRelease), volume.Name, volume.ClaimNamespace, volume.ClaimName);

    public static string VolumeReleaseQuestion(ReleasedVolume volume) => Core.Errors.Text(nameof(VolumeReleaseQuestion), volume.Name, volume.ClaimNamespace, volume.ClaimName);

    public static string AppNotStopped(HomelabApp app) => Core.Errors.Text(nameof(AppNotStopped), app);

    public static string AppRestart(HomelabApp app) => Core.Errors.Text(nameof(AppRestart), app);

    public static string AppRestartQuestion(HomelabApp app) => Core.Errors.Text(nameof(AppRestartQuestion), app);

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

    public static string PortForwardStart(HomelabApp app) => Core.Errors.Text(nameof(PortForwardStart), app);

    public static string PortForwardStop(HomelabPortForward forward) => Core.Errors.Text(nameof(PortForwardStop), forward.LocalPort, forward);
}
