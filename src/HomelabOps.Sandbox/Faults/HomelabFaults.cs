using HomelabOps.Core;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults;

/// <summary>
/// The faults of an embedded homelab by their names. Wherever that is possible, the cause is a real one, such as a commit or an object of
/// another size, so that whoever looks for it finds it and whoever removes it has mended it. Safe for use by several threads.
/// </summary>
public sealed class HomelabFaults : IDisposable
{
    private readonly HomelabPlan _plan;
    private readonly FaultScene _scene;
    private readonly SemaphoreSlim _turning = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<FaultSwitch> _on = [];

    internal HomelabFaults(EmbeddedHomelab homelab, HomelabPlan plan) => (_plan, _scene) = (plan, new FaultScene(homelab, plan));

    /// <summary>All faults, ordered by what they concern.</summary>
    public static IReadOnlyList<HomelabFault> Known { get; } = [.. FaultCatalog.All.Select(definition => definition.Fault)];

    /// <summary>Those that are on, the oldest first.</summary>
    public IReadOnlyList<FaultSwitch> On
    {
        get
        {
            lock (_lock)
            {
                return [.. _on];
            }
        }
    }

    /// <summary>What a fault can be switched on for in this homelab; the first is the one that is taken where none is named.</summary>
    /// <exception cref="HomelabException">SandboxFaultUnknown.</exception>
    public IReadOnlyList<string> TargetsOf(string name) => [.. Find(name).Targets(_plan)];

    /// <summary>Switches a fault on; its symptoms come by themselves. One that is on and in effect stays as it is.</summary>
    /// <param name="name">The fault, in capitals or not.</param>
    /// <param name="target">What for; null for the first of <see cref="TargetsOf"/>. A namespace may be left out.</param>
    /// <param name="cancellationToken">Ends it; nothing is switched on then.</param>
    /// <exception cref="HomelabException">SandboxFaultUnknown, SandboxFaultTargetUnknown, SandboxFaultNotPossible.</exception>
    public async Task<FaultSwitch> SwitchOnAsync(string name, string? target, CancellationToken cancellationToken)
    {
        var definition = Find(name);
        var place = Place(definition, target);
        await _turning.WaitAsync(cancellationToken);
        try
        {
            if (Find(definition.Fault, place) is { } known)
            {
                if (await known.IsInEffectAsync(cancellationToken))
                {
                    return known;
                }

                // Somebody has mended it; what is left of it would be in the way of a new one.
                await known.SwitchOffAsync(cancellationToken);
            }

            var effect = await definition.BreakAsync(_scene, place, cancellationToken);
            var made = new FaultSwitch(this, definition.Fault, place, _scene.Clock.GetUtcNow(), effect);
            lock (_lock)
            {
                _on.Add(made);
            }

            return made;
        }
        catch (FaultNotPossibleException error)
        {
            throw Errors.SandboxFaultNotPossible(definition.Fault.Name, place, error.Message);
        }
        finally
        {
            _turning.Release();
        }
    }

    /// <summary>Switches a fault off; one that is not on is left alone.</summary>
    /// <param name="name">The fault.</param>
    /// <param name="target">What for; null for all that it is on for.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HomelabException">SandboxFaultUnknown, SandboxFaultTargetUnknown.</exception>
    public async Task SwitchOffAsync(string name, string? target, CancellationToken cancellationToken)
    {
        var definition = Find(name);
        var place = target is null ? null : Place(definition, target);
        foreach (var each in On.Where(each => each.Fault == definition.Fault && (place is null || each.Target == place)))
        {
            await each.SwitchOffAsync(cancellationToken);
        }
    }

    /// <summary>Switches all off, the youngest first.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task SwitchAllOffAsync(CancellationToken cancellationToken)
    {
        foreach (var each in On.Reverse())
        {
            await each.SwitchOffAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turning.Dispose();

    internal void Forget(FaultSwitch gone)
    {
        lock (_lock)
        {
            _on.Remove(gone);
        }
    }

    private static FaultDefinition Find(string name) => FaultCatalog.All.FirstOrDefault(definition => definition.Fault.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw Errors.SandboxFaultUnknown(name, string.Join(", ", Known.Select(fault => fault.Name)));

    private FaultSwitch? Find(HomelabFault fault, string target) => On.FirstOrDefault(each => each.Fault == fault && each.Target == target);

    private string Place(FaultDefinition definition, string? target)
    {
        if (definition.Fault.TargetKind == FaultTargetKind.Resource)
        {
            return target ?? "";
        }

        var targets = definition.Targets(_plan).ToList();
        var found = target is null
            ? targets.FirstOrDefault()
            : targets.Find(each => each == target) ?? targets.Find(each => each.EndsWith("/" + target, StringComparison.Ordinal));
        return found ?? throw Errors.SandboxFaultTargetUnknown(definition.Fault.Name, target, targets.Count == 0 ? "-" : string.Join(", ", targets));
    }
}
