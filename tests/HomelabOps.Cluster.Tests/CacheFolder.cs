using HomelabOps.Cluster.Tests;

[assembly: AssemblyFixture(typeof(CacheFolder))]

namespace HomelabOps.Cluster.Tests;

/// <summary>
/// A cache of this run's own: the ports of servers that live for one test come again, and what is remembered of the one
/// must not be believed of the other.
/// </summary>
public sealed class CacheFolder : IDisposable
{
    private const string Variable = "XDG_CACHE_HOME";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
    private readonly TemporaryFolder _folder = new();

    public CacheFolder()
    {
        OfUser = _before is { Length: > 0 } ? _before : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        Environment.SetEnvironmentVariable(Variable, _folder.Path);
    }

    /// <summary>The one that outlives the run, for what must not be fetched each time.</summary>
    public static string OfUser { get; private set; } = "";

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }
}
