using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>An application is at the target already, and the target is not ready: to move it there again would leave it where it does not run.</summary>
internal static class StrandedGate
{
    /// <summary>Says which way leads off there.</summary>
    public static FailoverGate Check(FailoverCase item, HomelabConfig config) =>
        new(TargetNodeGate.GateName, false, Errors.Text("Detail_GateTargetStranded", item.To, item.App.Name, item.To == config.PrimaryNode ? config.BackupNode : config.PrimaryNode)) { CanBeOverridden = false };
}
