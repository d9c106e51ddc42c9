using HomelabOps.Core.Operations.Gates;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;

namespace HomelabOps.Core.Operations;

/// <summary>Which steps an operation has.</summary>
internal static class OperationPlan
{
    private static readonly IOperationStep[] Emergency =
    [
        new FenceStep(), new MoveControllersStep(), new DeletePodsStep(), new SilenceStep(), new ProtectStep(), new CommitStep(), new ReconcileStep(), new RolloutStep(), new ProbeStep(),
    ];

    private static readonly IOperationStep[] Planned =
    [
        new StopStep(), new CatchUpStep(), new SilenceStep(), new ProtectStep(), new CommitStep(), new ReconcileStep(), new StartStep(), new RolloutStep(), new ProbeStep(),
    ];

    private static readonly GiveUpStep GiveUp = new();

    private static readonly IOperationStep[] Later = [new PushStep(), new ReleaseStep()];

    // The data comes home while the application runs on where it is, and only the rest of it while it is stopped.
    private static readonly IOperationStep[] Home =
    [
        new ReadmitStep(), new SetAsideStep(), new ProtectStep(), new ReviveStep(), new SeedStep(),
        new StopStep(), new CatchUpStep(), new CommitStep(), new ReconcileStep(), new StartStep(), new RolloutStep(), new ProbeStep(),
    ];

    // As the way home begins, but for the node, which takes pods or not as it did.
    private static readonly IOperationStep[] Return = [new SetAsideStep(), new ProtectStep(), new ReviveStep(), new SeedStep()];

    /// <summary>The steps of an operation, in their order.</summary>
    public static IReadOnlyList<IOperationStep> Steps(OperationRecord record)
    {
        var steps = record.Kind switch
        {
            OperationKind.Failover when record.OutOfService => [Emergency[0], GiveUp, .. Emergency[1..]],
            OperationKind.Failover => Emergency,
            OperationKind.Failback when record.Stays => Return,
            OperationKind.Failback => Home,
            _ => Planned,
        };
        return record.Local ? [.. steps, .. Later] : steps;
    }

    /// <summary>Whether a step is one for which the remote of Git has to be reached, after all is done in the cluster.</summary>
    public static bool IsLater(IOperationStep step) => Later.Contains(step);

    /// <summary>The record of an operation that is about to begin.</summary>
    /// <param name="options">How.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cases">The applications; all of one node, and for one.</param>
    /// <param name="readiness">What was found of each.</param>
    /// <param name="fence">What proves that the old node is off; null where it is alive.</param>
    public static OperationRecord Make(FailoverOptions options, FailoverRequest request, IReadOnlyList<FailoverCase> cases, IReadOnlyList<FailoverReadiness> readiness, FailoverFence? fence)
    {
        var (now, kind) = (DateTimeOffset.UtcNow, request.Kind);
        var record = new OperationRecord
        {
            Id = $"{now:yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..6]}",
            Kind = kind,
            Cluster = options.Client.Name,
            Server = OperationQuery.ServerOf(options.Client),
            By = $"{Environment.UserName}@{Environment.MachineName}",
            Started = now,
            From = cases[0].From,
            To = cases[0].To,
            Fence = fence,
            Overridden = [.. readiness.SelectMany(item => item.Gates).Where(gate => !gate.Passed || IsAskedLater(gate.Name, request)).Select(gate => gate.Name).Distinct(StringComparer.Ordinal)],
            Apps = [.. cases.Zip(readiness, (item, found) => App(kind, item, found))],
            Local = options.LocalReference is not null,
            OutOfService = request.OutOfService,
            Stays = cases[0].Stays,
        };
        record.Steps.AddRange(Steps(record).Select(step => new OperationStepRecord { Name = step.Name }));
        return record;
    }

    /// <summary>An application as it is written down.</summary>
    public static OperationApp App(OperationKind kind, FailoverCase item, FailoverReadiness? readiness)
    {
        var isHome = kind == OperationKind.Failback;
        return new()
        {
            Kind = item.App.Kind,
            Namespace = item.App.Namespace,
            Name = item.App.Name,
            Claims = item.Claims.ToDictionary(claim => claim.Claim, claim => claim.Other, StringComparer.Ordinal),
            Paths = [.. item.Paths],
            Writers = Objects(item.Replications.Where(replication => (item.IsWriter(replication) && (replication.Method == "syncthing" ? !isHome : replication.State != ReplicationState.Paused)) || (!isHome && item.IsPartner(replication)))),
            Revived = isHome ? Objects(item.Pairs.SelectMany(pair => new[] { pair.Home, pair.Away })) : [],
            Replaced = isHome ? [.. item.Pairs.Select(pair => pair.Path).Where(path => path.Length > 0)] : [],
            Halted = isHome && !Leaves(readiness) ? Objects(item.Replications.Where(replication => replication.State == ReplicationState.Paused && item.IsReturn(replication))) : [],
            DataLossWindow = readiness?.DataLossWindow,
        };
    }

    /// <summary>Whether a way home leaves data where it was that may be newer: what would be replicated over it must not go on by itself.</summary>
    public static bool Leaves(FailoverReadiness? readiness) => readiness?.Gates.Any(gate => gate is { Name: DataCompleteGate.GateName, Passed: false }) == true;

    // What a step asks for once more cannot be known to hold when the plan is made.
    private static bool IsAskedLater(string gate, FailoverRequest request) => gate == DatabaseIntegrityGate.GateName && request.Kind != OperationKind.Failover && request.Overrides.Contains(gate, StringComparer.OrdinalIgnoreCase);

    private static List<OperationObject> Objects(IEnumerable<ReplicationStatus> replications) => [.. replications.Select(replication => OperationObject.Of(replication.Reference))];
}
