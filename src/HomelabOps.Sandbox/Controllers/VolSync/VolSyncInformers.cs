using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>What the movers read of the cluster.</summary>
internal sealed class VolSyncInformers(ControllerHost host)
{
    public Informer Claims { get; } = host.Informer(Types.PersistentVolumeClaim);

    public Informer Volumes { get; } = host.Informer(Types.PersistentVolume);

    public Informer Secrets { get; } = host.Informer(Types.Secret);

    public Informer Services { get; } = host.Informer(Types.Service);

    public Informer Accounts { get; } = host.Informer(Types.ServiceAccount);

    public Informer Deployments { get; } = host.Informer(Types.Deployment);

    public Informer Jobs { get; } = host.Informer(ResourceType.Job);

    public Informer Pods { get; } = host.Informer(ResourceType.Pod);

    public Informer Nodes { get; } = host.Informer(ResourceType.Node);

    public Informer Namespaces { get; } = host.Informer(ResourceType.Namespace);

    /// <summary>Pods by the volumes that they use.</summary>
    public ClaimUsers Users { get; } = new(host.Informer(ResourceType.Pod));

    public IEnumerable<Informer> Owned => [Claims, Secrets, Services, Accounts, Deployments, Jobs];
}
