using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>The last thousand events of a device. Used under the lock of its network.</summary>
internal sealed class SyncEvents
{
    private const int Kept = 1000;

    private readonly Queue<SyncEvent> _events = new();
    private TaskCompletionSource _next = New();
    private int _last;

    /// <summary>Ends with the next event.</summary>
    public Task Next => _next.Task;

    public void Add(DateTimeOffset time, string type, JsonObject data)
    {
        _events.Enqueue(new(++_last, time, type, data));
        if (_events.Count > Kept)
        {
            _events.Dequeue();
        }

        var told = _next;
        _next = New();
        told.SetResult();
    }

    /// <summary>Those after a number, the newest <paramref name="limit"/> of them.</summary>
    public IReadOnlyList<SyncEvent> Since(int id, int limit) => [.. _events.Where(item => item.Id > id).TakeLast(limit > 0 ? limit : Kept)];

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
