using System.Runtime.CompilerServices;
using HomelabOps.Core.Operations.Gates;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations;

/// <summary>Says whether applications could be moved now, and what that would lose.</summary>
internal static class FailoverTester
{
    /// <summary>Looks at all gates of each application.</summary>
    /// <param name="options">How.</param>
    /// <param name="apps">The applications.</param>
    /// <param name="from">The node that they are to leave; null for the one that each is on.</param>
    /// <param name="to">The node that they are to come to; null for the other side.</param>
    /// <param name="planned">The old node is alive; null to take it as it is.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<FailoverReadiness>> RunAsync(FailoverOptions options, IReadOnlyList<HomelabApp> apps, string? from, string? to, bool? planned, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new FailoverReader(options);
        var cases = await reader.ReadCasesAsync(apps, from, to, cancellationToken);
        var facts = await reader.ReadFactsAsync(cases, planned == true ? OperationKind.PlannedFailover : OperationKind.Failover, cancellationToken);
        foreach (var notice in reader.Notices)
        {
            yield return notice;
        }

        foreach (var item in cases)
        {
            var isPlanned = planned ?? (facts.Nodes.GetValueOrDefault(item.From) is { } node && Kubernetes.Nodes.NodeTerms.IsReady(node));
            yield return Of(item, facts with { Kind = isPlanned ? OperationKind.PlannedFailover : OperationKind.Failover });
        }
    }

    /// <summary>The record of one application.</summary>
    public static FailoverReadiness Of(FailoverCase item, FailoverFacts facts)
    {
        var gates = FailoverGates.Check(item, facts);
        var node = facts.Nodes.GetValueOrDefault(item.From);
        return new()
        {
            Cluster = facts.Cluster,
            Kind = item.App.Kind,
            Namespace = item.App.Namespace,
            Name = item.App.Name,
            From = item.From,
            To = item.To,
            Planned = facts.Planned,
            AtTarget = item.AtTarget,
            Ready = gates.All(gate => gate.Passed),
            Gates = gates,
            Claims = [.. item.Claims.Select(claim => claim.ToString())],
            DataAge = DataLoss.CompleteAt(item) is { } complete ? facts.Now - complete : null,
            DataLossWindow = item.AtTarget ? null : facts.Planned ? (gates.All(gate => gate.Passed || gate.Name != DataCompleteGate.GateName) ? TimeSpan.Zero : null) : DataLoss.Window(item, node),
        };
    }
}
