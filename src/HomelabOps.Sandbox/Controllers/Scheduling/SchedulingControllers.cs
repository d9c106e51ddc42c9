using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>What gives pods their nodes.</summary>
internal static class SchedulingControllers
{
    /// <summary>Adds it to a host.</summary>
    public static void AddTo(ControllerHost host) => host.Add(new Scheduler(host));
}
