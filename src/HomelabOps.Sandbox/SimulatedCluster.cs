using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox.Controllers;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;

namespace HomelabOps.Sandbox;

/// <summary>An API server in this process, with machines and all that acts in a homelab. What is in the cluster others put there. Disposing of it leaves nothing behind.</summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly RuntimeFolder _folder;

    /// <param name="folder">Where its files are; deleted in the end.</param>
    /// <param name="options">How the API server runs.</param>
    /// <param name="nodes">The machines.</param>
    /// <param name="places">Where the parts of the homelab are.</param>
    public SimulatedCluster(RuntimeFolder folder, SandboxOptions options, IEnumerable<SimulatedNode> nodes, HomelabPlaces places)
    {
        var seed = options.Seed ?? 1;
        _folder = folder;
        Runtime = new NodeRuntime(options.Clock);
        Server = SandboxServer.Start(options with { NodeRuntime = Runtime });
        Client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Server.KubeConfigPath]), null), Server.CreateLocalHandler());
        Host = new ControllerHost(Client, options.Clock, seed);
        Replication = new ReplicationWorld(options.Clock, seed);
        Nodes = HomelabControllers.AddTo(Host, Runtime, nodes, places, Replication, new FluxOptions { CacheFolder = Path.Combine(folder.Path, "artifacts"), World = Flux });
        Server.Services.Options.Webhooks.Add(new MetalLBWebhook(Host, places.MetalLB, node => Nodes.Find(node) is { IsPowered: true, IsConnected: true }));
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public SandboxServer Server { get; }

    public ClusterClient Client { get; }

    public ControllerHost Host { get; }

    public NodeRuntime Runtime { get; }

    public NodeWorld Nodes { get; }

    public FluxWorld Flux { get; } = new();

    public ReplicationWorld Replication { get; }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Replication.Dispose();
        Client.Dispose();
        await Server.DisposeAsync();
        Runtime.Dispose();
        _folder.Dispose();

        // Only now: the process may end in the middle of this.
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    // Whoever ends the process without a word leaves no secret and no repository behind either.
    private void OnExit(object? sender, EventArgs arguments)
    {
        File.Delete(Server.KubeConfigPath);
        _folder.Dispose();
    }
}
