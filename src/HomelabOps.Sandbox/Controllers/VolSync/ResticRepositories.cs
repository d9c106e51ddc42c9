using System.Collections.Concurrent;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>The repositories of restic, by their addresses, with all snapshots. Safe for use by several threads.</summary>
internal sealed class ResticRepositories
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<(DateTimeOffset Time, IReadOnlyList<(string Path, FileEntry Entry)> Files)>> _snapshots = new(StringComparer.Ordinal);

    /// <summary>Adds a snapshot.</summary>
    public void Save(string repository, DateTimeOffset time, IReadOnlyList<(string Path, FileEntry Entry)> files) =>
        _snapshots.AddOrUpdate(repository, _ => [(time, files)], (_, former) => [.. former, (time, files)]);

    /// <summary>Chooses as VolSync's mover does: of those that are not younger than a time the newest, or one so many before it.</summary>
    /// <returns>Its files; null when there is none, which for the mover is no failure.</returns>
    public IReadOnlyList<(string Path, FileEntry Entry)>? Find(string repository, DateTimeOffset? asOf, int previous)
    {
        var eligible = _snapshots.GetValueOrDefault(repository, []).Where(snapshot => asOf is null || snapshot.Time <= asOf).OrderByDescending(snapshot => snapshot.Time).ToList();
        return previous < eligible.Count ? eligible[previous].Files : null;
    }
}
