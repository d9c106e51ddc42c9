using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Workloads;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>The simulated VolSync.</summary>
internal static class VolSyncControllers
{
    /// <summary>Adds its controllers to a host that has not started.</summary>
    /// <returns>What the kubelet needs for the movers: what they serve, and how they run.</returns>
    public static (SyncthingServer Server, MoverBehavior Behavior) AddTo(ControllerHost host, ReplicationWorld world, VolSyncOptions? options = null)
    {
        var cluster = new VolSyncInformers(host);
        foreach (var type in (ReadOnlySpan<Core.Kubernetes.ResourceType>)[Types.ReplicationSource, Types.ReplicationDestination])
        {
            host.Add(new ReplicationController(host, type, cluster, world, options ?? new()));
        }

        world.Rsync.Reaches = (_, listener) => cluster.Pods.Find(ObjectName.Of(listener)) is { } pod && Ownership.Uid(pod) == Ownership.Uid(listener) && PodState.IsActive(pod);
        return (new(cluster.Secrets, world), new(world));
    }
}
