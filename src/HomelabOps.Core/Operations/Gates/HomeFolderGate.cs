using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>The old data at home can be set aside before the Syncthings talk again: else it could win over the newer one. Nothing overrides this.</summary>
internal sealed class HomeFolderGate : IFailoverGate
{
    public string Name => "HomeFolder";

    public bool CanBeOverridden(FailoverCase item, FailoverFacts facts) => false;

    public GateResult Check(FailoverCase item, FailoverFacts facts) =>
        facts.Kind != OperationKind.Failback ? GateResult.Pass("Detail_GateHomeFolderAway")
        : item.Pairs.FirstOrDefault(pair => pair.Path.Length == 0) is { Home: { } home } ? GateResult.Fail("Detail_GateDataNoFolder", home.SourcePvc)
        : GateResult.Pass("Detail_GateHomeFolder", item.To);
}
