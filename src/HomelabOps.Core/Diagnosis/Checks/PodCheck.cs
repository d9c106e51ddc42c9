using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Every pod that is not well, with the reason. Pods of one workload with the same reason are one finding.</summary>
internal sealed class PodCheck : IHomelabCheck
{
    private const int MostPods = 5;
    private const string AbsentPullSecret = "PullSecretAbsent";

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var judge = new PodJudge(snapshot);

        // How a mover ended its replication says better; what keeps it from running is the pod's.
        var problems = from pod in snapshot.Pods ?? []
                       let problem = judge.Judge(pod) ?? judge.Foresee(pod) ?? WithoutPullSecret(snapshot, pod)
                       where problem is { Reason.Length: > 0 } && !(pod.IsMoverJob && problem.Reason is "CrashLoop" or "PodFailed")
                       group (Pod: pod, Problem: problem) by (pod.Subject, problem.Reason, problem.Detail);
        foreach (var group in problems)
        {
            var all = group.ToList();
            var (pod, problem) = all[0];
            var symptom = Symptom.Of(HomelabArea.Pod, problem.Severity, problem.Reason, group.Key.Subject, problem.Detail, problem.Words.TrimEnd('.'), all.Count, pod.Reference.Namespace, pod.App.Length > 0 ? $"-App {pod.App}" : pod.Reference.Name) with
            {
                Part = problem.Detail,
                Causes = [new(group.Key.Subject, ResourceCheck.OverNodes), .. all.SelectMany(item => item.Problem.Causes).DistinctBy(cause => cause.Object), .. MetalLBCheck.CausesOf(snapshot, group.Key.Subject)],
                Apps = [(pod.Reference.Namespace, pod.App)],
                Members = [.. all.Select(item => item.Pod.Reference)],
            };
            symptom = problem.Reason is "PodEvicted" or "PodFailed" && group.Key.Subject.Kind != "Pod" ? symptom.WithRepair(HomelabRepairKind.DeleteFailedPods) : symptom;
            symptom = symptom with { Finding = Bare(Unlimited(Held(symptom.Finding, pod, problem), problem)) };
            yield return symptom.With([.. all.Take(MostPods).Select(item => Describe(item.Pod)), .. all.SelectMany(item => item.Problem.Evidence).Distinct().Take(2 * MostPods)]);
        }
    }

    // Its image is there already; on another node, or of another tag, it would be asked for.
    private static PodProblem? WithoutPullSecret(HomelabSnapshot snapshot, PodFacts pod) =>
        pod is { IsWell: true, HasEnded: false } && PodReferences.Of(pod).FirstOrDefault(reference => reference.ForImages && snapshot.Secrets?.Contains((reference.Object.Namespace, reference.Object.Name)) == false) is { Object: var secret }
            ? new(FindingSeverity.Warning, AbsentPullSecret, secret.Name) { Causes = [new(secret)] }
            : null;

    // Deleting by force spares the kubelet, and no finalizer. One of a pod that runs still is not what keeps it.
    private static HomelabFinding Held(HomelabFinding finding, PodFacts pod, PodProblem problem) =>
        problem.Reason != "PodStuckTerminating" || pod.Wire.Metadata.Finalizers is not { Count: > 0 } finalizers || pod.Containers.Any(item => item.Status?.State?.Running is not null) ? finding : finding with
        {
            Message = Errors.Text("Diagnosis_PodStuckTerminating_Finalizer", finding.Target, string.Join(", ", finalizers), problem.Words),
            Remedy = Errors.Text("Diagnosis_PodStuckTerminatingRemedy_Finalizer", pod.Reference.Namespace, pod.Reference.Name),
        };

    // There is no limit to raise.
    private static HomelabFinding Unlimited(HomelabFinding finding, PodProblem problem) => problem is not { Reason: PodJudge.OutOfMemory, Words.Length: 0 } ? finding : finding with
    {
        Message = Errors.Text("Diagnosis_OutOfMemory_NoLimit", finding.Target, problem.Detail),
        Remedy = Errors.Text("Diagnosis_OutOfMemoryRemedy_NoLimit", finding.Target),
    };

    // One that nothing has made is no pod of something.
    private static HomelabFinding Bare(HomelabFinding finding) => finding.Target is not { Kind: "Pod" } pod ? finding : finding with
    {
        Message = finding.Message.Replace($"A pod of {pod}", $"{pod}", StringComparison.Ordinal).Replace($"a pod of {pod}", $"{pod}", StringComparison.Ordinal),
    };

    private static string Describe(PodFacts pod) => pod.Node.Length > 0 ? Errors.Text("Evidence_PodOn", pod.Reference, pod.Node) : $"{pod.Reference}";
}
