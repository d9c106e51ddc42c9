using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;

namespace HomelabOps.Sandbox.Drills;

/// <summary>Lets the time of a homelab pass as fast as those who act in it can follow.</summary>
/// <param name="host">Those who act.</param>
/// <param name="clock">The time.</param>
internal sealed class PassingTime(ControllerHost host, SandboxClock clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(700);
    private long _advanced = TimeProvider.System.GetTimestamp();

    /// <summary>Lets time pass, unless somebody has not come to an end with what has passed.</summary>
    public void Advance(TimeSpan time)
    {
        // Flux waits for the health of what others do, the scheduler for claims, and for that time has to pass. So it has where something never comes to rest.
        if (host.IsIdleBut(controller => controller is KustomizationController or Scheduler) || TimeProvider.System.GetElapsedTime(_advanced) > Longest)
        {
            clock.Advance(time);
            _advanced = TimeProvider.System.GetTimestamp();
        }
    }
}
