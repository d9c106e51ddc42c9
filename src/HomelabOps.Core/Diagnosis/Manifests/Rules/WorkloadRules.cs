using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>What makes pods: when they start again, how many there are, when Jobs run.</summary>
internal static class WorkloadRules
{
    private static readonly string[] Always = ["Always"];
    private static readonly string[] OnceOnly = ["OnFailure", "Never"];

    private static readonly string[] Counts =
    [
        "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds", "parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished",
        "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit",
    ];

    public static IEnumerable<FieldIssue> Check(JsonObject item)
    {
        var spec = new Field(item)["spec"];
        return ObjectText.Group(item) switch
        {
            "apps" or "batch" when PodTemplate.Of(item) is { } pod => Counts.SelectMany(name => spec[name].AtLeast(0)).Concat(Restart(item, pod)).Concat(Strategy(spec)).Concat(Selector(item, spec))
                .Concat(ObjectText.Kind(item) == "CronJob" ? spec["schedule"].Checked(CronSyntax.Check).Concat(spec["jobTemplate"]["spec"] is var job ? Counts.SelectMany(name => job[name].AtLeast(0)) : []) : []),
            "autoscaling" when ObjectText.Kind(item) == "HorizontalPodAutoscaler" => spec["maxReplicas"].AtLeast(Math.Max(1, spec["minReplicas"].Number ?? 1)).Concat(spec["minReplicas"].AtLeast(0)),
            "policy" when ObjectText.Kind(item) == "PodDisruptionBudget" && spec["minAvailable"].IsSet && spec["maxUnavailable"].IsSet => [spec["maxUnavailable"].Wrong("it cannot be set together with minAvailable")],
            _ => [],
        };
    }

    // Always is the default, which a Job may not have.
    private static IEnumerable<FieldIssue> Restart(JsonObject item, PodTemplate pod)
    {
        var policy = pod.Path.Aggregate(new Field(item), (field, step) => field[step])["restartPolicy"];
        return ObjectText.Group(item) == "apps" ? policy.Among(Always) : policy.IsSet ? policy.Among(OnceOnly) : [policy.Missing()];
    }

    private static IEnumerable<FieldIssue> Selector(JsonObject item, Field spec) =>
        ObjectText.Group(item) == "apps" && spec["selector"].Node is JsonObject { Count: 0 } ? [spec["selector"].Wrong("it must select something")] : [];

    private static IEnumerable<FieldIssue> Strategy(Field spec) => spec["strategy"]["type"].Text == "Recreate" && spec["strategy"]["rollingUpdate"].IsSet
        ? [spec["strategy"]["rollingUpdate"].Wrong("it may not be specified when the strategy is Recreate")]
        : [];
}
