using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>How Flux' controllers are started.</summary>
internal sealed record FluxOptions
{
    /// <summary>Where fetched repositories are kept; deleted with the controllers.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>What may go wrong around them.</summary>
    public FluxWorld World { get; init; } = new();

    /// <summary>What they write.</summary>
    public FluxLog Log { get; init; } = new();

    /// <summary>Where the repository of an address really is; a real cluster takes addresses only, and no paths.</summary>
    public Func<string, string> RemoteOf { get; init; } = url => url;

    /// <summary>When a controller of this name works; null for always, where it is no pod of the cluster.</summary>
    public Func<string, Tenure?> TenureOf { get; init; } = _ => null;

    /// <summary>Namespaces whose objects are theirs; on a cluster that has others, those of a test.</summary>
    public Func<string, bool> IsOurs { get; init; } = _ => true;
}
