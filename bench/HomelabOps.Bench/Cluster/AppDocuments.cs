using System.Globalization;

namespace HomelabOps.Bench.Cluster;

/// <summary>Applications that the server is filled with: each a Deployment, a claim and the volume that it is bound to.</summary>
internal static class AppDocuments
{
    /// <summary>Finds what is in no namespace of the bench.</summary>
    public const string Selector = "homelabops.github.io/bench=apps";

    private const string Space = "bench-apps";
    private const string Labels = """ "labels":{"homelabops.github.io/bench":"apps"} """;

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"app-{number:00000}");

    public static string VolumeName(int number) => "bench-" + Name(number);

    public static string Volume(int number) => $$$$"""
        {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"{{{{VolumeName(number)}}}}",{{{{Labels}}}}},
        "spec":{"capacity":{"storage":"10Gi"},"accessModes":["ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","storageClassName":"bench","hostPath":{"path":"/data/pods/{{{{Name(number)}}}}"},
        "claimRef":{"apiVersion":"v1","kind":"PersistentVolumeClaim","namespace":"{{{{Space}}}}","name":"{{{{Name(number)}}}}"} } }
        """;

    public static string Claim(int number) => $$$$"""
        {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{{Name(number)}}}}",{{{{Labels}}}}},
        "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"bench","volumeName":"{{{{VolumeName(number)}}}}","resources":{"requests":{"storage":"10Gi"} } } }
        """;

    /// <summary>For servers without a controller manager, which binds it else.</summary>
    public static string ClaimStatus => """{"status":{"phase":"Bound","accessModes":["ReadWriteOnce"],"capacity":{"storage":"10Gi"} } }""";

    /// <summary>A Deployment that makes no pods of its own, as it is paused from the first.</summary>
    public static string Deployment(int number, int replicas) => $$$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{{Name(number)}}}}",{{{{Labels}}}}},
        "spec":{"paused":true,"replicas":{{{{replicas}}}},"selector":{"matchLabels":{"app":"{{{{Name(number)}}}}"} },"template":{"metadata":{"labels":{"app":"{{{{Name(number)}}}}"} },
        "spec":{"containers":[{"name":"app","image":"lscr.io/linuxserver/sonarr:4.0.10","resources":{"requests":{"cpu":"100m","memory":"256Mi"},"limits":{"memory":"1Gi"} } }],
        "volumes":[{"name":"config","persistentVolumeClaim":{"claimName":"{{{{Name(number)}}}}"} }]} } } }
        """;

    /// <summary>A pod of one of them, with its claim.</summary>
    public static string Pod(int number, string app, string ownerUid) => Documents.Pod(number, ownerUid)
        .Replace("\"kind\":\"ConfigMap\",\"name\":\"sonarr-7d4f9c8b6d\"", $"\"kind\":\"Deployment\",\"name\":\"{app}\"", StringComparison.Ordinal)
        .Replace("{\"apiVersion\":\"v1\",\"kind\":\"Deployment\"", "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\"", StringComparison.Ordinal)
        .Replace("\"app\":\"sonarr\"", $"\"app\":\"{app}\"", StringComparison.Ordinal)
        .Replace("\"claimName\":\"sonarr-config\"", $"\"claimName\":\"{app}\"", StringComparison.Ordinal)
        .Replace(",{\"name\":\"media\",\"persistentVolumeClaim\":{\"claimName\":\"media\"}},{\"name\":\"downloads\",\"persistentVolumeClaim\":{\"claimName\":\"downloads\"}}", "", StringComparison.Ordinal)
        .Replace(",{\"name\":\"media\",\"mountPath\":\"/data/media\"},{\"name\":\"downloads\",\"mountPath\":\"/data/downloads\"}", "", StringComparison.Ordinal);
}
