namespace HomelabOps.Core.Remounting;

/// <summary>The prepared repair of one mount.</summary>
/// <param name="repair">What it is a part of.</param>
/// <param name="host">The host, logged in at.</param>
/// <param name="status">The mount as the node saw it.</param>
/// <param name="mount">What should be there.</param>
/// <param name="plan">What is done.</param>
internal sealed class MountJob(MountRepair repair, MountHost host, NfsMountStatus status, HomelabConfigMount mount, RemountPlan plan) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>The mount as the node saw it.</summary>
    public NfsMountStatus Status => status;

    /// <summary>The host that it is made on.</summary>
    public MountHost Host => host;

    /// <summary>What is done.</summary>
    public RemountPlan Plan => plan;

    /// <summary>Mounts it where it is made.</summary>
    /// <returns>Whether the container still sees what was there before.</returns>
    public async Task<bool> RemountAsync(CancellationToken cancellationToken)
    {
        if (plan.Commands.Count > 0)
        {
            await host.RunAsync(plan, repair.Journal, cancellationToken);
        }

        return plan.Restart is not null && await host.MustRestartAsync(mount, cancellationToken);
    }

    /// <summary>Restarts the container.</summary>
    /// <returns>True.</returns>
    public async Task<bool> RestartAsync(CancellationToken cancellationToken)
    {
        await host.RestartAsync(plan, repair.Journal, cancellationToken);
        return true;
    }

    /// <summary>Looks from the node.</summary>
    /// <param name="isDone">All was done, so that the node will see it soon; it is waited for.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<NfsMountStatus> VerifyAsync(bool isDone, CancellationToken cancellationToken)
    {
        for (var end = DateTime.UtcNow + repair.Timeout; ; await Task.Delay(Pause, cancellationToken))
        {
            var seen = await repair.LookAsync(status, cancellationToken) ?? status;
            if (seen.Healthy || !isDone || DateTime.UtcNow >= end)
            {
                return seen;
            }
        }
    }

    public void Dispose() => host.Dispose();
}
