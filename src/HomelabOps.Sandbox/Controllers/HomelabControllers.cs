using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;
using HomelabOps.Sandbox.Controllers.Volumes;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Controllers.Workloads;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Controllers;

/// <summary>All that acts in the embedded homelab.</summary>
internal static class HomelabControllers
{
    // Two keys take longer to draw than all else that MetalLB does; a real controller too looks at them when it has come up.
    private static readonly TimeSpan CertificateDelay = TimeSpan.FromSeconds(15);

    /// <summary>Adds the control plane, the nodes, Flux, VolSync and MetalLB to a host.</summary>
    /// <returns>The switches of the nodes.</returns>
    public static NodeWorld AddTo(ControllerHost host, NodeRuntime runtime, HomelabPlan plan, ReplicationWorld replication, FluxOptions flux)
    {
        WorkloadControllers.AddTo(host);
        VolumeControllers.AddTo(host);
        SchedulingControllers.AddTo(host);
        var world = NodeControllers.AddTo(host, runtime, HomelabNodes.Of(plan).Select(Simulated));
        var tenures = flux.Log.Journals.Keys.ToDictionary(name => name, name => Tenure.OfDeployment(host, world, "flux-system", name), StringComparer.Ordinal);
        FluxControllers.AddTo(host, flux with { TenureOf = tenures.GetValueOrDefault });
        foreach (var (controller, journal) in flux.Log.Journals)
        {
            runtime.Applications.Add(controller, new(controller) { Start = FluxLog.Start(controller), Journal = journal });
        }

        var (server, movers) = VolSyncControllers.AddTo(host, replication, new VolSyncOptions { FirstAddress = plan.Addresses.Find, Tenure = Tenure.OfDeployment(host, world, "volsync-system", "volsync") });
        runtime.Servers.Add(server);
        runtime.Behaviors.Add(movers);
        var metalLB = new MetalLBOptions { CertificateDelay = CertificateDelay };
        runtime.Behaviors.Add(MetalLBControllers.AddTo(host, metalLB with { Tenure = new(host, world, metalLB.Namespace, MetalLBSettings.IsController) }));
        replication.Syncthing.IsNodeUp = name => world.Find(name)?.IsPowered != false && world.Find(name)?.IsConnected != false;
        replication.Syncthing.AreLinked = world.AreLinked;
        replication.Volumes = new NodeVolumes(world);
        world.OnChange(_ => replication.Syncthing.NodesChanged());
        return world;
    }

    // A node of the plan as the kubelets play it.
    private static SimulatedNode Simulated(PlannedNode node) => new()
    {
        Name = node.Name,
        Labels = node.Labels,
        Annotations = node.Annotations,
        Address = node.Address,
        PodCidr = node.PodCidr,
        Cpu = node.Cpu,
        Memory = node.Memory,
        Pods = node.Pods,
        KubeletVersion = node.KubeletVersion,
        OperatingSystemImage = node.OperatingSystemImage,
        KernelVersion = node.KernelVersion,
        ContainerRuntime = node.ContainerRuntime,
        Mounts = [.. node.Mounts.Select(mount => new NodeMount(mount.Path, mount.Source, mount.Version))],
    };
}
