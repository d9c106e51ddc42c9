using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>Flux applies the application, nothing on the way is suspended, and its controllers can run without the old node.</summary>
internal sealed class FluxGate : IFailoverGate
{
    public string Name => "Flux";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        if (!facts.Flux.TryGetValue(item.App.Reference, out var flux) || flux.Failure is not null)
        {
            return flux.Failure is { } failure ? new(false, failure.Message) : GateResult.Fail("Detail_GateFluxUnknown", item.App.Reference);
        }

        // What another operation holds until it is pushed is held by this one as well, where this one does not push either.
        if (flux.Chain.FirstOrDefault(resource => resource.Suspended && !facts.Holders.Contains(resource.Suspension?.Operation ?? "", StringComparer.Ordinal)) is { } suspended)
        {
            return suspended.Suspension?.Operation is { } holder ? GateResult.Fail("Detail_GateFluxHeld", suspended.Reference, holder) : GateResult.Fail("Detail_GateFluxSuspended", suspended.Reference);
        }

        var controllers = facts.Pods.Where(pod => pod.Pod.Metadata.Namespace == facts.Config.FluxNamespace && pod.Owner is { Kind: "Deployment" }).ToList();
        var elsewhere = facts.Nodes.Values.Any(node => node.Metadata.Name != item.From && NodeTerms.IsReady(node) && node.Spec?.Unschedulable != true);
        return controllers.Count == 0 ? GateResult.Fail("Detail_GateFluxAbsent", facts.Config.FluxNamespace)
            : !elsewhere ? GateResult.Fail("Detail_GateFluxNowhere")
            : GateResult.Pass("Detail_GateFluxRuns", string.Join(" -> ", flux.Chain.Select(resource => resource.Reference)));
    }
}
