using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults;

/// <summary>What faults work upon: the worlds around the cluster, the cluster, and the Git repository.</summary>
internal sealed class FaultScene(EmbeddedHomelab homelab, HomelabPlan plan)
{
    public HomelabPlan Plan => plan;

    public NodeWorld Nodes => homelab.Nodes;

    public FluxWorld Flux => homelab.Flux;

    public ReplicationWorld Replication => homelab.Replication;

    public FaultSet Wire => homelab.WireFaults;

    public ClusterClient Client => homelab.Client;

    public ControllerHost Host => homelab.Host;

    public TimeProvider Clock => homelab.Clock;

    public HomelabRepository Repository => homelab.Repository;

    public PlannedApp App(string name) => plan.Apps.First(app => app.Name == name);
}
