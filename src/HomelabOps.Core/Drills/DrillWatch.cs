using HomelabOps.Core.Diagnosis;

namespace HomelabOps.Core.Drills;

/// <summary>Looks at a homelab with the checks of Test-Homelab while its time passes.</summary>
/// <param name="ground">The homelab.</param>
/// <param name="patience">How long findings are waited for, in real time.</param>
internal sealed class DrillWatch(IDrillGround ground, TimeSpan patience)
{
    // Controllers act in real time on what the clock says, so they need some.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(60);

    /// <summary>What is found now.</summary>
    /// <param name="areas">Where; empty for everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<HomelabFinding>> FindAsync(IReadOnlyList<HomelabArea> areas, CancellationToken cancellationToken)
    {
        var found = new List<HomelabFinding>();
        await foreach (var item in HomelabTester.TestAsync(ground.Client, new HomelabTestQuery { Areas = areas, Config = ground.Config }, cancellationToken))
        {
            found.AddRange(item.Value is { } finding ? [finding] : []);
        }

        return found;
    }

    /// <summary>Lets time pass until the findings are as wanted.</summary>
    /// <param name="areas">Where to look.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="step">How far the clock jumps at a time.</param>
    /// <param name="jumps">How often it jumps before one looks again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether they came to be, and what was found last.</returns>
    public async Task<(bool Holds, IReadOnlyList<HomelabFinding> Found)> UntilAsync(IReadOnlyList<HomelabArea> areas, Func<IReadOnlyList<HomelabFinding>, bool> wanted, TimeSpan step, int jumps, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await FindAsync(areas, cancellationToken);
            if (wanted(found) || TimeProvider.System.GetElapsedTime(began) > patience)
            {
                return (wanted(found), found);
            }

            for (var jump = 0; jump < jumps; jump++)
            {
                ground.Advance(step);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>Lets time pass while something is done.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="step">How far the clock jumps at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> DuringAsync<T>(Func<Task<T>> work, TimeSpan step, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var passing = PassAsync(step, stop.Token);
        try
        {
            return await work();
        }
        finally
        {
            await stop.CancelAsync();
            await passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PassAsync(TimeSpan step, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Beat, cancellationToken);
            ground.Advance(step);
        }
    }
}
