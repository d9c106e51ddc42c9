using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>The servers within pods that other simulated parts have brought. The one that was added last goes first.</summary>
internal sealed class PodServers
{
    private readonly Lock _lock = new();
    private IPodServer[] _servers = [];

    public void Add(IPodServer server)
    {
        lock (_lock)
        {
            _servers = [server, .. _servers];
        }
    }

    public void Remove(IPodServer server)
    {
        lock (_lock)
        {
            _servers = [.. _servers.Where(present => present != server)];
        }
    }

    /// <summary>Who serves a port of a pod, or null.</summary>
    public IPodServer? Find(JsonObject pod, int port) => Array.Find(Volatile.Read(ref _servers), server => server.Serves(pod, port));
}
