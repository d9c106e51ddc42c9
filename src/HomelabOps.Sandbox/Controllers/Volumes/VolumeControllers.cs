using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Volumes;

/// <summary>What binds claims and volumes in a k3s cluster.</summary>
internal static class VolumeControllers
{
    /// <summary>Adds them to a host.</summary>
    public static void AddTo(ControllerHost host)
    {
        host.Add(new ClaimBinder(host));
        host.Add(new VolumeReclaimer(host));
        host.Add(new LocalPathProvisioner(host));
    }
}
