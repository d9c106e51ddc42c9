using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;

namespace HomelabOps.Core.Operations;

/// <summary>What taking an operation back would do, for people.</summary>
internal static class UndoText
{
    /// <summary>Only what there is to take back is named.</summary>
    public static string Of(OperationRecord record)
    {
        var apps = string.Join(", ", record.Apps);
        bool HasBegun(string name) => record.Steps.Exists(step => step.Name == name && step.Status != OperationStepStatus.Pending);
        string?[] parts =
        [
            record.OwnCommit is { } commit ? Errors.Text(record.Local ? "Detail_UndoForgotten" : "Detail_UndoCommit", Display.Commit(commit)) : null,
            record.ReplicationCommit is { } peers ? Errors.Text("Detail_UndoCommit", Display.Commit(peers)) : null,
            HasBegun(SilenceStep.StepName) || HasBegun(ReviveStep.StepName) ? Errors.Text("Detail_UndoReplications", apps) : null,
            HasBegun(StopStep.StepName) ? Errors.Text("Detail_UndoStarted", apps, record.From) : null,
            HasBegun(SetAsideStep.StepName) && record.Apps.Exists(app => app.Replaced.Count > 0) ? Errors.Text("Detail_UndoAside", apps, record.To) : null,
            record.Suspended.Count > 0 ? Errors.Text("Detail_UndoResumed", string.Join(", ", record.Suspended)) : null,
            HasBegun(GiveUpStep.StepName) ? Errors.Text("Detail_UndoNode", record.From) : null,
            record.Cordon is not null ? Errors.Text("Detail_UndoCordon", record.To) : null,
        ];
        var told = parts.Where(part => part is not null).ToList();
        return Errors.Text("OperationUndo", record.Id, told.Count == 0 ? Errors.Text("Detail_UndoNothing") : string.Join("; ", told));
    }
}
