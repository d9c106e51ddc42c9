using System.Text.Json.Serialization;

namespace HomelabOps.Core.Kubernetes.Discovery;

/// <summary>What a server serves, as far as it was asked. Also the format of the cache on disk.</summary>
internal sealed class DiscoverySnapshot
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public DateTimeOffset Time { get; set; }

    /// <summary>Young enough to be believed, and not from the future.</summary>
    [JsonIgnore]
    public bool IsFresh => DateTimeOffset.UtcNow - Time is var age && age >= TimeSpan.Zero && age < Lifetime;

    /// <summary>Holds what a snapshot must: a file that somebody else wrote may not.</summary>
    [JsonIgnore]
    public bool IsComplete => Groups?.Values.All(versions => versions is not null) == true
        && Resources?.Values.All(types => types?.All(type => type is { Group: not null, Version: not null, Plural: not null, Kind: not null, Singular: not null, ShortNames: not null, Verbs: not null }) == true) == true;

    /// <summary>Served versions by group, the preferred one first.</summary>
    public Dictionary<string, List<string>> Groups { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Types by group, each once in its first version; a group that was not asked for yet is absent.</summary>
    public Dictionary<string, List<ServedResource>> Resources { get; set; } = new(StringComparer.Ordinal);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DiscoverySnapshot))]
internal sealed partial class DiscoveryContext : JsonSerializerContext;
