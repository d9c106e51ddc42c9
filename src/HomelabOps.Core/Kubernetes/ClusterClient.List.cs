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
    // The first record comes soon with a small first page; large ones after it cost fewer round trips.
    private const int FirstPage = 500;
    private const int FurtherPage = 2000;

    /// <summary>
    /// Reads a collection in pages, asking for the next page while this one is parsed. A connection that breaks in the
    /// middle is taken up where it broke, in the same snapshot of the collection where the server still has it.
    /// </summary>
    /// <param name="resource">Type of the objects.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="itemType">How an item is read.</param>
    /// <param name="head">
    /// Called once with the list's own metadata when it is known: before the first item, but for custom resources behind the
    /// first page. Without a version when the items do not come from one state of the collection.
    /// </param>
    /// <param name="accept">Media types, for metadata only.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    internal IAsyncEnumerable<T> ListAsync<T>(
        ResourceType resource,
        ListQuery query,
        JsonTypeInfo<T> itemType,
        Action<ListMetadataWire>? head = null,
        string accept = "application/json",
        CancellationToken cancellationToken = default)
        where T : ObjectWire =>
        ListAsync(resource, query, itemType, static item => (item.Metadata.Namespace, item.Metadata.Name), head, accept, cancellationToken);

    /// <summary>As the other, for items that are read in another form than our wire types.</summary>
    internal async IAsyncEnumerable<T> ListAsync<T>(
        ResourceType resource,
        ListQuery query,
        JsonTypeInfo<T> itemType,
        Func<T, (string? Namespace, string Name)> identity,
        Action<ListMetadataWire>? head,
        string accept,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ApiRequest("list", resource.QualifiedName, query.Namespace) { Accept = accept };
        var batch = new List<T>();
        var given = new HashSet<(string?, string)>();
        var (place, breaks, mixed) = (default(PagePlace), 0, false);
        Task<ListPage<T>>? ahead = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (true)
            {
                using var page = await (ahead ?? OpenPageAsync(resource, query, place, breaks, request, itemType, stop.Token));
                ahead = null;
                var (more, broken) = (true, default(Exception));
                while (more)
                {
                    batch.Clear();
                    (more, broken) = await TryReadAsync(page, batch, request, breaks, stop.Token);
                    if (page.Metadata is { } metadata)
                    {
                        head?.Invoke(mixed ? new() : metadata);
                        head = null;
                        ahead ??= metadata.Continue is { Length: > 0 } following && broken is null
                            ? OpenPageAsync(resource, query, new(following, null), 0, request, itemType, stop.Token)
                            : null;
                    }

                    foreach (var item in batch)
                    {
                        if (given.Add(identity(item)))
                        {
                            yield return item;
                        }
                    }
                }

                if (broken is not null)
                {
                    breaks++;
                    place = place.Token is null ? new(null, page.Metadata?.ResourceVersion) : place;
                    mixed |= place is { Token: null, Version: null } && given.Count > 0;
                    Abandon(ahead);
                    ahead = null;
                    await Task.Delay(Retry.Delay(breaks, null), stop.Token);
                    continue;
                }

                if (ahead is null)
                {
                    yield break;
                }

                place = new(page.Metadata!.Continue, null);
                if (breaks == 0)
                {
                    // After a break a page may have been read in a newer state, in which its last items belong to the next one.
                    given.Clear();
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            Abandon(ahead);
        }
    }

    private async Task<ListPage<T>> OpenPageAsync<T>(
        ResourceType resource,
        ListQuery query,
        PagePlace place,
        int breaks,
        ApiRequest request,
        JsonTypeInfo<T> itemType,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var response = await SendAsync(PageUrl(resource, query, place), request, cancellationToken);
            await using var onFailure = new DisposeOnFailure(response);
            if (response.StatusCode == HttpStatusCode.Gone && place.Version is not null)
            {
                place = default;
                continue;
            }

            if (response.StatusCode == HttpStatusCode.Gone && place.Token is not null
                && await ReadFreshTokenAsync(response, request, cancellationToken) is { Length: > 0 } fresh)
            {
                // The snapshot has expired. The server offers to go on from the same place in the present state.
                place = new(fresh, null);
                continue;
            }

            await _failures.ThrowIfFailedAsync(response, request, cancellationToken);
            var page = new ListPage<T>(await response.Content.ReadAsStreamAsync(cancellationToken), itemType, ResponseTimeout);
            try
            {
                await page.ReadHeadAsync(cancellationToken);
                onFailure.Keep();
                return page;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                page.Dispose();
                if (!MayTakeUp(error, breaks++))
                {
                    throw _failures.Body(error, request);
                }
            }

            await Task.Delay(Retry.Delay(breaks, null), cancellationToken);
        }
    }

    private static string PageUrl(ResourceType resource, ListQuery query, PagePlace place)
    {
        var url = new StringBuilder(resource.Path(query.Namespace)).Append("?limit=").Append(place.Token is null ? FirstPage : FurtherPage);
        query.AppendTo(url);
        ListQuery.Append(url, "continue", place.Token);
        ListQuery.Append(url, "resourceVersion", place.Version);
        ListQuery.Append(url, "resourceVersionMatch", place.Version is null ? null : "Exact");
        return url.ToString();
    }

    // A broken connection is given back while it may be taken up again, anything else is thrown.
    private async ValueTask<(bool More, Exception? Broken)> TryReadAsync<T>(ListPage<T> page, List<T> batch, ApiRequest request, int breaks, CancellationToken cancellationToken)
    {
        try
        {
            return (await page.ReadAsync(batch, cancellationToken), null);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return MayTakeUp(error, breaks) ? (false, error) : throw _failures.Body(error, request);
        }
    }

    private bool MayTakeUp(Exception error, int breaks) => breaks + 1 < Retry.Attempts && RetryPolicy.ShouldRetry(error);

    // Where a page begins: at a token; without one it is the first, with a version as that was then.
    private readonly record struct PagePlace(string? Token, string? Version);

    private async Task<string?> ReadFreshTokenAsync(HttpResponseMessage response, ApiRequest request, CancellationToken cancellationToken) =>
        (await ReadBodyAsync(response, WireContext.Default.StatusWire, request, cancellationToken)).Metadata?.Continue;

    private static void Abandon<T>(Task<ListPage<T>>? page) => _ = page?.ContinueWith(
        static opened =>
        {
            if (opened.IsCompletedSuccessfully)
            {
                opened.Result.Dispose();
            }
            else
            {
                // Looked at, so that it does not count as unobserved.
                _ = opened.Exception;
            }
        },
        TaskScheduler.Default);

    private sealed class DisposeOnFailure(HttpResponseMessage response) : IAsyncDisposable
    {
        private bool _keep;

        public void Keep() => _keep = true;

        public ValueTask DisposeAsync()
        {
            if (!_keep)
            {
                response.Dispose();
            }

            return ValueTask.CompletedTask;
        }
    }
}
