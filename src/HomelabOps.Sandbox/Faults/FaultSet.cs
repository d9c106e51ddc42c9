using System.Collections.Concurrent;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Faults;

/// <summary>The faults of the wire that are switched on.</summary>
public sealed class FaultSet : IDisposable
{
    private readonly ConcurrentDictionary<Guid, WireFault> _faults = new();
    private readonly Lock _cutting = new();
    private CancellationTokenSource _watches = new();

    /// <summary>Switches a fault on; disposing of what comes back switches it off.</summary>
    public IDisposable Add(WireFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var id = Guid.NewGuid();
        _faults[id] = fault;
        if (fault.Kind == WireFaultKind.WatchCut)
        {
            CutWatches();
        }

        return new Switch(this, id);
    }

    /// <summary>Switches all off.</summary>
    public void Clear() => _faults.Clear();

    /// <summary>Breaks all open watches once.</summary>
    public void CutWatches()
    {
        CancellationTokenSource old;
        lock (_cutting)
        {
            (old, _watches) = (_watches, new());
        }

        old.Cancel();
        old.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_cutting)
        {
            _watches.Dispose();
        }
    }

    internal CancellationToken WatchCut(string resource)
    {
        _ = resource;
        lock (_cutting)
        {
            return _watches.Token;
        }
    }

    /// <summary>Lets the faults act on a request; true when one of them has answered it. What acts inside the homelab has no wire that could fail.</summary>
    internal async Task<bool> ApplyAsync(ApiCall call, string verb, string resource, string? @namespace)
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

            if (await FaultActions.RunAsync(call, fault, verb, resource))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Switch(FaultSet owner, Guid id) : IDisposable
    {
        public void Dispose() => owner._faults.TryRemove(id, out _);
    }
}
