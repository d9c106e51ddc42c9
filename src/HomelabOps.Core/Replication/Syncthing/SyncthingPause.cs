using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>
/// Lets a Syncthing talk to no peer any more, or again. It holds at once, also when its pod is made anew, and only until VolSync makes all
/// peers anew because one has come or gone in its spec; so it bridges the time until the spec itself has changed.
/// </summary>
internal static class SyncthingPause
{
    /// <summary>Pauses or resumes all peers of a Syncthing.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="source">Its ReplicationSource.</param>
    /// <param name="paused">Whether they are paused.</param>
    /// <param name="config">The settings of the homelab.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">ReplicationGone, SyncthingNotRunning, SyncthingUnreachable, SyncthingRefused.</exception>
    public static async Task SetAsync(ClusterClient client, ResourceReference source, bool paused, HomelabConfig config, CancellationToken cancellationToken)
    {
        using var api = await SyncthingApi.OpenAsync(client, source, config, cancellationToken);
        await api.PostAsync(paused ? "rest/system/pause" : "rest/system/resume", cancellationToken);
    }
}
