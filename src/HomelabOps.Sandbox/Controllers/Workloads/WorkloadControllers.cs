using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>What makes pods of workloads, and leads to them.</summary>
internal static class WorkloadControllers
{
    /// <summary>Adds them to a host.</summary>
    public static void AddTo(ControllerHost host)
    {
        host.Add(new DeploymentController(host));
        host.Add(new ReplicaSetController(host, Types.ReplicaSet));
        host.Add(new ReplicaSetController(host, Types.ReplicationController));
        host.Add(new StatefulSetController(host));
        host.Add(new DaemonSetController(host));
        host.Add(new JobController(host));
        host.Add(new CronJobController(host));
        host.Add(new EndpointsController(host));
        host.Add(new BudgetController(host));
    }
}
