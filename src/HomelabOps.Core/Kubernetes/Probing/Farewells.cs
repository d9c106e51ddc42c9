using System.Collections.Concurrent;

namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>
/// Deletions that are under way. Ctrl+C does not wait for them, and a process that ends does for a moment, so that a script
/// that is stopped leaves nothing behind.
/// </summary>
internal static class Farewells
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly ConcurrentDictionary<Task, bool> Pending = new();

    static Farewells() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.WaitAll([.. Pending.Keys], Patience);

    /// <summary>Remembers a task, which does not fail, until it has ended.</summary>
    public static Task Add(Task task)
    {
        Pending[task] = true;
        _ = task.ContinueWith(ended => Pending.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
