using HomelabOps.Core.Replication.Syncthing;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>What the Syncthings of an operation say.</summary>
internal static class OperationSyncthings
{
    /// <summary>A record for each folder and peer of those that were found.</summary>
    public static async Task<List<SyncthingStatus>> ReadAsync(FailoverOptions options, IReadOnlyList<ResourceReference> sources, CancellationToken cancellationToken)
    {
        var found = new List<SyncthingStatus>();
        await foreach (var item in SyncthingReader.ReadAsync(options.Client, new() { References = sources, Config = options.Config }, cancellationToken))
        {
            found.AddRange(item.Value is { } status ? [status] : []);
        }

        return found;
    }
}
