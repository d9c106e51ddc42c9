using System.Management.Automation;
using System.Management.Automation.Host;

namespace HomelabOps.Cmdlets;

/// <summary>Hosts that nobody sits before, as in a scheduled task.</summary>
internal static class AbsentUser
{
    /// <summary>Whether a question failed because the host can ask nobody.</summary>
    public static bool IsTheCause(Exception error) => error is PSInvalidOperationException or HostException or NotImplementedException;
}
