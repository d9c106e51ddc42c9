using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Workloads;

/// <summary>
/// Follows a workload, its pods and what stands between them, and tells after each change how far the present generation
/// is. Only pods of the newest template can make it fail: those of an older one are about to go.
/// </summary>
internal sealed class RolloutWatch
{
    // Some trouble counts only when it lasts, and no event tells that it did.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, PodWire> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RevisionWire> _revisions = new(StringComparer.Ordinal);
    private readonly ClusterClient _client;
    private readonly Workload _first;
    private readonly HangingPods _hanging;
    private Workload? _workload;
    private bool _knowsRevisions = true;

    /// <param name="client">The cluster.</param>
    /// <param name="first">The workload as it was when the watch begins.</param>
    /// <param name="lasting">How long what keeps a pod from starting has to be said to count; a minute when not given.</param>
    public RolloutWatch(ClusterClient client, Workload first, TimeSpan? lasting = null)
    {
        (_client, _first, _hanging) = (client, first, new(client, lasting));
        _workload = first;
    }

    /// <summary>The states from now on, until cancelled; null when the workload was deleted.</summary>
    public async IAsyncEnumerable<RolloutStep?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var beside = new ListQuery { Namespace = _first.Reference.Namespace, LabelSelector = _first.Selector };
        var own = new ListQuery { Namespace = _first.Reference.Namespace, FieldSelector = $"metadata.name={_first.Reference.Name}" };
        var revisions = _first.Type.Kind switch
        {
            WorkloadTypes.Deployment => WorkloadTypes.ReplicaSet,
            WorkloadTypes.DaemonSet => WorkloadTypes.ControllerRevision,
            _ => null,
        };
        var (streams, unread) = (new List<IAsyncEnumerable<bool>> { TicksAsync(cancellationToken), _hanging.LookAsync(Present, cancellationToken) }, 0);
        Add(_client.WatchAsync(_first.Type, own, ObjectNodeContext.Default.ObjectNode, cancellationToken), Take);
        if (_first.Selector is not null)
        {
            Add(_client.WatchAsync(ResourceType.Pod, beside, WireContext.Default.PodWire, cancellationToken), change => Take(_pods, change));
        }

        if (revisions is not null)
        {
            Add(TolerantAsync(_client.WatchAsync(revisions, beside, WorkloadWireContext.Default.RevisionWire, cancellationToken), cancellationToken), change => Take(_revisions, change));
        }

        RolloutStep? told = null;
        await foreach (var isSynchronized in Merge.All(streams, cancellationToken))
        {
            unread -= isSynchronized ? 1 : 0;
            if (_workload is null)
            {
                yield return null;
                yield break;
            }

            // Before all lists are read nothing can be concluded from what is missing.
            if (unread == 0 && Step() is var step && step != told)
            {
                yield return told = step;
            }
        }

        void Add<T>(IAsyncEnumerable<WatchEvent<T>> watch, Action<WatchEvent<T>> take)
            where T : ObjectWire
        {
            unread++;
            streams.Add(ChangesAsync(watch, take, cancellationToken));
        }
    }

    // The state is changed by whoever pulls, one change at a time.
    private async IAsyncEnumerable<bool> ChangesAsync<T>(IAsyncEnumerable<WatchEvent<T>> watch, Action<WatchEvent<T>> take, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : ObjectWire
    {
        await foreach (var change in watch.WithCancellation(cancellationToken))
        {
            lock (_pods)
            {
                take(change);
            }

            yield return change.Kind == WatchEventKind.Synchronized;
        }
    }

    private async IAsyncEnumerable<WatchEvent<RevisionWire>> TolerantAsync(IAsyncEnumerable<WatchEvent<RevisionWire>> watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var changes = watch.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await changes.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
            {
                // Then every pod that is not about to go counts.
                _knowsRevisions = false;
            }

            yield return _knowsRevisions ? changes.Current : new(WatchEventKind.Synchronized, null);
            if (!_knowsRevisions)
            {
                yield break;
            }
        }
    }

    private static async IAsyncEnumerable<bool> TicksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            yield return false;
        }
    }

    private void Take(WatchEvent<ObjectNode> change)
    {
        if (change.Object is not { } item)
        {
            return;
        }

        (item.Json["apiVersion"], item.Json["kind"]) = (_first.Type.ApiVersion, _first.Type.Kind);
        _workload = change.Kind == WatchEventKind.Deleted ? null : _first with { Json = item.Json, Wire = item.Json.Deserialize(WorkloadWireContext.Default.WorkloadWire)! };
    }

    private static void Take<T>(Dictionary<string, T> known, WatchEvent<T> change)
        where T : ObjectWire
    {
        if (change.Object is { } item)
        {
            known[item.Metadata.Name] = item;
            if (change.Kind == WatchEventKind.Deleted)
            {
                known.Remove(item.Metadata.Name);
            }
        }
    }

    private IReadOnlyCollection<PodWire> Present()
    {
        lock (_pods)
        {
            return _workload is null ? [] : Newest();
        }
    }

    private RolloutStep Step()
    {
        lock (_pods)
        {
            var state = RolloutState.Of(_workload!);
            if (state.Complete || state.Reason == "Unobserved")
            {
                return new(state, null, _workload!.Wire.Metadata.Generation);
            }

            var pods = Newest();
            var told = Told(state, pods);
            return new(told, Trouble(told, pods), _workload!.Wire.Metadata.Generation);
        }
    }

    private List<PodWire> Newest()
    {
        var newest = NewestPods.Of(_workload!, _knowsRevisions ? _revisions.Values : null);
        return [.. _pods.Values.Where(pod => pod.Metadata.DeletionTimestamp is null && newest.Contains(pod)).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)];
    }

    // What may still pass is worth telling when the time is over.
    private RolloutState Told(RolloutState state, List<PodWire> pods) => pods.Select(_hanging.Of).FirstOrDefault(found => found is not null) is { Trouble: { Pod: (var pod, _) } trouble }
        ? state with { Message = Errors.Text("Detail_RolloutHangs", state.Message, pod, trouble.Reason, trouble.Message) }
        : state;

    // The pods say more than the controller, which only counts them, and some of it only by events.
    private RolloutTrouble? Trouble(RolloutState state, List<PodWire> pods)
    {
        if (_workload!.Wire.Status?.Conditions?.Find(condition => condition is { Type: "ReplicaFailure", Status: "True" }) is { } refused)
        {
            return new(null, refused.Reason ?? "FailedCreate", refused.Message ?? "");
        }

        return pods.Select(pod => PodTrouble.Of(pod) ?? (_hanging.Of(pod) is { Stays: true } hang ? hang.Trouble : null)).FirstOrDefault(found => found is not null)
            ?? (state.Failed ? new(null, state.Reason, state.Message) : null);
    }
}
