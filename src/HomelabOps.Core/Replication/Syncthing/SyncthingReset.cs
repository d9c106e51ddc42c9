using System.Text.Json.Nodes;
using HomelabOps.Core.Replication.Syncthing.Wire;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Has a Syncthing forget what it knows of its files, so that it takes those that are there then for older than those of its peers.</summary>
/// <param name="api">The Syncthing.</param>
internal sealed class SyncthingReset(SyncthingApi api)
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Lets it do nothing with its files, neither look at them nor change them, or lets it work again.</summary>
    /// <exception cref="HomelabException">SyncthingRefused, SyncthingUnreachable.</exception>
    public async Task SetPausedAsync(bool paused, CancellationToken cancellationToken)
    {
        foreach (var folder in await FoldersAsync(cancellationToken))
        {
            await api.PatchAsync($"rest/config/folders/{Uri.EscapeDataString(folder)}", new JsonObject { ["paused"] = paused }, cancellationToken);
        }
    }

    /// <summary>Drops its index, for which its folders have to be paused, and waits until it runs anew.</summary>
    /// <exception cref="HomelabException">SyncthingRefused, SyncthingUnreachable.</exception>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in await FoldersAsync(cancellationToken))
        {
            // What is said before it has started anew is of the old index.
            var before = await StartAsync(cancellationToken);
            await api.PostAsync($"rest/system/reset?folder={Uri.EscapeDataString(folder)}", cancellationToken);
            for (var end = DateTime.UtcNow + Patience; await StartAsync(cancellationToken) is var start && (start is null || start == before);)
            {
                if (DateTime.UtcNow > end)
                {
                    throw Errors.SyncthingUnreachable(api.Target.Source, Errors.Text("Detail_SyncthingSilent", Patience.TotalSeconds));
                }

                await Task.Delay(Glance, cancellationToken);
            }
        }
    }

    /// <summary>All of it, with the files as they are. However it ends, the folders are not left paused.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SetPausedAsync(paused: true, cancellationToken);
        try
        {
            await DropAsync(cancellationToken);
        }
        finally
        {
            using var limit = new CancellationTokenSource(Farewell);
            await SetPausedAsync(paused: false, limit.Token);
        }
    }

    private async Task<IReadOnlyList<string>> FoldersAsync(CancellationToken cancellationToken) =>
        (await api.GetAsync("rest/config/folders", SyncthingWireContext.Default.ListFolderWire, cancellationToken)).ConvertAll(folder => folder.Id);

    // Null while it does not answer.
    private async Task<string?> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await api.GetAsync("rest/system/status", SyncthingWireContext.Default.SystemStatusWire, cancellationToken)).StartTime;
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.SyncthingUnreachable))
        {
            return null;
        }
    }
}
