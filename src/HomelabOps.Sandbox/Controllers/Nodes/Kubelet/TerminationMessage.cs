using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Serving;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What a container leaves behind about its end: what it has written to the file for that, or the end of its log where it wants that.</summary>
internal static class TerminationMessage
{
    /// <summary>Where the file is unless the container says otherwise.</summary>
    public const string File = "/dev/termination-log";

    private const int LongestMessage = 4096;
    private const int LongestLog = 2048;
    private const int MostLines = 80;

    /// <summary>The message; null for none.</summary>
    public static string? Of(ContainerRun container, Termination end)
    {
        var written = container.Files?.Find(Cells.Text(container.Spec, "terminationMessagePath", File))?.Content ?? "";
        if (written.Length > 0)
        {
            return written.Length > LongestMessage ? written[^LongestMessage..] : written;
        }

        return end.ExitCode != 0 && Cells.Text(container.Spec, "terminationMessagePolicy") == "FallbackToLogsOnError" && container.Plan is { } plan ? LogOf(plan, end) : null;
    }

    private static string? LogOf(ProcessPlan plan, Termination end)
    {
        var log = new ContainerLog(plan, end.StartedAt, end);
        var count = log.Count(end.FinishedAt);
        var text = "";
        for (var number = Math.Max(log.First, count - MostLines); number < count; number++)
        {
            text += log.Line(number).Text + "\n";
        }

        return text.Length == 0 ? null : text.Length > LongestLog ? text[^LongestLog..] : text;
    }
}
