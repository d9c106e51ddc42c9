using HomelabOps.Core.Drills;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Scheduling;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Drills;

/// <summary>The embedded homelab, as what drills may break.</summary>
/// <param name="homelab">The homelab.</param>
/// <param name="client">A client of it that speaks over the network, as users do.</param>
internal sealed class SandboxGround(EmbeddedHomelab homelab, ClusterClient client) : IDrillGround
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(700);
    private long _advanced = TimeProvider.System.GetTimestamp();

    /// <inheritdoc/>
    public ClusterClient Client => client;

    /// <inheritdoc/>
    public HomelabConfig Config { get; } = new()
    {
        Mounts = [.. homelab.Nodes.Nodes.SelectMany(node => node.Node.Mounts.Select(mount => (node.Name, Mount: mount))).GroupBy(item => item.Mount)
            .Select(group => new HomelabConfigMount { Path = group.Key.Path, Source = group.Key.Source, Version = group.Key.Version, Nodes = [.. group.Select(item => item.Name)] })],
    };

    /// <inheritdoc/>
    public string Repository => homelab.RepositoryPath;

    /// <inheritdoc/>
    public DateTimeOffset Now => homelab.Clock.GetUtcNow();

    /// <inheritdoc/>
    public void Advance(TimeSpan time)
    {
        // Flux waits for the health of what others do, the scheduler for claims, and for that time has to pass. So it has where something never comes to rest.
        if (homelab.Host.IsIdleBut(controller => controller is KustomizationController or Scheduler) || TimeProvider.System.GetElapsedTime(_advanced) > Longest)
        {
            homelab.Clock.Advance(time);
            _advanced = TimeProvider.System.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public async Task<IDrillFault> BreakAsync(string fault, CancellationToken cancellationToken) => new Broken(await homelab.Faults.SwitchOnAsync(fault, null, cancellationToken));

    private sealed class Broken(FaultSwitch fault) : IDrillFault
    {
        public string Target => fault.Target;

        public Task<bool> HoldsAsync(CancellationToken cancellationToken) => fault.IsInEffectAsync(cancellationToken);

        public Task EndAsync(CancellationToken cancellationToken) => fault.SwitchOffAsync(cancellationToken);
    }
}
