using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Tests.Store;

/// <summary>Who waits for a write is woken by it: at once where few wait, and with the writes of a short while where very many do.</summary>
public sealed class ChangeSignalTests
{
    private const int Many = 2500;

    [Fact]
    public void A_few_are_woken_by_each_write()
    {
        var signal = new ChangeSignal();
        using var waiter = signal.Enter();
        foreach (var _ in Enumerable.Range(0, 100))
        {
            var next = signal.Next;
            signal.Tell();
            Assert.True(next.IsCompleted);
        }
    }

    [Fact]
    public async Task Many_are_woken_once_for_several_and_by_the_last_in_every_case()
    {
        var signal = new ChangeSignal();
        var waiters = Enumerable.Range(0, Many).Select(_ => signal.Enter()).ToList();
        var wakes = 0;
        const int writes = 5000;
        for (var write = 0; write < writes; write++)
        {
            var next = signal.Next;
            signal.Tell();
            wakes += next.IsCompleted ? 1 : 0;
        }

        Assert.InRange(wakes, 1, writes / 2);
        var last = signal.Next;
        signal.Tell();
        await last.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        // Who has gone is not waited for.
        waiters.ForEach(waiter => waiter.Dispose());
        waiters.ForEach(waiter => waiter.Dispose());
        var alone = signal.Next;
        signal.Tell();
        Assert.True(alone.IsCompleted);
    }

    [Fact]
    public void An_end_lets_nobody_wait()
    {
        var signal = new ChangeSignal();
        _ = Enumerable.Range(0, Many).Select(_ => signal.Enter()).ToList();
        signal.Tell();
        var next = signal.Next;
        signal.TellNow();
        Assert.True(next.IsCompleted);
    }
}
