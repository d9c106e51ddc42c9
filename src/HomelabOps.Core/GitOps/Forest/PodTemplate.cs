using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>The pod of a workload.</summary>
/// <param name="Spec">Its spec.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Path">The fields that lead to the spec.</param>
internal sealed record PodTemplate(JsonObject Spec, JsonObject Labels, string[] Path)
{
    /// <summary>The pod that an object makes or is; null for what makes none.</summary>
    public static PodTemplate? Of(JsonObject item) => (ObjectText.Group(item), ObjectText.Kind(item)) switch
    {
        ("", "Pod") => Read(item, []),
        ("apps", "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet") or ("batch", "Job") => Read(item, ["spec", "template"]),
        ("batch", "CronJob") => Read(item, ["spec", "jobTemplate", "spec", "template"]),
        _ => null,
    };

    private static PodTemplate? Read(JsonObject item, string[] path)
    {
        var template = ObjectText.Node(item, path);
        return template?["spec"] is JsonObject spec ? new(spec, ObjectText.Node(template, "metadata", "labels") as JsonObject ?? [], [.. path, "spec"]) : null;
    }
}
