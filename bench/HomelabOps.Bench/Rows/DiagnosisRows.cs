using HomelabOps.Bench.Cluster;

namespace HomelabOps.Bench.Rows;

/// <summary>Test-Homelab beside the download of the lists that it reads. Nodes are not looked at: what they take is theirs.</summary>
internal static class DiagnosisRows
{
    public const string Group = "diagnosis";

    private const string Areas = "Cluster, Pod, Volume, Ingress, Flux";
    private const int PodsOfApp = 5;
    private const double LongestMilliseconds = 2000;

    private static readonly string[] Lists =
    [
        PodRows.All, "api/v1/nodes", "api/v1/persistentvolumeclaims", "api/v1/persistentvolumes", "api/v1/services", "api/v1/endpoints", "apis/networking.k8s.io/v1/ingresses", "apis/apps/v1/deployments",
        "apis/apps/v1/statefulsets", "apis/apps/v1/daemonsets", "apis/batch/v1/jobs", "apis/storage.k8s.io/v1/storageclasses", "apis/kustomize.toolkit.fluxcd.io/v1/kustomizations", "apis/source.toolkit.fluxcd.io/v1/gitrepositories",
    ];

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Context context, Filler filler)
    {
        await filler.KustomizationsAsync(context.Options.Kustomizations);
        var apps = context.Options.Pods / PodsOfApp;
        await filler.AppsAsync(apps, context.Options.Pods);
        var pods = context.Options.Pods + await filler.ForeignPodsAsync(context.Options.Pods);
        var times = context.Interleave()
            .Time("curl", () => context.Curl(Lists))
            .Time("ours", () => context.Module.Run($"Test-Homelab -Area {Areas} | Out-Null"))
            .Medians();
        return
        [
            Row.Ratio(Group, $"Test-Homelab, {apps} apps with claims, {pods} pods and {context.Options.Kustomizations} Kustomizations, warm", times["ours"], "curl of its lists", times["curl"], 2),
            Row.Duration(Group, "the same", times["ours"], LongestMilliseconds),
        ];
    }
}
