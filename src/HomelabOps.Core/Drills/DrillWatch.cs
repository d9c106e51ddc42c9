using HomelabOps.Core.Diagnosis;

namespace HomelabOps.Core.Drills;

/// <summary>Looks at a homelab with the checks of Test-Homelab while its time passes.</summary>
/// <param name="ground">The homelab.</param>
/// <param name="patience">How long findings are waited for, in real time.</param>
internal sealed class DrillWatch(IDrillGround ground, TimeSpan patience)
{
    /// <summary>Whether the repository is looked into as well, which takes longer.</summary>
    public bool LooksIntoRepository { get; init; }

    // Controllers act in real time on what the clock says, so they need some.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(25);

    /// <summary>What is found now.</summary>
    /// <param name="areas">Where; empty for everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<HomelabFinding>> FindAsync(IReadOnlyList<HomelabArea> areas, CancellationToken cancellationToken)
    {
        var found = new List<HomelabFinding>();
        await foreach (var item in HomelabTester.TestAsync(ground.Client, new HomelabTestQuery { Areas = areas, Config = ground.Config, Repository = LooksIntoRepository ? ground.Repository : null }, cancellationToken))
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
                await PassAsync(step, cancellationToken);
            }

            // What comes of the last jump is to be seen as well.
            await PassAsync(TimeSpan.Zero, cancellationToken);
        }
    }

    /// <summary>Lets time pass once, as soon as those who act have come to an end with what has passed.</summary>
    /// <param name="step">How far the clock jumps.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task PassAsync(TimeSpan step, CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(Beat, cancellationToken);
        }
        while (!ground.Advance(step));
    }

    /// <summary>Lets time pass while something is done.</summary>
    /// <param name="work">What is done. It says when time begins to pass: who works and waits for nobody must not be made late.</param>
    /// <param name="step">How far the clock jumps at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> DuringAsync<T>(Func<Action, Task<T>> work, TimeSpan step, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var passing = PassOnAsync(begun.Task, step, stop.Token);
        try
        {
            return await work(() => begun.TrySetResult());
        }
        finally
        {
            await stop.CancelAsync();
            await passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PassOnAsync(Task begun, TimeSpan step, CancellationToken cancellationToken)
    {
        await begun.WaitAsync(cancellationToken);
        while (true)
        {
            await PassAsync(step, cancellationToken);
        }
    }
}
