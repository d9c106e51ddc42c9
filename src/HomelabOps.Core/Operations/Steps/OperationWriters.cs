using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>The replications of an operation as the cluster has them.</summary>
internal static class OperationWriters
{
    /// <summary>Those that must not write into the data of the target; what is gone is left out.</summary>
    public static async Task<IReadOnlyList<ReplicationStatus>> ReadAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var wanted = context.Record.References(context.Options.Client.Name, app => app.Writers).ToHashSet();
        return wanted.Count == 0 ? [] : [.. (await ReadAllAsync(context, cancellationToken)).Where(replication => wanted.Contains(replication.Reference))];
    }

    /// <summary>Those of the namespaces of its applications.</summary>
    public static async Task<IReadOnlyList<ReplicationStatus>> ReadAllAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var found = new List<ReplicationStatus>();
        try
        {
            await foreach (var item in ReplicationReader.ReadAsync(context.Options.Client, new() { Config = context.Options.Config }, cancellationToken))
            {
                if (item.Value is { } replication && context.Record.Apps.Exists(app => app.Namespace == replication.Namespace))
                {
                    found.Add(replication);
                }
            }
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.VolSyncNotInstalled))
        {
            // Then nothing replicates.
        }

        return found;
    }
}
