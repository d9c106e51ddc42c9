using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Selecting;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Watching;

/// <summary>
/// One watch: a place in the history of a collection that moves on as its client takes the events. Nothing is queued for it,
/// so a slow client costs nothing; when it falls out of the history its watch ends, as the real one does.
/// </summary>
internal sealed class WatchSession(Collection collection, ObjectSelection selection, IWatchEncoder encoder)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);
    private const int BatchBytes = 64 * 1024;

    /// <summary>Ends the watch from outside, as a fault does.</summary>
    public CancellationToken Cut { get; init; }

    public async Task RunAsync(ApiCall call)
    {
        var (asked, initial) = (call.Query["resourceVersion"], call.Query.Flag("sendInitialEvents"));
        CheckOptions(call.Query);
        var bookmarks = call.Query.Flag("allowWatchBookmarks");
        var revision = ListPager.Revision(asked);
        var present = revision == 0 || initial ? collection.Read(selection.Namespace) : null;
        if (revision > collection.Revision)
        {
            throw ApiErrors.TooLarge(revision, collection.Revision);
        }

        await using var output = call.Response.BeginStream("application/json");

        // HttpListener holds the head of its answer back until there is a body, and clients wait for it. A blank means nothing in JSON.
        await output.WriteAsync(" "u8.ToArray(), CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(call.Stopping, Cut);
        limit.CancelAfter(Duration(call.Query));
        var sent = revision;
        if (present is not null && (initial || !call.Query.Has("sendInitialEvents")))
        {
            await SendPresentAsync(output, present);
        }

        if (present is not null)
        {
            sent = present.Revision;
            if (initial && bookmarks)
            {
                await output.WriteAsync(encoder.Bookmark(sent, initialEnd: true), CancellationToken.None);
            }
        }

        await output.FlushAsync(CancellationToken.None);
        await FollowAsync(output, sent, bookmarks, limit.Token);
    }

    private async Task FollowAsync(Stream output, long sent, bool bookmarks, CancellationToken cancellationToken)
    {
        using var waiter = collection.Changes.Enter();
        using var batch = new MemoryStream();
        while (true)
        {
            // One timer a minute, and none for each event.
            using var minute = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            minute.CancelAfter(BookmarkInterval);
            if (await FollowMinuteAsync(output, batch, sent, minute.Token) is not { } reached)
            {
                return;
            }

            sent = reached;
            var isEnd = cancellationToken.IsCancellationRequested;
            if (bookmarks && !(isEnd && Cut.IsCancellationRequested))
            {
                await output.WriteAsync(encoder.Bookmark(sent, initialEnd: false), CancellationToken.None);
                await output.FlushAsync(CancellationToken.None);
            }

            if (isEnd)
            {
                return;
            }
        }
    }

    // Gives the revision that was reached when it is cancelled; null when the watch has ended by itself.
    private async Task<long?> FollowMinuteAsync(Stream output, MemoryStream batch, long sent, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = collection.Changes.Next;
            var reached = collection.Revision;
            if (collection.EventsAfter(sent) is not { } events)
            {
                await output.WriteAsync(WatchFrame.Encode("ERROR", ObjectJson.ToBytes(ApiErrors.WatchTooOld(sent, reached).ToStatus())), CancellationToken.None);
                return null;
            }

            foreach (var change in events)
            {
                if (Encode(change) is { } frame)
                {
                    batch.Write(frame);
                }

                sent = change.Revision;
                if (batch.Length > BatchBytes)
                {
                    await SendAsync(output, batch);
                }
            }

            await SendAsync(output, batch);
            if (collection.IsClosed)
            {
                return null;
            }

            try
            {
                // Where more has happened already, waiting does not look at the token.
                cancellationToken.ThrowIfCancellationRequested();
                await changed.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return Math.Max(sent, reached);
            }
        }
    }

    private async Task SendPresentAsync(Stream output, Collection.Snapshot present)
    {
        using var batch = new MemoryStream();
        foreach (var item in present.Objects.Where(selection.Matches))
        {
            batch.Write(encoder.Encode("ADDED", item, null));
            if (batch.Length > BatchBytes)
            {
                await SendAsync(output, batch);
            }
        }

        await SendAsync(output, batch);
    }

    private static async Task SendAsync(Stream output, MemoryStream batch)
    {
        if (batch.Length == 0)
        {
            return;
        }

        await output.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), CancellationToken.None);
        await output.FlushAsync(CancellationToken.None);
        batch.SetLength(0);
    }

    // What the change is to whoever sees only the selected objects.
    private byte[]? Encode(StoreEvent change)
    {
        if (selection.IsEverything && (selection.Namespace is null || selection.Namespace == change.After.Key.Namespace))
        {
            return encoder.Encode(change.Type, change.After, change);
        }

        var before = change.Before is not null && selection.Matches(change.Before);
        var after = !change.Deleted && selection.Matches(change.After);
        return (before, after) switch
        {
            (false, true) => encoder.Encode("ADDED", change.After, change.Before is null ? change : null),
            (true, true) => encoder.Encode("MODIFIED", change.After, change),
            (true, false) when change.Deleted => encoder.Encode("DELETED", change.After, change),

            // It left the selection: its last selected state, with the revision of the change.
            (true, false) => encoder.Encode("DELETED", StoredObject.Create(change.After.Key, change.Revision, change.Before!.ToNode(), collection.Fields), null),
            _ => null,
        };
    }

    private static void CheckOptions(RequestQuery query)
    {
        var match = query["resourceVersionMatch"];
        if (query.Has("sendInitialEvents") && match != "NotOlderThan")
        {
            throw new ApiException(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        if (!query.Has("sendInitialEvents") && match is not null)
        {
            throw new ApiException(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
    }

    // Without a wish the server takes 30 to 60 minutes, so that not all watches are renewed at once.
    private static TimeSpan Duration(RequestQuery query) => query.Number("timeoutSeconds") is { } seconds and > 0
        ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue / 1000))
        : TimeSpan.FromMinutes(30 + (30 * System.Security.Cryptography.RandomNumberGenerator.GetInt32(1000) / 1000.0));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"watch of {collection.Resource}");

    internal static JsonObject BookmarkObject(long revision, bool initialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (initialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        return metadata;
    }
}
