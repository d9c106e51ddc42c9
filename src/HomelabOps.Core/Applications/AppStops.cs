using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>Stopped applications as annotations of their workload: who, why and until when, how many pods there were, and what keeps Flux away.</summary>
internal static class AppStops
{
    private const string Prefix = "homelabops.github.io/";

    // How many pods there were; there as long as the application is stopped.
    private const string Replicas = Prefix + "stopped-replicas";

    // What Stop-HomelabApp did to Flux, and Start-HomelabApp takes back. What others did stays.
    private const string Through = Prefix + "stopped-through";
    private const string ThroughMark = "annotation";
    private const string ThroughRelease = "suspension";

    // kustomize-controller neither applies nor deletes what has this.
    private const string LeftAlone = FluxKind.KustomizeGroup + "/reconcile";

    // No node has this label, so a DaemonSet that asks for it has no pod.
    private const string Nowhere = Prefix + "stopped";

    /// <summary>Adds to an application who stopped it.</summary>
    public static HomelabApp Describe(HomelabApp app, Workload workload)
    {
        if (!IsStopped(workload))
        {
            return app;
        }

        var stop = Suspensions.Read(workload.Wire.Metadata);
        return app with
        {
            Stopped = true,
            Ready = false,
            Stop = stop,
            StoppedReplicas = FormerReplicas(workload),
            Reason = "Stopped",
            Message = stop.ToString() is { Length: > 0 } known ? Errors.Text("Detail_AppStoppedBy", known) : Errors.Text("Detail_AppStopped"),
        };
    }

    /// <summary>What a stopped application has when it is started, for people.</summary>
    public static string Former(string kind, int replicas) => kind switch
    {
        WorkloadTypes.DaemonSet => Errors.Text("Detail_AppAllNodes"),
        WorkloadTypes.CronJob => Errors.Text("Detail_AppSchedule"),
        _ => Errors.Text("Detail_AppReplicas", replicas),
    };

    /// <summary>It was stopped here, and Start brings it back.</summary>
    public static bool IsStopped(Workload workload) => Annotation(workload, Replicas) is not null;

    /// <summary>Start has to resume the HelmRelease.</summary>
    public static bool Suspends(Workload workload) => Annotation(workload, Through) == ThroughRelease;

    /// <summary>The patch that stops a workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="stop">Who stops it, why and until when.</param>
    /// <param name="isLeftAlone">A Kustomization applies it, and has to leave it alone.</param>
    /// <param name="suspends">Its HelmRelease was suspended for it.</param>
    public static JsonObject Stop(Workload workload, FluxSuspension stop, bool isLeftAlone, bool suspends)
    {
        var annotations = Suspensions.Annotations(stop);

        // Stopped once more, it still comes back with what it had at first.
        annotations[Replicas] = Annotation(workload, Replicas) ?? (workload.Wire.Spec?.Replicas ?? 1).ToString(CultureInfo.InvariantCulture);
        if (suspends)
        {
            annotations[Through] = ThroughRelease;
        }
        else if (isLeftAlone && !string.Equals(Annotation(workload, LeftAlone), "disabled", StringComparison.OrdinalIgnoreCase))
        {
            (annotations[Through], annotations[LeftAlone]) = (ThroughMark, "disabled");
        }

        return Patch(workload, annotations, isStop: true);
    }

    /// <summary>The patch that lets Flux apply a stopped workload again, which stays stopped as far as Git does not say otherwise; null where nothing keeps Flux away.</summary>
    public static JsonObject? Release(Workload workload) => Annotation(workload, Through) != ThroughMark ? null
        : new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [LeftAlone] = null } } };

    /// <summary>The patch that starts a stopped workload as it was.</summary>
    public static JsonObject Start(Workload workload)
    {
        var annotations = Suspensions.Annotations(null);
        annotations[Replicas] = annotations[Through] = null;
        if (Annotation(workload, Through) == ThroughMark)
        {
            annotations[LeftAlone] = null;
        }

        return Patch(workload, annotations, isStop: false);
    }

    private static JsonObject Patch(Workload workload, JsonObject annotations, bool isStop) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = annotations },
        ["spec"] = workload.Type.Kind switch
        {
            WorkloadTypes.CronJob => new JsonObject { ["suspend"] = isStop },
            WorkloadTypes.DaemonSet => new JsonObject
            {
                ["template"] = new JsonObject { ["spec"] = new JsonObject { ["nodeSelector"] = new JsonObject { [Nowhere] = isStop ? "true" : null } } },
            },
            _ => new JsonObject { ["replicas"] = isStop ? 0 : FormerReplicas(workload) },
        },
    };

    private static int FormerReplicas(Workload workload) =>
        int.TryParse(Annotation(workload, Replicas), NumberStyles.None, CultureInfo.InvariantCulture, out var former) ? former : 1;

    private static string? Annotation(Workload workload, string key) => workload.Wire.Metadata.Annotations?.GetValueOrDefault(key);
}
