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
    private readonly ConcurrentDictionary<Waiter, bool> _waiters = new();

    /// <summary>Waits for the objects.</summary>
    /// <param name="entries">The objects.</param>
    /// <param name="timeout">How long, by the homelab's clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null when all are well; else what is wrong, in the words of Flux.</returns>
    public async Task<string?> WaitAsync(IReadOnlyList<InventoryEntry> entries, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var open = new Dictionary<(Informer Informer, ObjectName Name), InventoryEntry>();
        foreach (var entry in entries)
        {
            if (await types.FindAsync(entry.Group, entry.Version, entry.Kind, cancellationToken) is { } type)
            {
                open[(Follow(host.Informer(type)), new(entry.Namespace, entry.Name))] = entry;
            }
        }

        await Task.WhenAll(open.Keys.Select(item => item.Informer.Synchronized).Distinct()).WaitAsync(cancellationToken);
        var start = host.Clock.GetTimestamp();
        var end = Task.Delay(timeout, host.Clock, cancellationToken);
        using var waiter = new Waiter(this, (informer, name) => open.ContainsKey((informer, name)));
        while (true)
        {
            var changed = waiter.Changed;
            var states = open.Select(item => (Entry: item.Value, Status: StatusOf(item.Key.Informer, item.Value))).Where(item => item.Status != ObjectStatus.Current).ToList();
            if (states.Count == 0)
            {
                return null;
            }

            var failed = states.Where(item => item.Status == ObjectStatus.Failed).ToList();
            if (failed.Count > 0 && failed.Count == states.Count)
            {
                return $"health check failed after {GoDuration.Text(host.Clock.GetElapsedTime(start))}: failed early due to stalled resources: {List(failed)}";
            }

            if (await Task.WhenAny(changed, end) == end)
            {
                await end;
                return $"health check failed after {GoDuration.Text(host.Clock.GetElapsedTime(start))}: timeout waiting for: {List(states)}";
            }
        }
    }

    /// <summary>Waits until something holds that objects of this type decide.</summary>
    public async Task UntilAsync(ResourceType type, Func<bool> holds, CancellationToken cancellationToken)
    {
        var followed = Follow(host.Informer(type));
        using var waiter = new Waiter(this, (informer, _) => informer == followed);
        while (true)
        {
            var changed = waiter.Changed;
            if (holds())
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static string List(IEnumerable<(InventoryEntry Entry, ObjectStatus Status)> states) => $"[{string.Join(", ", states.Select(item => $"{item.Entry} status: '{item.Status}'"))}]";

    private ObjectStatus StatusOf(Informer informer, InventoryEntry entry) =>
        informer.Find(entry.Namespace, entry.Name) is { } item ? KStatus.Of(item, host.Clock.GetUtcNow()).Status : ObjectStatus.NotFound;

    private Informer Follow(Informer informer)
    {
        if (_followed.TryAdd(informer, true))
        {
            informer.OnChange(change =>
            {
                var name = ObjectName.Of(change.Latest);
                foreach (var waiter in _waiters.Keys)
                {
                    waiter.Tell(informer, name);
                }
            });
        }

        return informer;
    }

    /// <summary>One who waits for some objects and hears of no others.</summary>
    private sealed class Waiter : IDisposable
    {
        private readonly HealthWatch _owner;
        private readonly Func<Informer, ObjectName, bool> _concerns;
        private TaskCompletionSource _changed = New();

        public Waiter(HealthWatch owner, Func<Informer, ObjectName, bool> concerns)
        {
            (_owner, _concerns) = (owner, concerns);
            owner._waiters[this] = true;
        }

        /// <summary>Ends at the next change. To be asked for before the objects are looked at.</summary>
        public Task Changed => Volatile.Read(ref _changed).Task;

        public void Tell(Informer informer, ObjectName name)
        {
            if (_concerns(informer, name))
            {
                Interlocked.Exchange(ref _changed, New()).TrySetResult();
            }
        }

        public void Dispose() => _owner._waiters.TryRemove(this, out _);

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
