using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;

namespace HomelabOps.Core.Operations;

/// <summary>What an operation that has failed leaves as it is: who reads of the failure has to know whether his applications run.</summary>
internal static class OperationHalfway
{
    /// <summary>Says it for people; empty where nothing was changed, or where the cluster has the commit already.</summary>
    public static string Describe(OperationRecord record, bool isMoved)
    {
        if (isMoved)
        {
            return "";
        }

        var apps = string.Join(", ", record.Apps);
        var (found, steps) = (new List<string>(), record.Steps.Where(step => step.Status != OperationStepStatus.Pending).Select(step => step.Name).ToHashSet(StringComparer.Ordinal));
        if (steps.Contains(StopStep.StepName) || steps.Contains(DeletePodsStep.StepName))
        {
            found.Add(Errors.Text("Detail_HalfwayStopped", apps));
        }

        if (steps.Contains(SilenceStep.StepName))
        {
            found.Add(Errors.Text("Detail_HalfwaySilenced"));
        }

        if (record.Steps.Exists(step => step is { Name: FenceStep.StepName, Status: OperationStepStatus.Failed }))
        {
            found.Add(Errors.Text("Detail_HalfwayFence", record.Id));
        }

        return string.Concat(found.Select(text => text + " "));
    }
}
