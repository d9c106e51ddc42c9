using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Every pod that is not well, with the reason. Pods of one workload with the same reason are one finding.</summary>
internal sealed class PodCheck : IHomelabCheck
{
    private const int MostPods = 5;

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var judge = new PodJudge(snapshot);

        // How a mover ended its replication says better; what keeps it from running is the pod's.
        var problems = from pod in snapshot.Pods ?? []
                       let problem = judge.Judge(pod) ?? judge.Foresee(pod)
                       where problem is { Reason.Length: > 0 } && !(pod.IsMoverJob && problem.Reason is "CrashLoop" or "PodFailed")
                       group (Pod: pod, Problem: problem) by (pod.Subject, problem.Reason, problem.Detail);
        foreach (var group in problems)
        {
            var all = group.ToList();
            var (pod, problem) = all[0];
            var symptom = Symptom.Of(HomelabArea.Pod, problem.Severity, problem.Reason, group.Key.Subject, problem.Detail, problem.Words.TrimEnd('.'), all.Count) with
            {
                Part = problem.Detail,
                Causes = [new(group.Key.Subject, ResourceCheck.OverNodes), .. all.SelectMany(item => item.Problem.Causes).DistinctBy(cause => cause.Object), .. MetalLBCheck.CausesOf(snapshot, group.Key.Subject)],
                Apps = [(pod.Reference.Namespace, pod.App)],
                Members = [.. all.Select(item => item.Pod.Reference)],
            };
            symptom = problem.Reason is "PodEvicted" or "PodFailed" && group.Key.Subject.Kind != "Pod" ? symptom.WithRepair(HomelabRepairKind.DeleteFailedPods) : symptom;
            yield return symptom.With([.. all.Take(MostPods).Select(item => Describe(item.Pod)), .. all.SelectMany(item => item.Problem.Evidence).Distinct().Take(2 * MostPods)]);
        }
    }

    private static string Describe(PodFacts pod) => pod.Node.Length > 0 ? Errors.Text("Evidence_PodOn", pod.Reference, pod.Node) : $"{pod.Reference}";
}
