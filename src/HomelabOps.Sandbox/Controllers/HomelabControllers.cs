using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Ingresses;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;
using HomelabOps.Sandbox.Controllers.Volumes;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Controllers.Workloads;
using HomelabOps.Sandbox.Homelab;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers;

/// <summary>All that acts in the embedded homelab.</summary>
internal static class HomelabControllers
{
    /// <summary>Adds the control plane, the nodes, Flux, VolSync and MetalLB to a host.</summary>
    /// <returns>The switches of the nodes.</returns>
    public static NodeWorld AddTo(ControllerHost host, NodeRuntime runtime, IEnumerable<SimulatedNode> nodes, HomelabPlaces places, ReplicationWorld replication, FluxOptions flux)
    {
        WorkloadControllers.AddTo(host);
        VolumeControllers.AddTo(host);
        SchedulingControllers.AddTo(host);
        host.Add(new IngressStatusController(host));
        var world = NodeControllers.AddTo(host, runtime, nodes);
        Tenure? TenureOf(string name) => places.DeploymentOf(name) is { } place ? Tenure.OfDeployment(host, world, place.Namespace, place.Name) : null;
        var tenures = flux.Log.Journals.Keys.ToDictionary(name => name, TenureOf, StringComparer.Ordinal);
        FluxControllers.AddTo(host, flux with { TenureOf = tenures.GetValueOrDefault, RemoteOf = places.RemoteOf });
        foreach (var (controller, journal) in flux.Log.Journals)
        {
            runtime.Applications.Add(controller, new(controller) { Start = FluxLog.Start(controller), Journal = journal });
        }

        var (server, movers) = VolSyncControllers.AddTo(host, replication, new VolSyncOptions { FirstAddress = places.FirstAddress, IsAwaited = places.IsAwaited, Tenure = TenureOf(HomelabPlaces.VolSync) });
        runtime.Servers.Add(server);
        runtime.Behaviors.Add(movers);
        var metalLB = new MetalLBOptions { Namespace = places.MetalLB, IsExpected = places.IsBuilt };
        runtime.Behaviors.Add(MetalLBControllers.AddTo(host, metalLB with { Tenure = new(host, world, metalLB.Namespace, MetalLBSettings.IsController) }));
        replication.Syncthing.IsNodeUp = name => world.Find(name)?.IsPowered != false && world.Find(name)?.IsConnected != false;
        replication.Syncthing.AreLinked = world.AreLinked;
        var isListening = replication.Rsync.Reaches;
        replication.Rsync.Reaches = (source, listener) => isListening(source, listener) && world.AreLinked(Text(source, "spec.nodeName"), Text(listener, "spec.nodeName"));
        replication.Volumes = new NodeVolumes(world);
        world.OnChange(_ => replication.Syncthing.NodesChanged());
        return world;
    }
}
