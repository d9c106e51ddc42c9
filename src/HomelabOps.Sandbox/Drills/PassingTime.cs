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
    /// <returns>Whether it passed.</returns>
    public bool Advance(TimeSpan time)
    {
        // Flux waits for the health of what others do, the scheduler for claims, and for that time has to pass. So it has where something never comes to rest.
        // Whose time has come and who has not been called yet, as on a busy machine, only seems to be at rest.
        var isAtRest = !clock.IsOverdue && host.IsIdleBut(controller => controller is KustomizationController { IsWaiting: true } or Scheduler);
        if (!isAtRest && TimeProvider.System.GetElapsedTime(_advanced) <= Longest)
        {
            return false;
        }

        clock.Advance(time);
        _advanced = TimeProvider.System.GetTimestamp();
        return true;
    }
}
