using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>The simulated MetalLB.</summary>
internal static class MetalLBControllers
{
    /// <summary>Adds its controllers to a host that has not started.</summary>
    /// <returns>How the container of its controller runs, for the kubelet.</returns>
    public static MetalLBBehavior AddTo(ControllerHost host, MetalLBOptions? options = null)
    {
        options ??= new();
        host.Add(new LoadBalancerController(host, options));
        host.Add(new SpeakerController(host, options));
        host.Add(new MemberListController(host, options));
        host.Add(new CertificateRotator(host, options));
        return new(host.Informer(Types.Secret), host.Clock, options);
    }
}
