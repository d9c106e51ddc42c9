namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Time as it passes in the homelab, for commands that somebody waits for.</summary>
internal sealed class ClockTime(TimeProvider clock) : IProcessTime
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public Task SleepAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, clock, cancellationToken);

    public async Task<int?> LimitAsync(TimeSpan limit, Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = run(stopping.Token);
        var first = running.IsCompleted ? running : await Task.WhenAny(running, SleepAsync(limit, stopping.Token));
        await stopping.CancelAsync();
        if (first == running)
        {
            return await running;
        }

        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    // A loop that waits for nothing would keep the other waiting.
    public Task<int> ForkAsync(Func<Task<int>> run) => Task.Run(run);

    public void Post(Action action) => action();

    public void Step()
    {
        // Whoever waits for it can stop it.
    }
}
