namespace HomelabOps.Sandbox.Faults;

/// <summary>A fault and which requests it meets. A wire fault without verb, resource and namespace meets all.</summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record WireFault(WireFaultKind Kind)
{
    private int _taken;

    /// <summary>get, list, watch, create, update, patch, delete or deletecollection; null for all.</summary>
    public string? Verb { get; init; }

    /// <summary>As in "pods" or "deployments.apps"; null for all, discovery included.</summary>
    public string? Resource { get; init; }

    /// <summary>Only requests for this namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>How many requests it meets before it is over; null for no end.</summary>
    public int? Times { get; init; }

    /// <summary>How late an answer is, and how long a stalled one takes until its connection breaks.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Seconds in Retry-After.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    internal bool IsSpent => Times is { } times && Volatile.Read(ref _taken) >= times;

    internal bool Matches(string verb, string resource, string? @namespace) =>
        (Verb is null || Verb == verb) && (Resource is null || Resource == resource) && (Namespace is null || Namespace == @namespace);

    internal bool Take() => Times is not { } times || Interlocked.Increment(ref _taken) <= times;
}
