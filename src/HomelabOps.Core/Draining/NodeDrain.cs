using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Draining;

/// <summary>
/// Evicts the pods of a cordoned node, all at the same time, and follows them by a watch until they have gone. Pods that the scheduler puts
/// there before it has heard of the cordon are evicted as well.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="evictor">Evicts.</param>
/// <param name="node">The node.</param>
/// <param name="options">How.</param>
internal sealed class NodeDrain(ClusterClient client, PodEvictor evictor, ResourceReference node, DrainOptions options)
{
    // Whatever happens passes through here, so that it is looked at by one thread.
    private readonly Channel<Step> _steps = Channel.CreateUnbounded<Step>();
    private readonly Dictionary<string, Leaving> _left = new(StringComparer.Ordinal);
    private readonly List<Task> _evictions = [];
    private bool _isWhole;

    /// <summary>What is not over yet, for people: each pod with what it waits for.</summary>
    public string Left => string.Join(", ", _left.Values.Select(leaving => leaving.ToString()));

    /// <summary>Drains, and gives what is to be told on the way; the last may be a failure: NodeDrainFailed, NodeDrainTimeout.</summary>
    /// <param name="cancellationToken">Ends it. What was evicted stays so.</param>
    public async IAsyncEnumerable<Notice> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(options.Timeout);
        var activity = Errors.Text("NodeDraining", node);
        var watching = WatchAsync(stop.Token);
        try
        {
            await foreach (var step in _steps.Reader.ReadAllAsync(CancellationToken.None))
            {
                if (Take(step, stop.Token) is { } detail)
                {
                    yield return new VerboseNotice(detail);
                }

                yield return new ProgressNotice(activity, Left is { Length: > 0 } left ? left : activity, IsDone: false);
                if (IsOver)
                {
                    break;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll([watching, .. _evictions]);
        }

        cancellationToken.ThrowIfCancellationRequested();
        yield return new ProgressNotice(activity, activity, IsDone: true);
        if (Failure() is { } failure)
        {
            yield return new FailureNotice(failure);
        }
    }

    private bool IsOver => _isWhole && _left.Values.All(leaving => leaving.Failure is not null || (options.NoWait && leaving.IsEnding));

    private HomelabException? Failure() => !IsOver
        ? Errors.NodeDrainTimeout(node, options.Timeout, Left)
        : _left.Values.Any(leaving => leaving.Failure is not null) ? Errors.NodeDrainFailed(node, Left) : null;

    private string? Take(Step step, CancellationToken stop)
    {
        if (step.Change is not { } change)
        {
            if (_left.TryGetValue(step.Uid!, out var leaving))
            {
                (leaving.IsEnding, leaving.Failure, leaving.Detail) = (step is { Failure: null, Refusal: null }, step.Failure, step.Failure is { } failure ? PodEvictor.Reason(failure) : step.Refusal);
            }

            return null;
        }

        _isWhole |= change.Kind == WatchEventKind.Synchronized;
        if (change.Object is not { Metadata.Uid: { } uid } pod)
        {
            return null;
        }

        if (change.Kind == WatchEventKind.Deleted)
        {
            return _left.Remove(uid) ? Errors.Text("NodeDrainGone", pod.Metadata.Namespace, pod.Metadata.Name) : null;
        }

        var fate = DrainRules.FateOf(pod);
        if (fate == DrainFate.Ending)
        {
            Of(uid, pod).IsEnding = true;
        }
        else if (fate == DrainFate.Evicted && !_left.ContainsKey(uid) && !(_isWhole && DrainRules.ToleratesCordon(pod)))
        {
            var leaving = Of(uid, pod);
            if (!options.Force && DrainRules.IsBare(pod))
            {
                (leaving.Failure, leaving.Detail) = (Errors.NodeDrainBare(node, leaving.Name), Errors.Text("Detail_PodBare"));
            }
            else
            {
                _evictions.Add(EvictAsync(uid, pod, stop));
            }
        }

        return null;
    }

    private Leaving Of(string uid, PodWire pod)
    {
        if (!_left.TryGetValue(uid, out var leaving))
        {
            _left[uid] = leaving = new($"{pod.Metadata.Namespace}/{pod.Metadata.Name}");
        }

        return leaving;
    }

    private async Task EvictAsync(string uid, PodWire pod, CancellationToken stop)
    {
        try
        {
            await evictor.EvictAsync(pod, options.NoWait ? null : refusal => _steps.Writer.TryWrite(new(null, uid, refusal, null)), stop);
            _steps.Writer.TryWrite(new(null, uid, null, null));
        }
        catch (HomelabException error) when (!stop.IsCancellationRequested)
        {
            _steps.Writer.TryWrite(new(null, uid, null, error));
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            // The time is over, and what it waited for is known.
        }
    }

    // Ends the steps when the time is over, or when nothing can be seen any more.
    private async Task WatchAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var change in client.WatchAsync(ResourceType.Pod, options.PodsOf(node.Name), WireContext.Default.PodWire, stop))
            {
                _steps.Writer.TryWrite(new(change, null, null, null));
            }
        }
        catch (OperationCanceledException)
        {
            _steps.Writer.TryComplete();
        }
        catch (HomelabException error)
        {
            _steps.Writer.TryComplete(error);
        }
    }

    /// <summary>A pod that is to leave the node.</summary>
    private sealed class Leaving(string name)
    {
        public string Name => name;

        /// <summary>It was evicted, or ended by somebody else.</summary>
        public bool IsEnding { get; set; }

        /// <summary>It cannot be evicted at all.</summary>
        public HomelabException? Failure { get; set; }

        /// <summary>Why it cannot be evicted, or not now.</summary>
        public string? Detail { get; set; }

        public override string ToString() => IsEnding ? Errors.Text("Detail_PodEnds", name) : Detail is null ? name : $"{name} ({Detail.TrimEnd('.')})";
    }

    /// <summary>Something that the watch told, or what came of an eviction: refused for now, failed, or granted.</summary>
    private sealed record Step(WatchEvent<PodWire>? Change, string? Uid, string? Refusal, HomelabException? Failure);
}
