using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>
/// Suspends replications so that nothing is copied, and resumes them as they were. <c>spec.paused</c> stops the Jobs of all movers; of
/// Syncthing it stops nothing, VolSync starts a scaled Deployment again, and what is paused in Syncthing it configures anew. What it
/// honours is the list of peers: without one, nobody is talked to. A Kustomization is told by an annotation to leave that alone.
/// </summary>
internal static class ReplicationSuspender
{
    // kustomize-controller neither applies nor deletes what has this.
    private const string LeftAlone = FluxKind.KustomizeGroup + "/reconcile";
    private const string AppliedBy = FluxKind.KustomizeGroup + "/name";

    // What was done to Flux, and is taken back. What others did stays.
    private const string Through = "homelabops.github.io/suspended-through";
    private const string ThroughMark = "annotation";

    // As long as VolSync takes to look at its Syncthings.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Suspends a replication, and waits until a Syncthing has let go of its peers.</summary>
    /// <returns>What the user has to know; null for nothing.</returns>
    /// <exception cref="HomelabException">ReplicationGone, JournalUnwritable, AccessDenied.</exception>
    public static async Task<Notice?> SuspendAsync(ClusterClient client, ReplicationStatus target, FluxSuspension suspension, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var (type, item) = await FindAsync(client, target, cancellationToken);
        var annotations = Suspensions.Annotations(suspension);
        if (item["metadata"]?["labels"]?[AppliedBy] is not null && !string.Equals(Annotation(item, LeftAlone), "disabled", StringComparison.OrdinalIgnoreCase))
        {
            (annotations[Through], annotations[LeftAlone]) = (ThroughMark, "disabled");
        }

        var isSyncthing = item["spec"]?["syncthing"] is JsonObject;
        if (isSyncthing)
        {
            // Suspended once more, it still comes back with the peers that it had at first.
            annotations[ReplicationHealth.SuspendedPeers] = Annotation(item, ReplicationHealth.SuspendedPeers) ?? (item["spec"]!["syncthing"]!["peers"] as JsonArray ?? []).ToJsonString();
        }

        var spec = isSyncthing ? new JsonObject { ["syncthing"] = new JsonObject { ["peers"] = new JsonArray() } } : new JsonObject { ["paused"] = true };
        await PatchAsync(client, type, target, item, annotations, spec, journal, cancellationToken);
        return isSyncthing && !await HasLetGoAsync(client, type, target, cancellationToken) ? new WarningNotice(Errors.Text("ReplicationStillConnected", target.Reference)) : null;
    }

    /// <summary>Refuses to resume what would write into the copy that an application uses, whether it runs just now or not.</summary>
    /// <exception cref="HomelabException">ReplicationOntoApp, AccessDenied.</exception>
    public static async Task CheckAsync(ClusterClient client, ReplicationStatus target, HomelabConfig config, CancellationToken cancellationToken)
    {
        if (!ReplicatedApps.IsCopy(target, config))
        {
            return;
        }

        foreach (var kind in (string[])[WorkloadTypes.Deployment, WorkloadTypes.StatefulSet])
        {
            var type = (await WorkloadTypes.FindAsync(client, kind, cancellationToken))!;
            var workloads = await WorkloadReader.ReadAsync(client, type, new ListQuery { Namespace = target.Namespace }, cancellationToken);
            if (workloads.Find(workload => !AppReader.IsMover(workload) && Mounts(workload, target.DestinationPvc)) is { } user)
            {
                throw Errors.ReplicationOntoApp(target.Reference, target.DestinationPvc, user.Reference, target.App);
            }
        }
    }

    private static bool Mounts(Workload workload, string claim) =>
        workload.Wire.Spec?.Template?.Spec?.Volumes?.Exists(volume => volume.PersistentVolumeClaim?.ClaimName == claim) == true;

    /// <summary>Resumes a replication as it was.</summary>
    /// <exception cref="HomelabException">ReplicationGone, JournalUnwritable, AccessDenied.</exception>
    public static async Task<Notice?> ResumeAsync(ClusterClient client, ReplicationStatus target, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var (type, item) = await FindAsync(client, target, cancellationToken);
        var peers = Annotation(item, ReplicationHealth.SuspendedPeers);
        if (peers is null && (bool?)item["spec"]?["paused"] != true)
        {
            return new WarningNotice(Errors.Text("ReplicationNotSuspended", target.Reference));
        }

        var annotations = Suspensions.Annotations(null);
        annotations[Through] = annotations[ReplicationHealth.SuspendedPeers] = null;
        if (Annotation(item, Through) == ThroughMark)
        {
            annotations[LeftAlone] = null;
        }

        var spec = peers is null ? new JsonObject { ["paused"] = null } : new JsonObject { ["syncthing"] = new JsonObject { ["peers"] = Parse(peers) } };
        await PatchAsync(client, type, target, item, annotations, spec, journal, cancellationToken);
        return null;
    }

    private static async Task<(ResourceType Type, JsonObject Item)> FindAsync(ClusterClient client, ReplicationStatus target, CancellationToken cancellationToken)
    {
        var type = (await ReplicationTypes.FindAsync(client, cancellationToken)).Of(target.Kind, client);
        return (type, await client.FindObjectAsync(type, target.Namespace, target.Name, cancellationToken) ?? throw Errors.ReplicationGone(target.Reference));
    }

    private static async Task PatchAsync(ClusterClient client, ResourceType type, ReplicationStatus target, JsonObject item, JsonObject annotations, JsonObject spec, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations }, ["spec"] = spec };
        var undo = JournalUndo.MergePatch(WorkloadWrite.Reverse(patch, item).ToJsonString());
        await journal.RunAsync(
            new JournalEntry { Cluster = client.Name, Kind = target.Kind, Namespace = target.Namespace, Name = target.Name, Change = patch.ToJsonString(), Undo = undo },
            () => client.PatchAsync(type, target.Namespace, target.Name, PatchKind.Merge, patch, cancellationToken));
    }

    private static async Task<bool> HasLetGoAsync(ClusterClient client, ResourceType type, ReplicationStatus target, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await ReplicationWatch.UntilAsync(client, type, target.Reference, item => item.Status?.Syncthing?.Peers is not { Count: > 0 }, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static JsonArray Parse(string peers)
    {
        try
        {
            return JsonNode.Parse(peers) as JsonArray ?? [];
        }
        catch (JsonException)
        {
            // Somebody has edited it; Git has the peers.
            return [];
        }
    }

    private static string? Annotation(JsonObject item, string key) => (string?)item["metadata"]?["annotations"]?[key];
}
