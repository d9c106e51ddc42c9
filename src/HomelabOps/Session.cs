using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;

namespace HomelabOps;

/// <summary>
/// What this process is connected to. A connection belongs to the process, so that the blocks of ForEach-Object -Parallel
/// share it; a runspace that connects itself has its own.
/// </summary>
internal static class Session
{
    private static readonly Lock Gate = new();
    private static readonly ConditionalWeakTable<Runspace, Connected> PerRunspace = [];
    private static Connected? _process;

    /// <summary>The default connection of the calling runspace; null when nothing is connected.</summary>
    public static Connected? Default
    {
        get
        {
            lock (Gate)
            {
                return Runspace.DefaultRunspace is { } runspace && PerRunspace.TryGetValue(runspace, out var own) ? own : _process;
            }
        }
    }

    /// <summary>This process has connected somewhere, perhaps in another runspace, and perhaps no longer is.</summary>
    public static bool HasBeenConnected { get; private set; }

    /// <summary>Makes this the default connection of the calling runspace and of the process.</summary>
    public static void Connect(Connected connected)
    {
        IEnumerable<Connected> former;
        lock (Gate)
        {
            HasBeenConnected = true;
            former = [.. Known()];
            _process = connected;
            if (Runspace.DefaultRunspace is { } runspace)
            {
                PerRunspace.AddOrUpdate(runspace, connected);
            }
        }

        EndOrphans(former);
    }

    /// <summary>Forgets the calling runspace's connection, and the process's where it is the same one.</summary>
    /// <returns>What was connected; null when nothing was.</returns>
    public static Connected? Disconnect()
    {
        Connected? connected;
        IEnumerable<Connected> former;
        lock (Gate)
        {
            former = [.. Known()];
            connected = Default;
            if (Runspace.DefaultRunspace is { } runspace)
            {
                PerRunspace.Remove(runspace);
            }

            if (ReferenceEquals(_process, connected))
            {
                _process = null;
            }
        }

        EndOrphans(former);
        return connected;
    }

    private static IEnumerable<Connected> Known() =>
        PerRunspace.Select(entry => entry.Value).Concat(_process is null ? [] : [_process]).Distinct();

    // An embedded homelab ends with the last connection to it; outside of the lock, because it waits for its threads.
    private static void EndOrphans(IEnumerable<Connected> former)
    {
        List<Connected> orphans;
        lock (Gate)
        {
            orphans = [.. former.Except(Known())];
        }

        foreach (var orphan in orphans)
        {
            if (orphan.Homelab is { } homelab)
            {
                homelab.Dispose();
                Clients.Forget(orphan.Client);
            }
        }
    }

    /// <summary>A connection with the client that serves it, and the embedded homelab that it started.</summary>
    internal sealed record Connected(HomelabConnection Connection, ClusterClient Client, KubeConfigLocation Location, IDisposable? Homelab = null);
}
