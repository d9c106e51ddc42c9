using System.Collections.Concurrent;
using System.Threading.Channels;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Reading;

namespace HomelabOps.Core.Flux.Reconciling;

/// <summary>
/// Tells each who waits for an object of Flux what becomes of it. One watch a type, however many objects of it are waited
/// for. It begins with the object as it is, so that an answer that came before the watch is seen as well.
/// </summary>
internal sealed class FluxObjectWatch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Kind, string Namespace, string Name), Channel<FluxWire?>> _changes = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task _watching;

    public FluxObjectWatch(ClusterClient client, IReadOnlyCollection<(FluxResource Resource, ResourceType Type)> objects, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var (resource, _) in objects)
        {
            _changes[(resource.Kind, resource.Namespace, resource.Name)] = Channel.CreateUnbounded<FluxWire?>();
        }

        _watching = Task.WhenAll(objects.GroupBy(item => item.Type).Select(group => FollowAsync(client, group.Key, [.. group.Select(item => item.Resource)])));
    }

    /// <summary>The object's states from now on; null when it was deleted. A watch that fails throws its error.</summary>
    public IAsyncEnumerable<FluxWire?> StatesAsync(FluxResource resource, CancellationToken cancellationToken) =>
        _changes[(resource.Kind, resource.Namespace, resource.Name)].Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync(ClusterClient client, ResourceType type, List<FluxResource> resources)
    {
        var query = new ListQuery
        {
            Namespace = resources.TrueForAll(resource => resource.Namespace == resources[0].Namespace) ? resources[0].Namespace : null,
            FieldSelector = resources is [var only] ? $"metadata.name={only.Name}" : null,
        };
        try
        {
            await FollowAsync(client, type, query);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            foreach (var resource in resources)
            {
                _changes[(resource.Kind, resource.Namespace, resource.Name)].Writer.TryComplete(error);
            }
        }
    }

    private Task FollowAsync(ClusterClient client, ResourceType type, ListQuery query)
    {
        var json = FluxWireContext.Default;
        return type.Kind switch
        {
            FluxKind.Kustomization => DispatchAsync(client.WatchAsync(type, query, json.KustomizationWire, _stop.Token), type.Kind),
            FluxKind.HelmRelease => DispatchAsync(client.WatchAsync(type, query, json.HelmReleaseWire, _stop.Token), type.Kind),
            _ when FluxKind.Sources.Contains(type.Kind) => DispatchAsync(client.WatchAsync(type, query, json.SourceWire, _stop.Token), type.Kind),
            _ => DispatchAsync(client.WatchAsync(type, query, json.FluxOtherWire, _stop.Token), type.Kind),
        };
    }

    private async Task DispatchAsync<T>(IAsyncEnumerable<WatchEvent<T>> changes, string kind)
        where T : FluxWire
    {
        await foreach (var change in changes)
        {
            if (change.Object is { } wire && _changes.TryGetValue((kind, wire.Metadata.Namespace ?? "", wire.Metadata.Name), out var channel))
            {
                channel.Writer.TryWrite(change.Kind == WatchEventKind.Deleted ? null : wire);
            }
        }
    }
}
