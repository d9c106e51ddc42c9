using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Workloads;

/// <summary>Waits until a workload runs as its present generation wants it.</summary>
internal static class RolloutWaiter
{
    // As many as say what happened, and few enough for an error.
    private const int LastLines = 5;

    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the rollout is complete, or cannot become so without help.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="tell">Is told each new state.</param>
    /// <param name="limit">Ends the waiting.</param>
    /// <returns>The last step; null when the workload was deleted.</returns>
    public static async Task<RolloutStep?> WaitAsync(ClusterClient client, Workload workload, Action<RolloutStep> tell, CancellationToken limit)
    {
        await foreach (var step in new RolloutWatch(client, workload).ReadAsync(limit))
        {
            if (step is null)
            {
                return null;
            }

            tell(step);
            if (step.State.Complete || step.Trouble is not null)
            {
                return step.Trouble is { } trouble ? step with { Trouble = await WithLinesAsync(client, workload.Reference.Namespace, trouble, limit) } : step;
            }
        }

        return null;
    }

    // A container that crashes says why in its own words, if anywhere.
    private static async Task<RolloutTrouble> WithLinesAsync(ClusterClient client, string @namespace, RolloutTrouble trouble, CancellationToken cancellationToken)
    {
        if (trouble is not { Reason: "CrashLoopBackOff", Pod: (var pod, { } container) })
        {
            return trouble;
        }

        var url = $"{ResourceType.Pod.Path(@namespace, pod)}/log?container={Uri.EscapeDataString(container)}&tailLines={LastLines}";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LogPatience);
        try
        {
            var (body, _) = await client.OpenLogAsync(url, @namespace, pod, follow: false, patience.Token);
            if (body is null)
            {
                return trouble;
            }

            using var reader = new StreamReader(body);
            var lines = (await reader.ReadToEndAsync(patience.Token)).Trim();
            return lines.Length == 0 ? trouble : trouble with { Message = Errors.Text("Detail_RolloutLastLines", trouble.Message, lines) };
        }
        catch (Exception error) when (error is HomelabException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // The reason alone is worth telling.
            return trouble;
        }
    }
}
