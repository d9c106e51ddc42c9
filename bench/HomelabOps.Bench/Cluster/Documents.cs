using System.Globalization;

namespace HomelabOps.Bench.Cluster;

/// <summary>The objects that the server is filled with, as large as those of a homelab.</summary>
internal static class Documents
{
    public const int ChainLength = 20;

    private const string Revision = "main@sha1:4f1c0e9a7d3b52886e1f90ab5c2d7e6f8a9b0c1d";
    private const string Hash = "7d4f9c8b6d";
    private const string Digest = "sha256:1b2c3d4e1b2c3d4e1b2c3d4e1b2c3d4e1b2c3d4e1b2c3d4e1b2c3d4e1b2c3d4e";

    private static string Now { get; } = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string PodName(int number) => string.Create(CultureInfo.InvariantCulture, $"sonarr-{Hash}-{number:00000}");

    public static string KustomizationName(int number) => string.Create(CultureInfo.InvariantCulture, $"app-{number:00000}");

    /// <summary>
    /// A pod of Sonarr. Its scheduler does not exist, so that it stays where it is; its owner is a ConfigMap, because a
    /// ReplicaSet would take pods of its own making away and the garbage collector those of an owner that is not there.
    /// </summary>
    public static string Pod(int number, string ownerUid) => $$$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{{PodName(number)}}}}","generateName":"sonarr-{{{{Hash}}}}-",
        "labels":{"app":"sonarr","app.kubernetes.io/name":"sonarr","app.kubernetes.io/instance":"sonarr-{{{{number}}}}","app.kubernetes.io/managed-by":"kustomize","pod-template-hash":"{{{{Hash}}}}"},
        "annotations":{"kubectl.kubernetes.io/restartedAt":"{{{{Now}}}}","checksum/config":"{{{{Digest}}}}"},
        "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"sonarr-{{{{Hash}}}}","uid":"{{{{ownerUid}}}}","controller":true,"blockOwnerDeletion":true}]},
        "spec":{"schedulerName":"none","automountServiceAccountToken":false,"enableServiceLinks":false,"terminationGracePeriodSeconds":30,"securityContext":{"fsGroup":1000,"runAsUser":1000,"runAsGroup":1000},
        "nodeSelector":{"role":"primary"},
        "containers":[{"name":"sonarr","image":"lscr.io/linuxserver/sonarr:4.0.10","imagePullPolicy":"IfNotPresent","ports":[{"name":"http","containerPort":8989,"protocol":"TCP"}],
        "env":[{"name":"PUID","value":"1000"},{"name":"PGID","value":"1000"},{"name":"TZ","value":"Europe/Berlin"}],
        "resources":{"requests":{"cpu":"100m","memory":"256Mi"},"limits":{"cpu":"1","memory":"1Gi"}},
        "readinessProbe":{"httpGet":{"path":"/ping","port":"http"},"initialDelaySeconds":10,"periodSeconds":10,"timeoutSeconds":5},
        "volumeMounts":[{"name":"config","mountPath":"/config"},{"name":"media","mountPath":"/data/media"},{"name":"downloads","mountPath":"/data/downloads"}]}],
        "volumes":[{"name":"config","persistentVolumeClaim":{"claimName":"sonarr-config"}},{"name":"media","persistentVolumeClaim":{"claimName":"media"}},{"name":"downloads","persistentVolumeClaim":{"claimName":"downloads"}}]}}
        """;

    public static string PodStatus(int number) => $$$$"""
        {"status":{"phase":"Running","hostIP":"192.168.1.11","podIP":"10.42.{{{{number / 250 % 250}}}}.{{{{number % 250}}}}","podIPs":[{"ip":"10.42.{{{{number / 250 % 250}}}}.{{{{number % 250}}}}"}],"startTime":"{{{{Now}}}}","qosClass":"Burstable",
        "conditions":[{"type":"Initialized","status":"True","lastProbeTime":null,"lastTransitionTime":"{{{{Now}}}}"},{"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"{{{{Now}}}}"},{"type":"ContainersReady","status":"True","lastProbeTime":null,"lastTransitionTime":"{{{{Now}}}}"},{"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"{{{{Now}}}}"}],
        "containerStatuses":[{"name":"sonarr","ready":true,"started":true,"restartCount":1,"image":"lscr.io/linuxserver/sonarr:4.0.10","imageID":"lscr.io/linuxserver/sonarr@{{{{Digest}}}}","containerID":"containerd://{{{{Digest[7..]}}}}","state":{"running":{"startedAt":"{{{{Now}}}}"} },"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","startedAt":"{{{{Now}}}}","finishedAt":"{{{{Now}}}}","containerID":"containerd://{{{{Digest[7..]}}}}"} }}]}}
        """;

    public static string Kustomization(int number, string version) => $$$$"""
        {"apiVersion":"kustomize.toolkit.fluxcd.io/{{{{version}}}}","kind":"Kustomization","metadata":{"name":"{{{{KustomizationName(number)}}}}","labels":{"kustomize.toolkit.fluxcd.io/name":"flux-system","kustomize.toolkit.fluxcd.io/namespace":"flux-system"},"finalizers":[]},
        "spec":{"interval":"10m0s","retryInterval":"1m0s","timeout":"5m0s","path":"./clusters/homelab/apps/app-{{{{number}}}}","prune":true,"wait":true,"targetNamespace":"app-{{{{number}}}}","sourceRef":{"kind":"GitRepository","name":"flux-system","namespace":"flux-system"}{{{{Dependency(number)}}}} } }
        """;

    public static string KustomizationStatus(int number) => $$$$"""
        {"status":{"observedGeneration":1,"lastAppliedRevision":"{{{{Revision}}}}","lastAttemptedRevision":"{{{{Revision}}}}",
        "conditions":[{"type":"Ready","status":"True","reason":"ReconciliationSucceeded","message":"Applied revision: {{{{Revision}}}}","observedGeneration":1,"lastTransitionTime":"{{{{Now}}}}"},
        {"type":"Healthy","status":"True","reason":"Succeeded","message":"Health check passed in 2.031s","observedGeneration":1,"lastTransitionTime":"{{{{Now}}}}"}],
        "inventory":{"entries":[{{{{Entries(number)}}}}]},
        "history":[{{{{History}}}}]}}
        """;

    /// <summary>A Kustomization that waits for the one before it, in chains of <see cref="ChainLength"/> of which the first is broken.</summary>
    public static string Blocked(int number, string version) => $$$$"""
        {"apiVersion":"kustomize.toolkit.fluxcd.io/{{{{version}}}}","kind":"Kustomization","metadata":{"name":"{{{{KustomizationName(number)}}}}"},
        "spec":{"interval":"10m0s","path":"./app-{{{{number}}}}","prune":true,"suspend":false,"sourceRef":{"kind":"GitRepository","name":"flux-system","namespace":"flux-system"},
        "dependsOn":[{{{{(number % ChainLength == 0 ? "" : $$"""{"name":"{{KustomizationName(number - 1)}}"}""")}}}}]}}
        """;

    public static string BlockedStatus(int number) => $$$$"""
        {"status":{"observedGeneration":1,"history":[{{{{History}}}}],"inventory":{"entries":[{{{{Entries(number)}}}}]},
        "conditions":[{"type":"Ready","status":"False","reason":"{{{{(number % ChainLength == 0 ? "BuildFailed" : "DependencyNotReady")}}}}","message":"as the bench says","observedGeneration":1,"lastTransitionTime":"{{{{Now}}}}"}]}}
        """;

    private static string History { get; } = string.Join(',', Enumerable.Repeat(
        $$$$"""{"digest":"{{{{Digest}}}}","firstReconciled":"{{{{Now}}}}","lastReconciled":"{{{{Now}}}}","lastReconciledDuration":"1.204s","lastReconciledStatus":"ReconciliationSucceeded","totalReconciliations":9,"metadata":{"revision":"{{{{Revision}}}}"}}""", 5));

    private static string Dependency(int number) => number % 10 == 0 ? "" : $$$$""","dependsOn":[{"name":"{{{{KustomizationName(number / 10 * 10)}}}}"}]""";

    private static string Entries(int number) => string.Join(',', Enumerable.Range(0, 10).Select(entry => $$$$"""{"id":"app-{{{{number}}}}_part-{{{{entry}}}}_apps_Deployment","v":"v1"}"""));
}
