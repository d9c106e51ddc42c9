using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Backups;

/// <summary>An application, and where its data is.</summary>
/// <param name="App">The application.</param>
/// <param name="Places">Its folders, all on one node; at least one.</param>
/// <param name="Runs">It has pods, or may get some at any time.</param>
internal sealed record AppData(HomelabApp App, IReadOnlyList<BackupPlace> Places, bool Runs)
{
    /// <summary>Name of the node.</summary>
    public string Node => Places[0].Node;

    /// <summary>The folders, for people.</summary>
    public string Text => string.Join(", ", Places.Select(place => place.Path));

    /// <summary>Finds the data.</summary>
    /// <exception cref="HomelabException">RolloutGone.</exception>
    public static async Task<AppData> FindAsync(ClusterClient client, HomelabApp app, HomelabConfig config, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReader.FindAsync(client, app.Reference, cancellationToken) ?? throw Errors.RolloutGone(app.Reference);
        return new(app, BackupPlaces.Of(app, workload, config), IsRunning(workload));
    }

    // What has no pods, by this module or otherwise, has none afterwards.
    private static bool IsRunning(Workload workload) => workload.Type.Kind switch
    {
        WorkloadTypes.CronJob => (bool?)workload.Json["spec"]?["suspend"] != true,
        WorkloadTypes.DaemonSet => !AppStops.IsStopped(workload),
        _ => workload.Wire.Spec?.Replicas != 0,
    };
}
