using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>Puts simulated nodes into a cluster: their kubelets, and the controllers that look after nodes.</summary>
internal static class NodeControllers
{
    /// <summary>Adds everything to a host that was not started yet, and gives the runtime its kubelets.</summary>
    /// <returns>The switches of the nodes and of what runs on them.</returns>
    public static NodeWorld AddTo(ControllerHost host, NodeRuntime runtime, IEnumerable<SimulatedNode> nodes)
    {
        var world = new NodeWorld(nodes);
        var cluster = new ClusterView(host);
        var network = new NodeNetwork(world, cluster) { Open = runtime.Open };
        var processes = new ContainerProcesses(runtime.Applications, runtime.Programs, runtime.Behaviors, cluster, network);
        host.Add(new HeartbeatController(host, world, cluster));
        var kubelets = host.Add(new KubeletController(host, world, cluster, processes));
        processes.Neighbours = kubelets.RunningOn;
        processes.Happened = kubelets.LookAt;
        host.Add(new EvictionController(host, world, cluster, kubelets));
        host.Add(new NodeLifecycleController(host));
        runtime.Attach(world, cluster, kubelets, processes);
        return world;
    }
}
