namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>What tells objects apart: type, name and namespace. Empty parts of a selector select everything.</summary>
internal readonly record struct ResourceId(string Group, string Version, string Kind, string Name, string Namespace)
{
    /// <summary>Stands for the namespace of what lives in none.</summary>
    public const string NoNamespace = "_non_namespaceable_";

    // What kustomize knows for certain; every other kind counts as living in a namespace.
    private static readonly HashSet<(string Group, string Version, string Kind)> ClusterKinds =
    [
        ("", "v1", "ComponentStatus"), ("", "v1", "Namespace"), ("", "v1", "Node"), ("", "v1", "PersistentVolume"),
        ("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration"), ("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "v1beta1", "MutatingWebhookConfiguration"), ("admissionregistration.k8s.io", "v1beta1", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "v1", "CustomResourceDefinition"), ("apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "v1", "APIService"), ("apiregistration.k8s.io", "v1beta1", "APIService"),
        ("certificates.k8s.io", "v1", "CertificateSigningRequest"), ("certificates.k8s.io", "v1beta1", "CertificateSigningRequest"),
        ("flowcontrol.apiserver.k8s.io", "v1beta1", "FlowSchema"), ("flowcontrol.apiserver.k8s.io", "v1beta1", "PriorityLevelConfiguration"),
        ("networking.k8s.io", "v1", "IngressClass"), ("networking.k8s.io", "v1beta1", "IngressClass"),
        ("node.k8s.io", "v1", "RuntimeClass"), ("node.k8s.io", "v1beta1", "RuntimeClass"),
        ("policy", "v1beta1", "PodSecurityPolicy"),
        ("rbac.authorization.k8s.io", "v1", "ClusterRole"), ("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"),
        ("rbac.authorization.k8s.io", "v1beta1", "ClusterRole"), ("rbac.authorization.k8s.io", "v1beta1", "ClusterRoleBinding"),
        ("scheduling.k8s.io", "v1", "PriorityClass"), ("scheduling.k8s.io", "v1beta1", "PriorityClass"),
        ("storage.k8s.io", "v1", "CSIDriver"), ("storage.k8s.io", "v1", "CSINode"), ("storage.k8s.io", "v1", "StorageClass"), ("storage.k8s.io", "v1", "VolumeAttachment"),
        ("storage.k8s.io", "v1beta1", "CSIDriver"), ("storage.k8s.io", "v1beta1", "CSINode"), ("storage.k8s.io", "v1beta1", "StorageClass"), ("storage.k8s.io", "v1beta1", "VolumeAttachment"),
    ];

    /// <summary>A selector that names nothing.</summary>
    public bool IsEmpty => (Group + Version + Kind + Name + Namespace).Length == 0;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public bool IsClusterScoped => ClusterKinds.Contains((Group, Version, Kind));

    /// <summary>The namespace with its default filled in, so that it can be compared.</summary>
    public string EffectiveNamespace => IsClusterScoped ? NoNamespace : Namespace.Length == 0 ? "default" : Namespace;

    /// <summary>Splits an apiVersion into group and version.</summary>
    public static (string Group, string Version) Split(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (apiVersion[..slash], apiVersion[(slash + 1)..]) : ("", apiVersion);

    /// <summary>The same object.</summary>
    public bool Matches(ResourceId other) => IsSameTypeAndName(other) && EffectiveNamespace == other.EffectiveNamespace;

    public bool IsSameTypeAndName(ResourceId other) => Name == other.Name && Kind == other.Kind && Version == other.Version && Group == other.Group;

    /// <summary>Whether the parts of the type that a selector names are equal.</summary>
    public bool IsOfType(string group, string version, string kind) =>
        (group.Length == 0 || group == Group) && (version.Length == 0 || version == Version) && (kind.Length == 0 || kind == Kind);

    /// <summary>Whether everything that a selector names is equal.</summary>
    public bool IsSelectedBy(ResourceId selector) =>
        (selector.Name.Length == 0 || selector.Name == Name)
        && (selector.Namespace.Length == 0 || selector.EffectiveNamespace == EffectiveNamespace)
        && IsOfType(selector.Group, selector.Version, selector.Kind);

    /// <summary>As kustomize writes it in its messages.</summary>
    public override string ToString() =>
        $"{Or(Kind, "[noKind]")}.{Or(Version, "[noVer]")}.{Or(Group, "[noGrp]")}/{Or(Name, "[noName]")}.{Or(Namespace, "[noNs]")}";

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;
}
