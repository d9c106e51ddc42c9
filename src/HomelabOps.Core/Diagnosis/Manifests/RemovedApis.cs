namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>API versions that Kubernetes served once.</summary>
internal static class RemovedApis
{
    // Version, kinds (* for all), the release that removed them, what to use instead (- for nothing).
    private const string Table = """
        extensions/v1beta1 Ingress 1.22 networking.k8s.io/v1
        extensions/v1beta1 NetworkPolicy 1.16 networking.k8s.io/v1
        extensions/v1beta1 PodSecurityPolicy 1.16 -
        extensions/v1beta1 * 1.16 apps/v1
        apps/v1beta1 * 1.16 apps/v1
        apps/v1beta2 * 1.16 apps/v1
        policy/v1beta1 PodSecurityPolicy 1.25 -
        policy/v1beta1 * 1.25 policy/v1
        networking.k8s.io/v1beta1 Ingress,IngressClass 1.22 networking.k8s.io/v1
        rbac.authorization.k8s.io/v1alpha1 * 1.22 rbac.authorization.k8s.io/v1
        rbac.authorization.k8s.io/v1beta1 * 1.22 rbac.authorization.k8s.io/v1
        batch/v1beta1 * 1.25 batch/v1
        batch/v2alpha1 * 1.21 batch/v1
        autoscaling/v2beta1 * 1.25 autoscaling/v2
        autoscaling/v2beta2 * 1.26 autoscaling/v2
        apiextensions.k8s.io/v1beta1 * 1.22 apiextensions.k8s.io/v1
        apiregistration.k8s.io/v1beta1 * 1.22 apiregistration.k8s.io/v1
        admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration,ValidatingWebhookConfiguration 1.22 admissionregistration.k8s.io/v1
        certificates.k8s.io/v1beta1 CertificateSigningRequest 1.22 certificates.k8s.io/v1
        coordination.k8s.io/v1beta1 Lease 1.22 coordination.k8s.io/v1
        discovery.k8s.io/v1beta1 * 1.25 discovery.k8s.io/v1
        events.k8s.io/v1beta1 * 1.25 events.k8s.io/v1
        node.k8s.io/v1beta1 * 1.25 node.k8s.io/v1
        scheduling.k8s.io/v1beta1 * 1.22 scheduling.k8s.io/v1
        storage.k8s.io/v1beta1 StorageClass,VolumeAttachment,CSIDriver,CSINode 1.22 storage.k8s.io/v1
        storage.k8s.io/v1beta1 CSIStorageCapacity 1.27 storage.k8s.io/v1
        flowcontrol.apiserver.k8s.io/v1beta1 * 1.26 flowcontrol.apiserver.k8s.io/v1
        flowcontrol.apiserver.k8s.io/v1beta2 * 1.29 flowcontrol.apiserver.k8s.io/v1
        flowcontrol.apiserver.k8s.io/v1beta3 * 1.32 flowcontrol.apiserver.k8s.io/v1
        """;

    private static readonly (string ApiVersion, string[] Kinds, string Since, string? Instead)[] Rows =
        [.. Table.ReplaceLineEndings("\n").Split('\n').Select(line => line.Split(' ')).Select(columns => (columns[0], columns[1].Split(','), columns[2], columns[3] == "-" ? null : columns[3]))];

    /// <summary>The release that removed a version, and what to use instead; null for what is still there.</summary>
    public static (string Since, string? Instead)? Find(string apiVersion, string kind)
    {
        foreach (var row in Rows)
        {
            if (row.ApiVersion == apiVersion && (row.Kinds[0] == "*" || Array.IndexOf(row.Kinds, kind) >= 0))
            {
                return (row.Since, row.Instead);
            }
        }

        return null;
    }
}
