using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>Restarts applications by a new pod template, as the workload's strategy says. Flux leaves the mark of it alone.</summary>
internal static class AppRestarter
{
    // The annotation of kubectl rollout restart, so that other tools show when it was.
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";

    /// <summary>Refuses what cannot be restarted.</summary>
    /// <exception cref="HomelabException">AppNotRestartable, AppNotRunning.</exception>
    public static void Check(HomelabApp app)
    {
        if (app.Kind == WorkloadTypes.CronJob)
        {
            throw Errors.AppNotRestartable(app.Reference);
        }

        if (app.Stopped || (app.Replicas == 0 && app.Kind != WorkloadTypes.DaemonSet))
        {
            throw Errors.AppNotRunning(app);
        }
    }

    /// <summary>Restarts an application, waits until the new pods are ready, and gives it as it is then.</summary>
    public static IAsyncEnumerable<Streamed<HomelabApp>> RestartAsync(ClusterClient client, HomelabApp app, AppOptions options, ChangeJournal journal, CancellationToken cancellationToken) =>
        AppChange.RunAsync(client, app, workload => WorkloadWrite.MergeAsync(client, workload, Patch(), journal, JournalUndo.None("AppRestart"), cancellationToken), options, cancellationToken);

    private static JsonObject Patch() => new()
    {
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject
            {
                // To less than a second: two restarts in the same second are two.
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [RestartedAt] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) } },
            },
        },
    };
}
