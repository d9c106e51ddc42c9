using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>What the Syncthings of an operation say.</summary>
internal static class OperationSyncthings
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Lets peers that are paused be talked to again, as soon as each Syncthing answers; of one that never does it is told that it stays so.</summary>
    public static async Task ResumeAsync(OperationContext context, IReadOnlyList<ResourceReference> sources, TimeSpan patience, CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + (patience < context.Options.Timeout ? patience : context.Options.Timeout);
        while (sources.Count > 0)
        {
            var silent = await TryResumeAsync(context.Options, sources, cancellationToken);
            if (DateTime.UtcNow > end)
            {
                foreach (var (source, error) in silent)
                {
                    context.Tell(new WarningNotice(Errors.Text("UndoStaysPaused", source, error.Message)));
                }

                return;
            }

            sources = [.. silent.Keys];
            await Task.Delay(sources.Count == 0 ? TimeSpan.Zero : Pause, cancellationToken);
        }
    }

    /// <summary>Lets peers that are paused be talked to again.</summary>
    /// <returns>The Syncthings that do not answer, and what they say instead.</returns>
    public static async Task<IReadOnlyDictionary<ResourceReference, HomelabException>> TryResumeAsync(FailoverOptions options, IReadOnlyList<ResourceReference> sources, CancellationToken cancellationToken)
    {
        var silent = new Dictionary<ResourceReference, HomelabException>();
        foreach (var source in sources)
        {
            try
            {
                await SyncthingPause.SetAsync(options.Client, source, paused: false, options.Config, cancellationToken);
            }
            catch (HomelabException error) when (error.Id is nameof(Errors.SyncthingNotRunning) or nameof(Errors.SyncthingUnreachable))
            {
                silent[source] = error;
            }
        }

        return silent;
    }

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
