using System.Collections.Concurrent;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Faults;

/// <summary>The faults of the wire that are switched on.</summary>
public sealed class FaultSet : IDisposable
{
    private readonly ConcurrentDictionary<Guid, WireFault> _faults = new();
    private readonly Lock _cutting = new();
    private readonly Dictionary<(string Resource, string? Namespace), CancellationTokenSource> _watches = [];

    /// <summary>Switches a fault on; disposing of what comes back switches it off.</summary>
    public IDisposable Add(WireFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var id = Guid.NewGuid();
        _faults[id] = fault;
        if (fault.Kind == WireFaultKind.WatchCut)
        {
            CutWatches(fault);
        }

        return new Switch(this, id);
    }

    /// <summary>Switches all off.</summary>
    public void Clear() => _faults.Clear();

    /// <summary>Breaks all open watches once.</summary>
    public void CutWatches() => CutWatches(new WireFault(WireFaultKind.WatchCut));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_cutting)
        {
            _watches.Values.ToList().ForEach(source => source.Dispose());
            _watches.Clear();
        }
    }

    /// <summary>Cancelled when watches of a resource are cut.</summary>
    internal CancellationToken WatchCut(string resource, string? @namespace)
    {
        lock (_cutting)
        {
            if (!_watches.TryGetValue((resource, @namespace), out var source))
            {
                _watches[(resource, @namespace)] = source = new();
            }

            return source.Token;
        }
    }

    /// <summary>Lets the faults act on a request; true when one of them has answered it. What acts inside the homelab has no wire that could fail.</summary>
    internal async Task<bool> ApplyAsync(ApiCall call, string verb, string resource, string? @namespace, string? name)
    {
        if (call.Exchange is LocalExchange)
        {
            return false;
        }

        foreach (var (id, fault) in _faults)
        {
            if (!fault.Matches(verb, resource, @namespace) || !fault.Take())
            {
                continue;
            }

            if (fault.IsSpent)
            {
                _faults.TryRemove(id, out _);
            }

            if (await FaultActions.RunAsync(call, fault, verb, resource, @namespace, name))
            {
                return true;
            }
        }

        return false;
    }

    private void CutWatches(WireFault fault)
    {
        List<CancellationTokenSource> cut = [];
        lock (_cutting)
        {
            foreach (var (watched, source) in _watches.Where(watch => fault.Matches("watch", watch.Key.Resource, watch.Key.Namespace)).ToList())
            {
                _watches.Remove(watched);
                cut.Add(source);
            }
        }

        foreach (var source in cut)
        {
            source.Cancel();
            source.Dispose();
        }
    }

    private sealed class Switch(FaultSet owner, Guid id) : IDisposable
    {
        public void Dispose() => owner._faults.TryRemove(id, out _);
    }
}
