using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>The old node is as the kind of failover takes it to be: gone, or alive where the application is to be stopped first.</summary>
internal sealed class SourceNodeGate : IFailoverGate
{
    /// <summary>Its name.</summary>
    public const string GateName = "SourceNode";

    public string Name => GateName;

    // What does not answer sends nothing home, and would be waited for while the old data at home is set aside already.
    public bool CanBeOverridden(FailoverCase item, FailoverFacts facts) => facts.Kind != OperationKind.Failback;

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        // A name that was mistyped is no node that is gone.
        if (!item.App.Nodes.Contains(item.From) && !item.Claims.Any(claim => claim.Volume?.Node == item.From))
        {
            return GateResult.Fail("Detail_GateSourceElsewhere", item.App.Name, item.From);
        }

        if (facts.Nodes.GetValueOrDefault(item.From) is not { } node)
        {
            return facts.Kind == OperationKind.Failback ? Lost(item) : facts.Planned ? GateResult.Fail("Detail_GateSourceAbsent", item.From) : GateResult.Pass("Detail_GateSourceGone", item.From);
        }

        var since = node.Status?.Conditions?.Find(condition => condition.Type == "Ready")?.LastTransitionTime;
        return (NodeTerms.IsReady(node), facts.Planned) switch
        {
            (true, true) => GateResult.Pass("Detail_GateSourceAlive", item.From),
            (false, false) => GateResult.Pass("Detail_GateSourceLost", item.From, Display.Moment(WireMapping.Local(since))),
            (true, false) => GateResult.Fail("Detail_GateSourceStillAlive", item.From),
            (false, true) when facts.Kind == OperationKind.Failback => Lost(item),
            (false, true) => GateResult.Fail("Detail_GateSourceNotAlive", item.From),
        };
    }

    private static GateResult Lost(FailoverCase item) => GateResult.Fail("Detail_GateSourceNoWayHome", item.From, item.App.Name, item.To);
}
