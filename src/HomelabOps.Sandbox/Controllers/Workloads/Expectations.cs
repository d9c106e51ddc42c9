using System.Collections.Concurrent;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>
/// What a controller has done and its informer does not show yet. Until it does, the owner is left alone, so that nothing
/// is made or deleted twice.
/// </summary>
internal sealed class Expectations(TimeProvider clock)
{
    // A change that the watch never showed must not stop an owner for good.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, DateTimeOffset>> _pending = new(StringComparer.Ordinal);

    /// <summary>The creation of this name is on its way; said before it is asked for.</summary>
    public void Creating(string owner, string name) => Add(owner, "+" + name);

    /// <summary>The deletion of this uid is on its way; said before it is asked for.</summary>
    public void Deleting(string owner, string uid) => Add(owner, "-" + uid);

    /// <summary>It did not come to it.</summary>
    public void Failed(string owner, string nameOrUid)
    {
        Remove(owner, "+" + nameOrUid);
        Remove(owner, "-" + nameOrUid);
    }

    /// <summary>The informer shows a change of a dependent.</summary>
    public void Observe(ObjectChange change)
    {
        var item = change.Latest;
        if (_pending.IsEmpty || Ownership.ControllerUid(item) is not { Length: > 0 } owner || !_pending.ContainsKey(owner))
        {
            return;
        }

        Remove(owner, "+" + ObjectName.Of(item).Name);
        if (change.After is null || Ownership.IsDeleting(item))
        {
            Remove(owner, "-" + Ownership.Uid(item));
        }
    }

    /// <summary>Whether the informer shows everything that was done for this owner.</summary>
    public bool AreMet(string owner) =>
        !_pending.TryGetValue(owner, out var pending) || pending.IsEmpty || pending.Values.All(since => clock.GetUtcNow() - since > Patience);

    public void Forget(string owner) => _pending.TryRemove(owner, out _);

    private void Add(string owner, string what) => _pending.GetOrAdd(owner, _ => new(StringComparer.Ordinal))[what] = clock.GetUtcNow();

    private void Remove(string owner, string what)
    {
        if (_pending.TryGetValue(owner, out var pending))
        {
            pending.TryRemove(what, out _);
        }
    }
}
