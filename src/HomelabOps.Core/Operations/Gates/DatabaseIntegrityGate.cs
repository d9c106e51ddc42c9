using HomelabOps.Core.Databases;
using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>
/// The databases of the copy are whole. They are files that are copied one by one while the application writes, so the copy can have all
/// bytes and still be of no use. Before a planned move that passes by itself, and what counts is how they are when the application is stopped.
/// </summary>
internal sealed class DatabaseIntegrityGate : IFailoverGate
{
    /// <summary>Its name.</summary>
    public const string GateName = "DatabaseIntegrity";

    public string Name => GateName;

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        if (facts.Kind == OperationKind.Failback)
        {
            return GateResult.Pass("Detail_GateDatabaseReturns");
        }

        var (found, unlooked) = facts.Databases.GetValueOrDefault(item.To);
        if (found is null && item.Paths.Any())
        {
            return GateResult.Fail("Detail_GateDatabaseUnlooked", item.To, unlooked?.Message ?? "-");
        }

        var own = (found ?? []).Where(verdict => item.Paths.Any(path => verdict.Path.StartsWith(path + "/", StringComparison.Ordinal))).ToList();
        return own.Find(verdict => verdict.State == DatabaseState.Damaged) is { } damaged
                ? facts.Planned ? GateResult.Pass("Detail_GateDatabaseTorn", damaged.Path, item.To, damaged.Detail) : GateResult.Fail("Detail_GateDatabaseDamaged", damaged.Path, item.To, damaged.Detail)
            : own.Find(verdict => verdict.State == DatabaseState.Unknown) is { } unknown ? GateResult.Pass("Detail_GateDatabaseUnknown", unknown.Path, item.To, unknown.Detail)
            : own.Count == 0 ? GateResult.Pass("Detail_GateDatabaseNone")
            : GateResult.Pass("Detail_GateDatabaseWhole", string.Join(", ", own.Select(verdict => verdict.Path)));
    }
}
