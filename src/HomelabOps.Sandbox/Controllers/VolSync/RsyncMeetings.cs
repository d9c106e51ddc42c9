using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>
/// Movers of rsync that wait for each other: a destination's listens until one source's has been there, and both end together. Sources
/// with an address that is none of this homelab's send to somewhere else and meet nobody. Safe for use by several threads.
/// </summary>
internal sealed class RsyncMeetings(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ObjectName> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectName, Listener> _listeners = [];

    /// <summary>Whether the first pod still reaches the second: that one is there, and its node too. What has listened once says nothing when it dies.</summary>
    public Func<JsonObject, JsonObject, bool> Reaches { get; set; } = static (_, _) => true;

    /// <summary>A destination has an address now, and its Service's names lead to it as well.</summary>
    /// <param name="destination">Its Job and its Service, which have the same name.</param>
    /// <param name="address">The address.</param>
    public void Publish(ObjectName destination, string address)
    {
        var name = $"{destination.Name}.{destination.Namespace}";
        lock (_lock)
        {
            foreach (var known in (ReadOnlySpan<string>)[address, name, $"{name}.svc", $"{name}.svc.cluster.local"])
            {
                _addresses[known] = destination;
            }
        }
    }

    /// <summary>A destination's pod listens.</summary>
    /// <param name="destination">The Job whose pod it is.</param>
    /// <param name="pod">The pod.</param>
    /// <returns>When a source came; null while none has.</returns>
    public DateTimeOffset? Listen(ObjectName destination, JsonObject pod)
    {
        lock (_lock)
        {
            if (_listeners.GetValueOrDefault(destination) is not { } listener || Ownership.Uid(listener.Pod) != Ownership.Uid(pod))
            {
                _listeners[destination] = listener = new(pod);
            }

            return listener.Met;
        }
    }

    /// <summary>A source's pod calls.</summary>
    /// <param name="address">Where it calls.</param>
    /// <param name="pod">The pod.</param>
    /// <returns>Since when it is connected; null while nobody listens there, or another source was there first.</returns>
    public DateTimeOffset? Connect(string address, JsonObject pod)
    {
        lock (_lock)
        {
            if (!_addresses.TryGetValue(address, out var destination))
            {
                return DateTimeOffset.MinValue;
            }

            var uid = Ownership.Uid(pod);
            if (_listeners.GetValueOrDefault(destination) is not { } listener || (listener.Source is { } other && other != uid) || (listener.Source is null && !Reaches(pod, listener.Pod)))
            {
                return null;
            }

            (listener.Source, listener.Met) = (uid, listener.Met ?? clock.GetUtcNow());
            return listener.Met;
        }
    }

    private sealed class Listener(JsonObject pod)
    {
        public JsonObject Pod => pod;

        public string? Source { get; set; }

        public DateTimeOffset? Met { get; set; }
    }
}
