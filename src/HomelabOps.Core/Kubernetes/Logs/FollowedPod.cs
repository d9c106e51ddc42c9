using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>A pod whose containers are followed. The watch writes it, the followers of its containers read it.</summary>
internal sealed class FollowedPod : IDisposable
{
    // How long the log of a deleted pod may take to end: on a node that is lost it never does.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _gone;
    private volatile PodWire _latest;
    private volatile bool _deleted;
    private volatile TaskCompletionSource _changed = New();

    public FollowedPod(PodWire pod, CancellationToken cancellationToken)
    {
        _latest = pod;
        _gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Gone = _gone.Token;
    }

    /// <summary>Cancelled some time after the pod was deleted.</summary>
    public CancellationToken Gone { get; }

    public PodWire Latest => _latest;

    /// <summary>A follower for each container that has started.</summary>
    public Dictionary<string, Task> Followers { get; } = new(StringComparer.Ordinal);

    /// <summary>Nothing in the pod runs, and nothing will.</summary>
    public bool IsOver => _deleted || _latest.Status?.Phase is "Succeeded" or "Failed";

    /// <summary>Over, and all of it has been read.</summary>
    public bool IsRead => IsOver && Followers.Values.All(follower => follower.IsCompleted);

    /// <summary>Deleted, with a controller that may make another one.</summary>
    public bool MayBeReplaced => _deleted && _latest.Metadata.OwnerReferences?.Exists(owner => owner.Controller == true) == true;

    /// <summary>Completes with the next change.</summary>
    public Task Changed => _changed.Task;

    public void Update(PodWire pod, bool deleted)
    {
        _latest = pod;
        if (deleted && !_deleted)
        {
            _deleted = true;
            _gone.CancelAfter(LastWords);
        }

        Interlocked.Exchange(ref _changed, New()).TrySetResult();
    }

    public void Dispose() => _gone.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
