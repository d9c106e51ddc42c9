using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Forwarding;

namespace HomelabOps;

/// <summary>The port-forwards of this process. They end with it, and with the connection that they lead through.</summary>
internal static class Forwards
{
    private static readonly Lock Gate = new();
    private static readonly List<PortForwarder> All = [];

    /// <summary>How they stand, by local port.</summary>
    public static IReadOnlyList<HomelabPortForward> Records
    {
        get
        {
            lock (Gate)
            {
                return [.. All.OrderBy(forward => forward.LocalPort).Select(forward => forward.Record)];
            }
        }
    }

    /// <summary>Keeps one that has begun.</summary>
    public static void Add(PortForwarder forward)
    {
        lock (Gate)
        {
            All.Add(forward);
        }
    }

    /// <summary>Ends the one of a local port, and gives how it stands then; null when there is none.</summary>
    public static HomelabPortForward? Stop(int localPort) => Stop(forward => forward.LocalPort == localPort) is [var stopped, ..] ? stopped : null;

    /// <summary>Ends all that lead through a connection.</summary>
    public static void StopAll(ClusterClient client) => Stop(forward => ReferenceEquals(forward.Client, client));

    private static List<HomelabPortForward> Stop(Predicate<PortForwarder> which)
    {
        lock (Gate)
        {
            var ended = All.FindAll(which);
            All.RemoveAll(ended.Contains);
            return ended.ConvertAll(forward =>
            {
                forward.Dispose();
                return forward.Record;
            });
        }
    }
}
