using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>
/// The target's disk has room for one more copy of the data, which is kept as it is now beside it, and where data comes home for what comes.
/// </summary>
internal sealed class SpaceGate : IFailoverGate
{
    public string Name => "Space";

    // Of a folder that is not there no copy can be kept, so that the move would fail half-way.
    public bool CanBeOverridden(FailoverCase item, FailoverFacts facts) =>
        facts.Targets.GetValueOrDefault(item.To) is not { Unlooked: null } target || item.Paths.All(target.Folders.ContainsKey);

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        if (facts.Targets.GetValueOrDefault(item.To) is not { Unlooked: null } target)
        {
            return GateResult.Fail("Detail_GateSpaceUnknown", item.To, facts.Targets.GetValueOrDefault(item.To)?.Unlooked?.Message ?? Errors.Text("Detail_GateSourceGone", item.To));
        }

        // All that are moved together are copied before the first of them runs.
        var all = facts.Cases.Where(other => other.To == item.To).SelectMany(other => other.Paths.Select(path => (Case: other, Path: path))).DistinctBy(folder => folder.Path).ToList();
        var (kept, coming) = (all.Sum(folder => Kept(folder.Case, folder.Path, facts)), all.Sum(folder => Coming(folder.Case, folder.Path, facts)));
        foreach (var path in item.Paths)
        {
            if (!target.Folders.TryGetValue(path, out var folder))
            {
                return GateResult.Fail("Detail_GateSpaceFolder", path, item.To);
            }

            var (beside, inside) = folder.IsOfParent ? (kept + coming, kept + coming) : (kept, coming);
            if (beside > folder.FreeBeside || inside > folder.Free)
            {
                return GateResult.Fail("Detail_GateSpaceShort", item.To, Display.Bytes(kept + coming), Display.Bytes(Math.Min(folder.FreeBeside, folder.Free)));
            }
        }

        return GateResult.Pass("Detail_GateSpaceLeft", Display.Bytes(kept + coming), item.To);
    }

    // Old data that is only moved aside within a file system takes nothing more.
    private static long Kept(FailoverCase item, string path, FailoverFacts facts) =>
        Folder(facts, item.To, path) is not { } folder || (IsReplaced(item, path, facts) && folder.IsOfParent) ? 0 : folder.Size;

    private static long Coming(FailoverCase item, string path, FailoverFacts facts)
    {
        var old = Folder(facts, item.To, path);
        var news = item.OldPaths.TryGetValue(path, out var away) ? Folder(facts, item.From, away) : null;
        return facts.Kind != OperationKind.Failback ? 0
            : IsReplaced(item, path, facts) && old?.IsOfParent != false ? (news ?? old)?.Size ?? 0
            : Math.Max(0, (news?.Size ?? 0) - (old?.Size ?? 0));
    }

    private static bool IsReplaced(FailoverCase item, string path, FailoverFacts facts) => facts.Kind == OperationKind.Failback && item.Pairs.Any(pair => pair.Path == path);

    private static FolderSpace? Folder(FailoverFacts facts, string node, string path) => facts.Targets.GetValueOrDefault(node)?.Folders.GetValueOrDefault(path);
}
