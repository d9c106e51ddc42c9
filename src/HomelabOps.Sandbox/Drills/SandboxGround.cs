using HomelabOps.Core;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Drills;

/// <summary>The embedded homelab, as what drills may break.</summary>
/// <param name="homelab">The homelab.</param>
/// <param name="client">A client of it that speaks over the network, as users do.</param>
/// <param name="repository">The working copy of its repository; null for its own.</param>
internal sealed class SandboxGround(EmbeddedHomelab homelab, ClusterClient client, string? repository = null) : IDrillGround
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan ImpatientAfter = TimeSpan.FromSeconds(1);

    private readonly PassingTime _time = new(homelab.Host, homelab.Clock);

    /// <inheritdoc/>
    public ClusterClient Client => client;

    /// <inheritdoc/>
    public HomelabConfig Config { get; } = new()
    {
        Mounts = [.. homelab.Nodes.Nodes.SelectMany(node => node.Node.Mounts.Select(mount => (node.Name, Mount: mount))).GroupBy(item => item.Mount)
            .Select(group => new HomelabConfigMount { Path = group.Key.Path, Source = group.Key.Source, Version = group.Key.Version, Nodes = [.. group.Select(item => item.Name)] })],
    };

    /// <inheritdoc/>
    public string Repository => repository ?? homelab.RepositoryPath;

    /// <inheritdoc/>
    public DateTimeOffset Now => homelab.Clock.GetUtcNow();

    /// <inheritdoc/>
    public bool Advance(TimeSpan time) => _time.Advance(time);

    /// <inheritdoc/>
    public async Task<IDrillFault> BreakAsync(string fault, string? target, CancellationToken cancellationToken)
    {
        if (fault == LostCluster.Fault)
        {
            return await LostCluster.StartAsync(homelab, Repository, cancellationToken);
        }

        // A fault that begins with a commit waits for Flux, which may be at the health of what came before, or retry after its interval.
        var breaking = homelab.Faults.SwitchOnAsync(fault, target ?? Running(fault), cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        while (!breaking.IsCompleted)
        {
            await Task.WhenAny(breaking, Task.Delay(Beat, CancellationToken.None));
            if (TimeProvider.System.GetElapsedTime(began) > ImpatientAfter)
            {
                Advance(TimeSpan.FromSeconds(1));
            }
        }

        return new Broken(await breaking);
    }

    // Of an application that somebody has stopped nothing would show.
    private string? Running(string fault)
    {
        if (homelab.Faults.TargetsOf(fault) is not { Count: > 0 } targets || HomelabFaults.Known.First(known => known.Name.Equals(fault, StringComparison.OrdinalIgnoreCase)).TargetKind != FaultTargetKind.App)
        {
            return null;
        }

        var stopped = new[] { Types.Deployment, Types.StatefulSet }.SelectMany(type => homelab.Host.Informer(type).All).Where(item => Cells.Number(item, "spec.replicas") == 0).Select(item => ObjectName.Of(item).Name).ToHashSet(StringComparer.Ordinal);
        return targets.FirstOrDefault(target => !stopped.Contains(target)) ?? throw Errors.SandboxFaultNotPossible(fault, targets[0], Errors.Text("Detail_DrillStopped"));
    }

    private sealed class Broken(FaultSwitch fault) : IDrillFault
    {
        public string Target => fault.Target;

        public Task<bool> HoldsAsync(CancellationToken cancellationToken) => fault.IsInEffectAsync(cancellationToken);

        public Task EndAsync(CancellationToken cancellationToken) => fault.SwitchOffAsync(cancellationToken);
    }
}
