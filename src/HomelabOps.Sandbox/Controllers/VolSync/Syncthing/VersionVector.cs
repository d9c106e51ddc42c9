using System.Collections.Immutable;
using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>How often which device has changed a file: of two vectors one may follow the other, or neither.</summary>
internal sealed class VersionVector
{
    private readonly ImmutableSortedDictionary<string, long> _counters;

    private VersionVector(ImmutableSortedDictionary<string, long> counters) => _counters = counters;

    public static VersionVector None { get; } = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>The counters as the REST API writes them.</summary>
    public IEnumerable<string> Counters => _counters.Select(counter => string.Create(CultureInfo.InvariantCulture, $"{counter.Key}:{counter.Value}"));

    /// <summary>After one more change by a device. Counters are times, so that a device that lost its index does not begin anew.</summary>
    public VersionVector Changed(string device, DateTimeOffset now) =>
        new(_counters.SetItem(device, Math.Max(_counters.GetValueOrDefault(device) + 1, now.ToUnixTimeSeconds())));

    public VersionVector Merge(VersionVector other) =>
        new(_counters.SetItems(other._counters.Where(counter => counter.Value > _counters.GetValueOrDefault(counter.Key))));

    /// <summary>Whether this has seen everything that the other has.</summary>
    public bool Includes(VersionVector other) => other._counters.All(counter => _counters.GetValueOrDefault(counter.Key) >= counter.Value);

    public bool IsSame(VersionVector other) => Includes(other) && other.Includes(this);
}
