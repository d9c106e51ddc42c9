using System.Globalization;
using System.Text;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>Writes logs as a kubelet does: a part of what there is, and what comes while somebody listens.</summary>
internal static class LogWriter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task WriteAsync(PodRun run, ContainerRun container, LogRequest request, Stream output, TimeProvider clock, CancellationToken cancellationToken)
    {
        await container.CatchUpAsync(clock.GetUtcNow());
        var log = Find(run, container, request.Previous);
        var now = clock.GetUtcNow();
        var count = log.Count(now);
        var next = Math.Max(log.First, request.TailLines is { } tail ? count - tail : 0);
        while (request.Since is { } since && next < count && log.Line(next).Time < since)
        {
            next++;
        }

        var left = request.LimitBytes ?? long.MaxValue;
        while (true)
        {
            for (next = Math.Max(next, log.First); next < count && left > 0; next++)
            {
                left -= await WriteAsync(log.Line(next), request.Timestamps, output, left, cancellationToken);
            }

            await output.FlushAsync(cancellationToken);
            if (!request.Follow || request.Previous || left <= 0 || container.Phase != ContainerPhase.Running || !run.Node.IsReporting)
            {
                return;
            }

            await Task.Delay(Pause, clock, cancellationToken);

            // What it said last is seen by those who listen when it ends.
            await container.CatchUpAsync(clock.GetUtcNow());
            log = container.Plan is null ? log : Present(container);
            count = log.Count(clock.GetUtcNow());
        }
    }

    private static ContainerLog Find(PodRun run, ContainerRun container, bool previous)
    {
        if (previous)
        {
            return container switch
            {
                { Phase: ContainerPhase.Waiting, Ended: { } ended, Plan: { } plan } => new(plan, ended.StartedAt, ended),
                { Previous: { } before, PreviousPlan: { } plan } => new(plan, before.StartedAt, before),
                _ => throw ApiErrors.BadRequest($"previous terminated container \"{container.Name}\" in pod \"{run.Name}\" not found"),
            };
        }

        if (container.Plan is not null)
        {
            return Present(container);
        }

        throw ApiErrors.BadRequest($"container \"{container.Name}\" in pod \"{run.Name}\" is waiting to start: {(container.Reason is "ErrImagePull" or "ImagePullBackOff" ? "trying and failing to pull image" : container.Reason)}");
    }

    private static ContainerLog Present(ContainerRun container) => new(container.Plan!, container.Ended?.StartedAt ?? container.StartedAt, container.Ended);

    private static async Task<long> WriteAsync((DateTimeOffset Time, string Text) line, bool timestamps, Stream output, long left, CancellationToken cancellationToken)
    {
        var time = timestamps ? line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", CultureInfo.InvariantCulture) : "";
        var bytes = Encoding.UTF8.GetBytes(time + line.Text + "\n");
        var length = (int)Math.Min(bytes.Length, left);
        await output.WriteAsync(bytes.AsMemory(0, length), cancellationToken);
        return length;
    }
}
