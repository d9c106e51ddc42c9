using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

public sealed partial class ClusterClient
{
    // Longer than a server that is only slow takes, of which another finding tells.
    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long the server is asked to keep one watch open; it is resumed after that.</summary>
    internal TimeSpan WatchDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gives the objects as they are, then <see cref="WatchEventKind.Synchronized"/>, then every change until cancelled.
    /// A watch that ends or breaks is resumed after the last event; when the server no longer knows that place (410 Gone)
    /// the collection is listed again and only what differs is given.
    /// </summary>
    internal async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType resource,
        ListQuery query,
        JsonTypeInfo<T> itemType,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : ObjectWire
    {
        var known = new Dictionary<string, T>(StringComparer.Ordinal);
        var request = new ApiRequest("watch", resource.QualifiedName, query.Namespace);
        var version = "";
        await foreach (var item in ListAsync(resource, query, itemType, head => version = head.ResourceVersion ?? "", cancellationToken: cancellationToken))
        {
            if (Record(known, "ADDED", item) is { } change)
            {
                yield return change;
            }
        }

        yield return new(WatchEventKind.Synchronized, null);
        var failures = 0;
        while (true)
        {
            // A watch that ends at once without any event, or a place that is always gone, must not turn into a busy loop.
            if (failures > 0)
            {
                await Task.Delay(Retry.Delay(failures, null), cancellationToken);
            }

            failures++;
            if (version.Length == 0)
            {
                var (differences, present) = await TryListAgainAsync(resource, query, itemType, known, cancellationToken);
                foreach (var change in differences)
                {
                    yield return change;
                }

                if (present.Length == 0)
                {
                    continue;
                }

                version = present;
            }

            var (opened, gone) = await TryOpenWatchAsync(resource, query, version, request, cancellationToken);
            version = gone ? "" : version;
            if (opened is null)
            {
                continue;
            }

            // The server ends the watch in time. One that does not has vanished without a word.
            await using var body = opened;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(WatchDuration + ResponseTimeout);
            await using var frames = WatchStream.ReadAsync(body, limit.Token).GetAsyncEnumerator(limit.Token);
            while (await TryMoveNextAsync(frames, cancellationToken))
            {
                var frame = frames.Current;
                if (frame.Type == "ERROR")
                {
                    version = Read(frame, WireContext.Default.StatusWire, request)?.Code == (int)HttpStatusCode.Gone ? "" : version;
                    break;
                }

                if (Read(frame, itemType, request) is not { } item)
                {
                    continue;
                }

                failures = 0;
                version = item.Metadata.ResourceVersion ?? version;
                if (Record(known, frame.Type, item) is { } change)
                {
                    yield return change;
                }
            }
        }
    }

    /// <summary>
    /// Whether a watch is answered and kept open for so long. One that is cut at once, or held back until it ends, as by a proxy in between, makes
    /// everything late that waits for changes.
    /// </summary>
    internal async Task<bool> KeepsWatchAsync(ResourceType resource, string? @namespace, TimeSpan least, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(WatchPatience);
        Stream? opened;
        try
        {
            (opened, _) = await TryOpenWatchAsync(resource, new ListQuery { Namespace = @namespace }, "", new ApiRequest("watch", resource.QualifiedName, @namespace), patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        if (opened is null)
        {
            // Why it cannot be opened is told by whoever asks for something.
            return true;
        }

        await using var body = opened;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(least);
        await using var frames = WatchStream.ReadAsync(body, limit.Token).GetAsyncEnumerator(limit.Token);
        while (await TryMoveNextAsync(frames, cancellationToken))
        {
        }

        cancellationToken.ThrowIfCancellationRequested();
        return limit.IsCancellationRequested;
    }

    private static WatchEvent<T>? Record<T>(Dictionary<string, T> known, string type, T item)
        where T : ObjectWire
    {
        var key = Key(item);
        switch (type)
        {
            case "DELETED":
                known.Remove(key);
                return new(WatchEventKind.Deleted, item);
            case "ADDED" or "MODIFIED":
                var isNew = !known.TryGetValue(key, out var before);
                known[key] = item;
                return before?.Metadata.ResourceVersion == item.Metadata.ResourceVersion && !isNew
                    ? null
                    : new(isNew ? WatchEventKind.Added : WatchEventKind.Modified, item);
            default:
                return null;
        }
    }

    // What differs from what is known. Without a version when the list could not be read in full: what was read of it counts.
    private async Task<(List<WatchEvent<T>> Differences, string Version)> TryListAgainAsync<T>(
        ResourceType resource,
        ListQuery query,
        JsonTypeInfo<T> itemType,
        Dictionary<string, T> known,
        CancellationToken cancellationToken)
        where T : ObjectWire
    {
        var gone = new HashSet<string>(known.Keys, StringComparer.Ordinal);
        var differences = new List<WatchEvent<T>>();
        var version = "";
        try
        {
            await foreach (var item in ListAsync(resource, query, itemType, head => version = head.ResourceVersion ?? "", cancellationToken: cancellationToken))
            {
                gone.Remove(Key(item));
                if (Record(known, "ADDED", item) is { } change)
                {
                    differences.Add(change);
                }
            }
        }
        catch (HomelabException error) when (MayComeBack(error))
        {
            return (differences, "");
        }

        foreach (var key in gone)
        {
            known.Remove(key, out var item);
            differences.Add(new(WatchEventKind.Deleted, item));
        }

        return (differences, version);
    }

    private async Task<(Stream? Body, bool Gone)> TryOpenWatchAsync(ResourceType resource, ListQuery query, string version, ApiRequest request, CancellationToken cancellationToken)
    {
        var url = new StringBuilder(resource.Path(query.Namespace)).Append("?watch=true&allowWatchBookmarks=true")
            .Append("&timeoutSeconds=").Append((int)WatchDuration.TotalSeconds);
        query.AppendTo(url);
        ListQuery.Append(url, "resourceVersion", version);
        try
        {
            var response = await SendReadAsync(url.ToString(), request, cancellationToken);
            return (await response.Content.ReadAsStreamAsync(cancellationToken), false);
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.ResourceExpired))
        {
            return (null, true);
        }
        catch (HomelabException error) when (MayComeBack(error))
        {
            return (null, false);
        }
    }

    // Whoever watches waits for the server to come back.
    private static bool MayComeBack(HomelabException error) => error.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout or ErrorKind.ResourceUnavailable;

    private T? Read<T>(WatchStream.Frame frame, JsonTypeInfo<T> type, ApiRequest request)
    {
        try
        {
            return WatchStream.Deserialize(frame, type);
        }
        catch (JsonException error)
        {
            throw _failures.Body(error, request);
        }
    }

    private static async ValueTask<bool> TryMoveNextAsync(IAsyncEnumerator<WatchStream.Frame> frames, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.MoveNextAsync();
        }
        catch (Exception error) when (error is IOException or HttpRequestException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string Key(ObjectWire item) => $"{item.Metadata.Namespace}/{item.Metadata.Name}";
}
