using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Flux, simulated by ordinary clients of the API.</summary>
internal static class FluxControllers
{
    /// <summary>Adds the controllers to a host; they begin with it and end with it.</summary>
    public static void AddTo(ControllerHost host, FluxOptions options)
    {
        host.Client.Discovery.BelievedFor = TimeSpan.Zero;
        var cache = host.Own(new GitCache(options.CacheFolder, options.RemoteOf));
        host.Add(new GitRepositoryController(host, options, cache));
        foreach (var type in StaticSourceController.Kinds)
        {
            host.Add(new StaticSourceController(host, type, options));
        }

        host.Add(new KustomizationController(host, options, cache));
        host.Add(new HelmReleaseController(host, options));
    }
}
