using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication;

/// <summary>VolSync's kinds, in the version that a cluster serves.</summary>
/// <param name="Source">ReplicationSources.</param>
/// <param name="Destination">ReplicationDestinations; null where only sources are served.</param>
internal sealed record ReplicationTypes(ResourceType Source, ResourceType? Destination)
{
    public const string SourceKind = "ReplicationSource";
    public const string DestinationKind = "ReplicationDestination";
    private const string Group = "volsync.backube";

    /// <summary>Asks the cluster.</summary>
    /// <exception cref="HomelabException">VolSyncNotInstalled.</exception>
    public static async Task<ReplicationTypes> FindAsync(ClusterClient client, CancellationToken cancellationToken) =>
        await TryFindAsync(client, cancellationToken) ?? throw Errors.VolSyncNotInstalled(client.Name);

    /// <summary>Asks the cluster; null where VolSync is not installed.</summary>
    public static async Task<ReplicationTypes?> TryFindAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var served = await client.Discovery.ResourcesAsync([Group], cancellationToken);
        if (served.Count == 0 && await client.Discovery.ForgetAsync(cancellationToken))
        {
            // Asked again before it is said to be missing: it may be newer than what is remembered.
            served = await client.Discovery.ResourcesAsync([Group], cancellationToken);
        }

        return Of(SourceKind) is { } source ? new(source, Of(DestinationKind)) : null;

        ResourceType? Of(string kind) => served.FirstOrDefault(type => type.Kind == kind)?.Type;
    }

    /// <summary>The type of a kind.</summary>
    /// <exception cref="HomelabException">VolSyncNotInstalled.</exception>
    public ResourceType Of(string kind, ClusterClient client) => kind == SourceKind ? Source : Destination ?? throw Errors.VolSyncNotInstalled(client.Name);
}
