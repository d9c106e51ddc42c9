using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>The ReplicaSet that a Deployment ought to have.</summary>
internal static class ReplicaSetBlueprint
{
    public const string HashLabel = "pod-template-hash";
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistory = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    // What belongs to the Deployment alone.
    private static readonly HashSet<string> NotCopied =
    [
        "kubectl.kubernetes.io/last-applied-configuration", Revision, RevisionHistory, DesiredReplicas, MaxReplicas, "deprecated.deployment.rollback.revisionHash",
    ];

    /// <summary>The ReplicaSet of a Deployment's present template.</summary>
    /// <param name="deployment">As the server gave it: with uid and defaults.</param>
    /// <param name="replicas">How many pods it asks for.</param>
    /// <param name="revision">The number of this template among those that the Deployment had.</param>
    public static JsonObject Of(JsonObject deployment, long replicas, long revision = 1)
    {
        var template = At(deployment, "spec.template")!.DeepClone().AsObject();
        var hash = NameSuffix.OfTemplate(template, Number(deployment, "status.collisionCount"));
        var labels = At(template, "metadata.labels") as JsonObject ?? [];
        labels[HashLabel] = hash;
        var selector = At(deployment, "spec.selector")?.DeepClone() as JsonObject ?? [];
        if (selector["matchLabels"] is not JsonObject wanted)
        {
            selector["matchLabels"] = wanted = [];
        }

        wanted[HashLabel] = hash;
        var set = new JsonObject
        {
            ["apiVersion"] = Types.ReplicaSet.ApiVersion,
            ["kind"] = Types.ReplicaSet.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{Text(deployment, "metadata.name")}-{hash}",
                ["namespace"] = Text(deployment, "metadata.namespace"),
                ["labels"] = labels.DeepClone(),
                ["annotations"] = Annotations(deployment, null, revision),
                ["ownerReferences"] = new JsonArray(Ownership.Reference(Types.Deployment, deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        };
        if (Number(deployment, "spec.minReadySeconds") is > 0 and var seconds)
        {
            set["spec"]!["minReadySeconds"] = seconds;
        }

        SetReplicaAnnotations(set["metadata"]!["annotations"]!.AsObject(), deployment);
        return set;
    }

    /// <summary>The annotations of a Deployment's present ReplicaSet: its own, those of the Deployment, and the revision.</summary>
    public static JsonObject Annotations(JsonObject deployment, JsonObject? set, long revision)
    {
        var annotations = At(set, "metadata.annotations")?.DeepClone() as JsonObject ?? [];
        foreach (var (name, value) in At(deployment, "metadata.annotations") as JsonObject ?? [])
        {
            if (!NotCopied.Contains(name))
            {
                annotations[name] = value?.DeepClone();
            }
        }

        var before = RevisionOf(set);
        if (before < revision)
        {
            annotations[Revision] = revision.ToString(CultureInfo.InvariantCulture);
            if (before > 0)
            {
                annotations[RevisionHistory] = (string?)annotations[RevisionHistory] is { Length: > 0 } history ? $"{history},{before}" : before.ToString(CultureInfo.InvariantCulture);
            }
        }

        return annotations;
    }

    /// <summary>How many replicas the Deployment wants and at most has, as its ReplicaSets remember it.</summary>
    /// <returns>Whether that has changed something.</returns>
    public static bool SetReplicaAnnotations(JsonObject annotations, JsonObject deployment)
    {
        var (desired, most) = (Number(deployment, "spec.replicas"), RolloutLimits.Of(deployment).Most);
        var (desiredText, mostText) = (desired.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
        if ((string?)annotations[DesiredReplicas] == desiredText && (string?)annotations[MaxReplicas] == mostText)
        {
            return false;
        }

        (annotations[DesiredReplicas], annotations[MaxReplicas]) = (desiredText, mostText);
        return true;
    }

    public static long RevisionOf(JsonObject? item) => AnnotatedNumber(item, Revision) ?? 0;

    public static long? AnnotatedNumber(JsonObject? item, string name) =>
        long.TryParse((string?)(At(item, "metadata.annotations") as JsonObject)?[name], CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether a ReplicaSet is of the Deployment's present template.</summary>
    public static bool IsOfTemplate(JsonObject deployment, JsonObject set)
    {
        var (wanted, present) = (At(deployment, "spec.template")!.DeepClone(), At(set, "spec.template")!.DeepClone());
        foreach (var template in (ReadOnlySpan<JsonNode>)[wanted, present])
        {
            (At(template, "metadata.labels") as JsonObject)?.Remove(HashLabel);
            if (template["metadata"] is JsonObject metadata)
            {
                foreach (var name in metadata.Where(field => field.Value is null or JsonObject { Count: 0 }).Select(field => field.Key).ToArray())
                {
                    metadata.Remove(name);
                }
            }
        }

        return JsonNode.DeepEquals(wanted, present);
    }
}
