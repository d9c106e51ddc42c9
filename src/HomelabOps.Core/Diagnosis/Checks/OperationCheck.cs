using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Operations that were left half way: an application that one of them has stopped looks like one that its owner has stopped.</summary>
internal sealed class OperationCheck : IHomelabCheck
{
    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot) =>
        snapshot.Operations.SelectMany(operation => operation.Apps.Select(app => Of(snapshot, operation, app)));

    private static Symptom Of(HomelabSnapshot snapshot, OpenOperation operation, ResourceReference app)
    {
        var isStopped = snapshot.Workloads?.FirstOrDefault(workload => workload.Reference == app) is { Desired: 0 };
        var severity = isStopped ? FindingSeverity.Error : FindingSeverity.Warning;
        var symptom = operation.Status == OperationStatus.AwaitingPush
            ? Symptom.Of(HomelabArea.Pod, severity, "OperationAwaitsPush", app, operation.Id)
            : Symptom.Of(HomelabArea.Pod, severity, "OperationOpen", app, operation.Id, operation.Kind, operation.Status, operation.Step);
        return symptom with { Part = operation.Id, Apps = [(app.Namespace, app.Name)] };
    }
}
