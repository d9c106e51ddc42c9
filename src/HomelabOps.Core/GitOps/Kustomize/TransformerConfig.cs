namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Which fields the transformers change: kustomize's defaults and what <c>configurations</c> add.</summary>
internal sealed record TransformerConfig
{
    private static readonly string[] TemplateKinds = ["Deployment", "ReplicaSet", "DaemonSet"];

    private static readonly string[] Affinities = ["podAffinity", "podAntiAffinity"];

    private static readonly FieldSpec[] MetadataLabels =
    [
        new("metadata/labels", Create: true),
        .. Templates("labels"),
        new("spec/volumeClaimTemplates[]/metadata/labels", "apps", Kind: "StatefulSet", Create: true),
    ];

    public IReadOnlyList<FieldSpec> NamePrefix { get; init; } = [];

    public IReadOnlyList<FieldSpec> NameSuffix { get; init; } = [];

    public IReadOnlyList<FieldSpec> Namespace { get; init; } = [];

    public IReadOnlyList<FieldSpec> CommonLabels { get; init; } = [];

    public IReadOnlyList<FieldSpec> Labels { get; init; } = [];

    public IReadOnlyList<FieldSpec> TemplateLabels { get; init; } = [];

    public IReadOnlyList<FieldSpec> CommonAnnotations { get; init; } = [];

    public IReadOnlyList<FieldSpec> Images { get; init; } = [];

    public IReadOnlyList<FieldSpec> Replicas { get; init; } = [];

    public IReadOnlyList<NameReference> NameReferences { get; init; } = [];

    /// <summary>What holds without any configuration.</summary>
    public static TransformerConfig Default { get; } = new()
    {
        NamePrefix = [new("metadata/name")],
        NameSuffix = [new("metadata/name")],
        Namespace =
        [
            new("metadata/name", Kind: "Namespace", Create: true),
            new("spec/service/namespace", "apiregistration.k8s.io", Kind: "APIService", Create: true),
            new("spec/conversion/webhook/clientConfig/service/namespace", "apiextensions.k8s.io", Kind: "CustomResourceDefinition"),
        ],
        CommonLabels =
        [
            new("spec/selector", Version: "v1", Kind: "Service", Create: true),
            new("spec/selector", Version: "v1", Kind: "ReplicationController", Create: true),
            new("spec/selector/matchLabels", Kind: "Deployment", Create: true),
            .. PodSelectors("Deployment"),
            new("spec/selector/matchLabels", Kind: "ReplicaSet", Create: true),
            new("spec/selector/matchLabels", Kind: "DaemonSet", Create: true),
            new("spec/selector/matchLabels", "apps", Kind: "StatefulSet", Create: true),
            .. PodSelectors("StatefulSet"),
            new("spec/selector/matchLabels", "batch", Kind: "Job"),
            new("spec/jobTemplate/spec/selector/matchLabels", "batch", Kind: "CronJob"),
            new("spec/selector/matchLabels", "policy", Kind: "PodDisruptionBudget"),
            new("spec/podSelector/matchLabels", "networking.k8s.io", Kind: "NetworkPolicy"),
            new("spec/ingress/from/podSelector/matchLabels", "networking.k8s.io", Kind: "NetworkPolicy"),
            new("spec/egress/to/podSelector/matchLabels", "networking.k8s.io", Kind: "NetworkPolicy"),
            .. MetadataLabels,
        ],
        TemplateLabels = MetadataLabels,
        CommonAnnotations = [new("metadata/annotations", Create: true), .. Templates("annotations", statefulSetGroup: "")],
        Images = [.. new[] { "spec/", "spec/template/spec/" }.SelectMany(pod => new FieldSpec[] { new($"{pod}containers[]/image", Create: true), new($"{pod}initContainers[]/image", Create: true) })],
        Replicas = [.. new[] { "Deployment", "ReplicationController", "ReplicaSet", "StatefulSet" }.Select(kind => new FieldSpec("spec/replicas", Kind: kind, Create: true))],
        NameReferences = NameReferenceDefaults.All,
    };

    /// <summary>Both together.</summary>
    public TransformerConfig Merge(TransformerConfig other) => ReferenceEquals(this, other) ? this : new()
    {
        NamePrefix = FieldSpecs.Merge(NamePrefix, other.NamePrefix),
        NameSuffix = FieldSpecs.Merge(NameSuffix, other.NameSuffix),
        Namespace = FieldSpecs.Merge(Namespace, other.Namespace),
        CommonLabels = FieldSpecs.Merge(CommonLabels, other.CommonLabels),
        Labels = FieldSpecs.Merge(Labels, other.Labels),
        TemplateLabels = FieldSpecs.Merge(TemplateLabels, other.TemplateLabels),
        CommonAnnotations = FieldSpecs.Merge(CommonAnnotations, other.CommonAnnotations),
        Images = FieldSpecs.Merge(Images, other.Images),
        Replicas = FieldSpecs.Merge(Replicas, other.Replicas),
        NameReferences = other.NameReferences.Aggregate(NameReferences, Merge),
    };

    private static IReadOnlyList<NameReference> Merge(IReadOnlyList<NameReference> references, NameReference added) =>
        references.Any(reference => reference.IsSameType(added))
            ? [.. references.Select(reference => reference.IsSameType(added) ? reference with { Fields = FieldSpecs.Merge(reference.Fields, added.Fields) } : reference)]
            : [.. references, added];

    private static IEnumerable<FieldSpec> Templates(string map, string statefulSetGroup = "apps") =>
    [
        new($"spec/template/metadata/{map}", Version: "v1", Kind: "ReplicationController", Create: true),
        .. TemplateKinds.Select(kind => new FieldSpec($"spec/template/metadata/{map}", Kind: kind, Create: true)),
        new($"spec/template/metadata/{map}", statefulSetGroup, Kind: "StatefulSet", Create: true),
        new($"spec/template/metadata/{map}", "batch", Kind: "Job", Create: true),
        new($"spec/jobTemplate/metadata/{map}", "batch", Kind: "CronJob", Create: true),
        new($"spec/jobTemplate/spec/template/metadata/{map}", "batch", Kind: "CronJob", Create: true),
    ];

    private static IEnumerable<FieldSpec> PodSelectors(string kind) =>
        Affinities
            .SelectMany(affinity => new[]
            {
                $"affinity/{affinity}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm", $"affinity/{affinity}/requiredDuringSchedulingIgnoredDuringExecution",
            })
            .Append("topologySpreadConstraints")
            .Select(path => new FieldSpec($"spec/template/spec/{path}/labelSelector/matchLabels", "apps", Kind: kind));
}
