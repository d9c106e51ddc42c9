using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Workloads whose pods are not even made, rollouts that have stopped, Jobs that have failed, and applications that are stopped for longer than was planned.</summary>
internal sealed class WorkloadCheck : IHomelabCheck
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var pods = (snapshot.Pods ?? []).ToLookup(pod => pod.Subject);
        return (snapshot.Workloads ?? []).SelectMany(workload => Of(snapshot, workload, [.. pods[workload.Reference]])).Concat(FailedJobs(snapshot));
    }

    private static IEnumerable<Symptom> Of(HomelabSnapshot snapshot, WorkloadFacts workload, List<PodFacts> pods)
    {
        var apps = new[] { (workload.Reference.Namespace, workload.Reference.Name) };
        if (Suspensions.Read(workload.Wire.Metadata) is { IsOverdue: true } stop && workload.Desired is null or 0)
        {
            yield return Symptom.Of(HomelabArea.Pod, FindingSeverity.Warning, "StopOverdue", workload.Reference, stop).WithRepair(HomelabRepairKind.StartApp) with { Apps = apps };
        }

        var isWanted = workload.Desired is null ? workload.Wire.Spec?.Suspend != true : workload.Desired > 0;
        var account = isWanted ? MissingAccount(snapshot, workload) : null;
        if (account is not null)
        {
            var isShort = workload.Available < workload.Desired;
            yield return Symptom.Of(HomelabArea.Pod, isShort ? FindingSeverity.Error : FindingSeverity.Warning, "ServiceAccountMissing", workload.Reference, account) with { Apps = apps };
        }

        // Nobody asks for pods of one that is scaled to zero, by its owner or by an autoscaler.
        if (snapshot.Pods is null || workload.Desired is not > 0 || workload.Available >= workload.Desired)
        {
            yield break;
        }

        var conditions = workload.Wire.Status?.Conditions ?? [];
        if (account is not null && pods.Count(pod => !pod.HasEnded) < workload.Desired)
        {
            yield break;
        }

        if (Refusal(snapshot, workload, conditions) is { } refusal && pods.Count(pod => !pod.HasEnded) < workload.Desired)
        {
            yield return Symptom.Of(HomelabArea.Pod, FindingSeverity.Error, "PodsRefused", workload.Reference, refusal.TrimEnd('.')) with { Apps = apps };
        }
        else if (pods.Count == 0 && snapshot.Now - workload.Wire.Metadata.CreationTimestamp > Window && workload.Wire.Spec?.Paused != true)
        {
            yield return Symptom.Of(HomelabArea.Pod, FindingSeverity.Error, "PodsNotMade", workload.Reference, workload.Desired) with { Apps = apps };
        }
        else if (pods.TrueForAll(pod => pod.IsWell) && conditions.Exists(condition => condition is { Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded" }))
        {
            yield return Symptom.Of(HomelabArea.Pod, FindingSeverity.Error, "RolloutStuck", workload.Reference, workload.Available, workload.Desired) with { Apps = apps };
        }
    }

    // Read from the spec, before a refusal says it. That of the name default comes with each namespace.
    private static string? MissingAccount(HomelabSnapshot snapshot, WorkloadFacts workload) =>
        workload.Account is { Length: > 0 } account and not "default" && snapshot.ServiceAccounts?.Contains((workload.Reference.Namespace, account)) == false ? account : null;

    // Only Deployments have a condition for it.
    private static string? Refusal(HomelabSnapshot snapshot, WorkloadFacts workload, List<ConditionWire> conditions) =>
        conditions.Find(condition => condition is { Type: "ReplicaFailure", Status: "True" })?.Message
        ?? (workload.Reference.Kind is WorkloadTypes.StatefulSet or WorkloadTypes.DaemonSet ? snapshot.Warnings[workload.Reference].FirstOrDefault(warning => warning.Reason == "FailedCreate")?.Message : null);

    // One that a later run of the same schedule has made good is of no interest.
    private static IEnumerable<Symptom> FailedJobs(HomelabSnapshot snapshot)
    {
        var jobs = (snapshot.Jobs ?? []).Where(job => job.Metadata.Label(MoverNames.CreatedBy) != MoverNames.Creator)
            .GroupBy(job => Ownership.Top(job.Metadata, snapshot.Cluster) ?? snapshot.Reference("Job", job.Metadata.Namespace ?? "", job.Metadata.Name));
        foreach (var runs in jobs)
        {
            if (runs.OrderByDescending(job => job.Metadata.CreationTimestamp).FirstOrDefault(HasEnded) is { } last && Failure(last) is { } failure)
            {
                var own = (snapshot.Pods ?? []).Where(pod => pod.Wire.Metadata.OwnerReferences?.Exists(owner => owner.Kind == "Job" && owner.Name == last.Metadata.Name) == true).Select(pod => pod.Reference).ToHashSet();
                yield return (Symptom.Of(HomelabArea.Pod, FindingSeverity.Warning, "JobFailed", runs.Key, last.Metadata.Name, failure.Message?.TrimEnd('.')) with { Apps = [(runs.Key.Namespace, runs.Key.Name)] })
                    .With(snapshot.LastWords.Where(log => own.Contains(log.Key.Pod)).SelectMany(log => log.Value));
            }
        }
    }

    private static bool HasEnded(Wire.JobWire job) => Failure(job) is not null || job.Status?.Conditions?.Exists(condition => condition is { Type: "Complete", Status: "True" }) == true;

    private static ConditionWire? Failure(Wire.JobWire job) => job.Status?.Conditions?.Find(condition => condition is { Type: "Failed", Status: "True" });
}
