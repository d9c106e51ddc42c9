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

    public static void Connect(Connected connected)
    {
        lock (Gate)
        {
            HasBeenConnected = true;
            _process = connected;
            if (Runspace.DefaultRunspace is { } runspace)
            {
                PerRunspace.AddOrUpdate(runspace, connected);
            }
        }
    }

    /// <summary>Forgets the calling runspace's connection, and the process's where it is the same one.</summary>
    /// <returns>What was connected; null when nothing was.</returns>
    public static Connected? Disconnect()
    {
        lock (Gate)
        {
            var connected = Default;
            if (Runspace.DefaultRunspace is { } runspace)
            {
                PerRunspace.Remove(runspace);
            }

            if (ReferenceEquals(_process, connected))
            {
                _process = null;
            }

            return connected;
        }
    }

    /// <summary>A connection with the client that serves it.</summary>
    internal sealed record Connected(HomelabConnection Connection, ClusterClient Client, KubeConfigLocation Location);
}
