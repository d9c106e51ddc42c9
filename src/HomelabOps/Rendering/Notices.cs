using System.Management.Automation;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Rendering;

/// <summary>Writes what comes beside the records of a stream.</summary>
internal static class Notices
{
    public static void Write(Cmdlet cmdlet, Notice notice)
    {
        switch (notice)
        {
            case WarningNotice warning:
                cmdlet.WriteWarning(warning.Text);
                break;
            case FailureNotice failure:
                cmdlet.WriteError(Errors.Record(failure.Error));
                break;
            case VerboseNotice verbose:
                cmdlet.WriteVerbose(verbose.Text);
                break;
            case ProgressNotice progress:
                // One line on the screen for each activity, whichever thread it is of.
                var id = StringComparer.Ordinal.GetHashCode(progress.Activity) & int.MaxValue;
                cmdlet.WriteProgress(new ProgressRecord(id, progress.Activity, progress.Status) { RecordType = progress.IsDone ? ProgressRecordType.Completed : ProgressRecordType.Processing });
                break;
            default:
                throw new InvalidOperationException($"No rendering for {notice.GetType().Name}.");
        }
    }
}
