using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>One pod that looks at one node. What becomes of it the run's watch tells.</summary>
internal sealed class ProbePod(ClusterClient client, NodeWire node, string name, string image, ProbeOptions options)
{
    private const int ReadAttempts = 5;
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(200);
    private static readonly string[] LostImage = ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "RegistryUnavailable", "ImageInspectError"];
    private static readonly string[] LostContainer = ["CreateContainerError", "CreateContainerConfigError", "RunContainerError"];
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PodWire? _pod;
    private Exception? _end;

    /// <summary>Name of the node.</summary>
    public string Node => node.Metadata.Name;

    /// <summary>Name of the pod.</summary>
    public string Name => name;

    /// <summary>The image that it runs.</summary>
    public string Image => image;

    /// <summary>For commands, once it runs.</summary>
    public PodTarget Target => new(new(client.Name, "Pod", options.Namespace, name), ProbePodSpec.Container);

    /// <summary>The node as a reference.</summary>
    public ResourceReference Reference => new(client.Name, "Node", "", Node);

    /// <summary>Waits until commands can be run.</summary>
    /// <param name="limit">How long the kubelet may take.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ProbeFailure">It does not run.</exception>
    public async Task RunningAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        try
        {
            await UntilAsync(pod => State(pod)?.Terminated is { } ended ? throw new ProbeFailure(Errors.Text("Detail_ProbeEnded", ended.ExitCode, ended.Message ?? ended.Reason)) : State(pod)?.Running is not null, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProbeFailure(Progress(limit), ProbeFailureKind.Slow);
        }
    }

    /// <summary>Waits until its script has ended, with whatever code.</summary>
    /// <exception cref="ProbeFailure">It never ran.</exception>
    public Task FinishedAsync(CancellationToken cancellationToken) => UntilAsync(pod => State(pod)?.Terminated is not null, cancellationToken);

    /// <summary>The lines that its script has written.</summary>
    /// <param name="end">The line that a whole report ends with.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="ProbeFailure">There is no log, or the report is not whole.</exception>
    public async Task<IReadOnlyList<LogEntry>> ReadReportAsync(string end, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var lines = new List<LogEntry>();
            await foreach (var line in ReadLogAsync(cancellationToken))
            {
                lines.Add(line);
            }

            if (lines.Exists(line => line.Text == end))
            {
                return lines;
            }

            if (attempt == ReadAttempts)
            {
                throw new ProbeFailure(Errors.Text("Detail_ProbeIncomplete"));
            }

            // A runtime may tell of the end before it has written the last lines.
            await Task.Delay(ReadPause, cancellationToken);
        }
    }

    private async IAsyncEnumerable<LogEntry> ReadLogAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (body, reason) = await client.OpenLogAsync(
            $"{ResourceType.Pod.Path(options.Namespace, name)}/log?container={ProbePodSpec.Container}&timestamps=true", options.Namespace, name, follow: false, cancellationToken);
        await using var opened = body ?? throw new ProbeFailure(reason);
        using var lines = new BodyLines(opened, 64 * 1024);
        while (await lines.MoveNextAsync(cancellationToken))
        {
            yield return LogEntry.Parse(lines.Current.Span);
        }
    }

    /// <summary>Takes what the watch tells; null when the pod is gone.</summary>
    internal void Update(PodWire? pod)
    {
        lock (_gate)
        {
            (_pod, _end) = (pod, pod is null ? new ProbeFailure(Errors.Text("Detail_ProbeDeleted", name)) : null);
            Signal();
        }
    }

    /// <summary>Nothing more will be told of it.</summary>
    internal void Abandon(Exception error)
    {
        lock (_gate)
        {
            _end ??= error;
            Signal();
        }
    }

    /// <summary>How far it has come, for who has waited in vain.</summary>
    internal string Progress(TimeSpan waited)
    {
        lock (_gate)
        {
            var seconds = waited.TotalSeconds;
            return _pod is { } pod && State(pod) is { Running: not null } or { Terminated: not null }
                ? Errors.Text("Detail_ProbeSlow", seconds)
                : Errors.Text("Detail_ProbeNotStarted", seconds, _pod is { } waiting && State(waiting)?.Waiting is { Reason: { } reason } why ? $"{reason} {why.Message}".TrimEnd() : "Pending");
        }
    }

    private async Task UntilAsync(Func<PodWire, bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_pod is { } pod)
                {
                    Check(pod);
                    if (holds(pod))
                    {
                        return;
                    }
                }

                if (_end is { } end)
                {
                    throw end;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Signal()
    {
        var told = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        told.TrySetResult();
    }

    private void Check(PodWire pod)
    {
        var state = State(pod);
        if (state?.Waiting is { Reason: { } reason } waiting)
        {
            if (LostImage.Contains(reason))
            {
                throw new ProbeFailure(Errors.Text("Detail_ProbeImage", image, $"{reason}: {waiting.Message}"), ProbeFailureKind.Image);
            }

            if (LostContainer.Contains(reason))
            {
                throw new ProbeFailure($"{reason}: {waiting.Message}", ProbeFailureKind.Container);
            }
        }

        // The runtime found no shell in the image.
        if (state?.Terminated is { Reason: "StartError" or "ContainerCannotRun" } failed)
        {
            throw new ProbeFailure(Errors.Text("Detail_ProbeShell", image, failed.Message), ProbeFailureKind.Container);
        }

        if (pod.Status is { Phase: "Failed", Reason: { Length: > 0 } why } status && state?.Terminated is null)
        {
            throw new ProbeFailure($"{why}: {status.Message}");
        }
    }

    private static ContainerStateWire? State(PodWire pod) => pod.Status?.ContainerStatuses is [var only, ..] ? only.State : null;
}
