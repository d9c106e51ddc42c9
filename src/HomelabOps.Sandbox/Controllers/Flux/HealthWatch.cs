using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Status;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Waits until objects have come to rest, by the watches that all controllers share.</summary>
internal sealed class HealthWatch(ControllerHost host, ServedTypes types)
{
    private readonly ConcurrentDictionary<Informer, bool> _followed = new();
    private TaskCompletionSource _changed = New();

    /// <summary>Waits for the objects.</summary>
    /// <param name="entries">The objects.</param>
    /// <param name="timeout">How long, by the homelab's clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null when all are well; else what is wrong, in the words of Flux.</returns>
    public async Task<string?> WaitAsync(IReadOnlyList<InventoryEntry> entries, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var followed = new List<(InventoryEntry Entry, Informer Informer)>();
        foreach (var entry in entries)
        {
            if (await types.FindAsync(entry.Group, entry.Version, entry.Kind, cancellationToken) is { } type)
            {
                followed.Add((entry, Follow(host.Informer(type))));
            }
        }

        await Task.WhenAll(followed.Select(item => item.Informer.Synchronized).Distinct()).WaitAsync(cancellationToken);
        var start = host.Clock.GetTimestamp();
        var end = Task.Delay(timeout, host.Clock, cancellationToken);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var states = followed.Select(item => (item.Entry, Status: StatusOf(item.Informer, item.Entry))).Where(item => item.Status != ObjectStatus.Current).ToList();
            if (states.Count == 0)
            {
                return null;
            }

            var failed = states.Where(item => item.Status == ObjectStatus.Failed).ToList();
            if (failed.Count > 0 && failed.Count == states.Count)
            {
                return $"health check failed after {FluxText.Duration(host.Clock.GetElapsedTime(start))}: failed early due to stalled resources: {List(failed)}";
            }

            if (await Task.WhenAny(changed, end) == end)
            {
                await end;
                return $"health check failed after {FluxText.Duration(host.Clock.GetElapsedTime(start))}: timeout waiting for: {List(states)}";
            }
        }
    }

    /// <summary>Waits until anything of this type changes, or of those that are waited for already.</summary>
    public async Task ChangeAsync(ResourceType type, CancellationToken cancellationToken)
    {
        var changed = Volatile.Read(ref _changed).Task;
        Follow(host.Informer(type));

        // What changed before the watch was listened to is not told again.
        await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static string List(IEnumerable<(InventoryEntry Entry, ObjectStatus Status)> states) => $"[{string.Join(", ", states.Select(item => $"{item.Entry} status: '{item.Status}'"))}]";

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ObjectStatus StatusOf(Informer informer, InventoryEntry entry) =>
        informer.Find(entry.Namespace, entry.Name) is { } item ? KStatus.Of(item, host.Clock.GetUtcNow()).Status : ObjectStatus.NotFound;

    private Informer Follow(Informer informer)
    {
        if (_followed.TryAdd(informer, true))
        {
            informer.OnChange(_ => Interlocked.Exchange(ref _changed, New()).TrySetResult());
        }

        return informer;
    }
}
