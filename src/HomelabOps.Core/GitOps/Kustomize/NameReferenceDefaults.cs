namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Where names of other objects stand in Kubernetes' own types.</summary>
internal static class NameReferenceDefaults
{
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Admission = "admissionregistration.k8s.io";

    // Kind and way to the pod's spec of what makes pods.
    private static readonly (string Kind, string Version, string Path)[] PodOwners =
    [
        ("Pod", "v1", "spec/"), ("PodTemplate", "", "template/spec/"), ("Deployment", "", "spec/template/spec/"),
        ("ReplicaSet", "", "spec/template/spec/"), ("DaemonSet", "", "spec/template/spec/"), ("StatefulSet", "", "spec/template/spec/"),
        ("Job", "", "spec/template/spec/"), ("CronJob", "", "spec/jobTemplate/spec/template/spec/"),
    ];

    // kustomize looks for accounts, claims and priorities in a slightly other set of kinds.
    private static readonly (string Kind, string Path)[] Workloads =
    [
        ("Pod", "spec/"), ("StatefulSet", "spec/template/spec/"), ("Deployment", "spec/template/spec/"), ("ReplicationController", "spec/template/spec/"),
        ("CronJob", "spec/jobTemplate/spec/template/spec/"), ("Job", "spec/template/spec/"), ("DaemonSet", "spec/template/spec/"),
    ];

    private static readonly string[] ConfigMapFields =
    [
        "volumes/configMap/name", "containers/env/valueFrom/configMapKeyRef/name", "initContainers/env/valueFrom/configMapKeyRef/name",
        "containers/envFrom/configMapRef/name", "initContainers/envFrom/configMapRef/name", "volumes/projected/sources/configMap/name",
    ];

    private static readonly string[] SecretFields =
    [
        "volumes/secret/secretName", "containers/env/valueFrom/secretKeyRef/name", "initContainers/env/valueFrom/secretKeyRef/name",
        "containers/envFrom/secretRef/name", "initContainers/envFrom/secretRef/name", "imagePullSecrets/name", "volumes/projected/sources/secret/name",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NameReference> All { get; } =
    [
        .. new[] { "Deployment", "ReplicationController", "ReplicaSet", "StatefulSet" }.Select(kind => Of(kind, fields: [new("spec/scaleTargetRef/name", Kind: "HorizontalPodAutoscaler")])),
        Of("ConfigMap", version: "v1", fields:
        [
            .. InPods(ConfigMapFields),
            new("spec/configSource/configMap", Kind: "Node"),
            new("rules/resourceNames", Kind: "Role"), new("rules/resourceNames", Kind: "ClusterRole"),
            new(@"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap", Kind: "Ingress"),
        ]),
        Of("Secret", version: "v1", fields:
        [
            .. InPods(SecretFields),
            new("spec/tls/secretName", Kind: "Ingress"),
            new(@"metadata/annotations/ingress.kubernetes.io\/auth-secret", Kind: "Ingress"),
            new(@"metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret", Kind: "Ingress"),
            new(@"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret", Kind: "Ingress"),
            new("imagePullSecrets/name", Kind: "ServiceAccount"),
            .. new[] { "secretName", "adminSecretName", "userSecretName", "secretRef" }.Select(name => new FieldSpec($"parameters/{name}", Kind: "StorageClass")),
            new("rules/resourceNames", Kind: "Role"), new("rules/resourceNames", Kind: "ClusterRole"),
            new("spec/template/spec/containers/env/valueFrom/secretKeyRef/name", "serving.knative.dev", "v1", "Service"),
            new("spec/azureFile/secretName", Kind: "PersistentVolume"),
        ]),
        Of("Service", version: "v1", fields:
        [
            new("spec/serviceName", "apps", Kind: "StatefulSet"),
            .. new[] { "rules/http/paths/backend/serviceName", "backend/serviceName", "rules/http/paths/backend/service/name", "defaultBackend/service/name" }
                .Select(path => new FieldSpec($"spec/{path}", Kind: "Ingress")),
            new("spec/service/name", "apiregistration.k8s.io", Kind: "APIService"),
            new("webhooks/clientConfig/service", Admission, Kind: "ValidatingWebhookConfiguration"),
            new("webhooks/clientConfig/service", Admission, Kind: "MutatingWebhookConfiguration"),
        ]),
        Of("Role", Rbac, fields: [new("roleRef/name", Rbac, Kind: "RoleBinding")]),
        Of("ClusterRole", Rbac, fields: [new("roleRef/name", Rbac, Kind: "RoleBinding"), new("roleRef/name", Rbac, Kind: "ClusterRoleBinding")]),
        Of("ServiceAccount", version: "v1", fields:
        [
            new("subjects", Rbac, Kind: "RoleBinding"), new("subjects", Rbac, Kind: "ClusterRoleBinding"), .. InWorkloads("serviceAccountName"),
        ]),
        Of("PersistentVolumeClaim", version: "v1", fields: [.. InWorkloads("volumes/persistentVolumeClaim/claimName")]),
        Of("PersistentVolume", version: "v1", fields: [new("spec/volumeName", Kind: "PersistentVolumeClaim"), new("rules/resourceNames", Kind: "ClusterRole")]),
        Of("StorageClass", "storage.k8s.io", "v1",
        [
            new("spec/storageClassName", Kind: "PersistentVolume"), new("spec/storageClassName", Kind: "PersistentVolumeClaim"),
            new("spec/volumeClaimTemplates/spec/storageClassName", Kind: "StatefulSet"),
        ]),
        Of("PriorityClass", "scheduling.k8s.io", "v1", [.. InWorkloads("priorityClassName")]),

        // The group never matches; that is how kustomize 5.5 has it, so names of ingress classes stay.
        Of("IngressClass", "networking.k8s.io/v1", "v1", [new("spec/ingressClassName", Kind: "Ingress")]),
        Of("ValidatingAdmissionPolicy", Admission, fields: [new("spec/policyName", Admission, Kind: "ValidatingAdmissionPolicyBinding")]),
    ];

    private static NameReference Of(string kind, string group = "", string version = "", IReadOnlyList<FieldSpec>? fields = null) => new(group, version, kind, fields ?? []);

    private static IEnumerable<FieldSpec> InPods(string[] fields) =>
        PodOwners.SelectMany(owner => fields.Select(field => new FieldSpec(owner.Path + field, Version: owner.Version, Kind: owner.Kind)));

    private static IEnumerable<FieldSpec> InWorkloads(string field) => Workloads.Select(owner => new FieldSpec(owner.Path + field, Kind: owner.Kind));
}
