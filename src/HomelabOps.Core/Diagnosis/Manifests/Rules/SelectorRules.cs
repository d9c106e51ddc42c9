using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Selectors of labels, wherever built-in kinds have them.</summary>
internal static class SelectorRules
{
    private static readonly string[] Operators = ["In", "NotIn", "Exists", "DoesNotExist"];

    private static readonly (string Kind, string[] Paths)[] OfKinds =
    [
        ("apps/Deployment", ["spec.selector"]), ("apps/ReplicaSet", ["spec.selector"]), ("apps/StatefulSet", ["spec.selector"]), ("apps/DaemonSet", ["spec.selector"]),
        ("batch/Job", ["spec.selector"]), ("policy/PodDisruptionBudget", ["spec.selector"]), ("/PersistentVolumeClaim", ["spec.selector"]),
        ("networking.k8s.io/NetworkPolicy", ["spec.podSelector", "spec.ingress.*.from.*.podSelector", "spec.ingress.*.from.*.namespaceSelector", "spec.egress.*.to.*.podSelector", "spec.egress.*.to.*.namespaceSelector"]),
    ];

    private static readonly string[] OfPods =
    [
        "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution.*.labelSelector", "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.*.labelSelector",
        "affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution.*.podAffinityTerm.labelSelector",
        "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.*.podAffinityTerm.labelSelector", "topologySpreadConstraints.*.labelSelector",
    ];

    public static IEnumerable<FieldIssue> Check(JsonObject item)
    {
        var (whole, kind) = (new Field(item), $"{ObjectText.Group(item)}/{ObjectText.Kind(item)}");
        return OfKinds.Where(rule => rule.Kind == kind).SelectMany(rule => rule.Paths).SelectMany(whole.Find).SelectMany(Selector)
            .Concat(kind == "/Service" ? MetadataRules.Labels(whole["spec"]["selector"]) : []);
    }

    /// <summary>Those within the spec of a pod.</summary>
    public static IEnumerable<FieldIssue> InPod(Field spec) => OfPods.SelectMany(spec.Find).SelectMany(Selector).Concat(MetadataRules.Labels(spec["nodeSelector"]));

    private static IEnumerable<FieldIssue> Selector(Field selector) => MetadataRules.Labels(selector["matchLabels"]).Concat(selector["matchExpressions"].Items.SelectMany(Expression));

    private static IEnumerable<FieldIssue> Expression(Field expression)
    {
        var issues = expression["key"].Checked(NameRules.CheckQualified).Concat(expression["operator"].Among(Operators)).Concat(expression["values"].Items.SelectMany(value => value.Checked(NameRules.CheckLabelValue)));
        var count = expression["values"].Items.Count();
        return expression["operator"].Text switch
        {
            "In" or "NotIn" when count == 0 => issues.Append(expression["values"].Wrong("must be specified when the operator is In or NotIn")),
            "Exists" or "DoesNotExist" when count > 0 => issues.Append(expression["values"].Wrong("may not be specified when the operator is Exists or DoesNotExist")),
            _ => issues,
        };
    }
}
