using HomelabOps.Sandbox.Clock;

namespace HomelabOps.Sandbox.Tests.Clock;

public sealed class SandboxClockTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public void It_starts_with_the_real_time()
    {
        var clock = new SandboxClock();
        Assert.InRange(clock.GetUtcNow() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(-20), TimeSpan.FromSeconds(20));
        Assert.Equal(1, clock.Rate);
    }

    [Fact]
    public void One_that_is_behind_runs_faster_and_is_level_in_the_end()
    {
        var clock = SandboxClock.StartedBefore(TimeSpan.FromHours(1));
        Assert.InRange(DateTimeOffset.UtcNow - clock.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        using (clock.CatchUp(2))
        {
            Assert.Equal(2, clock.Rate);
        }

        Assert.Equal(1, clock.Rate);
        Assert.InRange(clock.GetUtcNow() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(-20), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task One_that_runs_faster_does_not_overtake_the_real_time()
    {
        var clock = SandboxClock.StartedBefore(TimeSpan.FromSeconds(10));
        using (clock.CatchUp(1000))
        {
            using var limit = new CancellationTokenSource(Patience);
            while (clock.Rate > 1)
            {
                await Task.Delay(5, limit.Token);
            }

            Assert.InRange(clock.GetUtcNow() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(-20), TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void A_jump_is_seen_at_once_by_times_and_elapsed_times()
    {
        var clock = new SandboxClock();
        var (time, stamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        clock.Advance(TimeSpan.FromDays(400));
        Assert.InRange(clock.GetUtcNow() - time, TimeSpan.FromDays(400), TimeSpan.FromDays(401));
        Assert.InRange(clock.GetElapsedTime(stamp), TimeSpan.FromDays(400), TimeSpan.FromDays(401));
    }

    [Fact]
    public async Task It_knows_of_timers_that_have_come_due_and_of_calls_that_have_not_returned()
    {
        var clock = new SandboxClock();
        using var goOn = new ManualResetEventSlim();
        using var called = new SemaphoreSlim(0);
        await using var timer = clock.CreateTimer(_ => { called.Release(); goOn.Wait(Patience); }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        Assert.False(clock.IsOverdue);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.True(clock.IsOverdue);
        Assert.True(await called.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.True(clock.IsOverdue);
        goOn.Set();
        using var limit = new CancellationTokenSource(Patience);
        while (clock.IsOverdue)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    [Fact]
    public async Task A_running_delay_ends_when_the_clock_jumps_over_it()
    {
        var clock = new SandboxClock();
        var delay = Task.Delay(TimeSpan.FromHours(1), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_running_delay_ends_sooner_when_the_clock_runs_faster()
    {
        var clock = new SandboxClock();
        var delay = Task.Delay(TimeSpan.FromDays(1), clock, TestContext.Current.CancellationToken);
        clock.Rate = 1_000_000;
        await delay.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Time_does_not_jump_when_the_rate_changes()
    {
        var clock = new SandboxClock { Rate = 1000 };
        var before = clock.GetUtcNow();
        clock.Rate = 0.001;
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromHours(1));
        var later = clock.GetUtcNow();
        Assert.InRange(clock.GetUtcNow() - later, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_periodic_timer_goes_on_after_a_jump()
    {
        var clock = new SandboxClock { Rate = 10_000 };
        var ticks = 0;
        var third = new TaskCompletionSource();
        await using var timer = clock.CreateTimer(
            _ =>
            {
                if (Interlocked.Increment(ref ticks) == 3)
                {
                    third.TrySetResult();
                }
            },
            null,
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(1));
        clock.Advance(TimeSpan.FromMinutes(10));
        await third.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_timer_that_was_disposed_of_does_not_fire()
    {
        var clock = new SandboxClock();
        var fired = false;
        var timer = clock.CreateTimer(_ => fired = true, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        await timer.DisposeAsync();
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        clock.Advance(TimeSpan.FromHours(2));

        // Another timer that came due at the same moment has been called meanwhile.
        await Task.Delay(TimeSpan.Zero, clock, TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        Assert.False(fired);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_that_is_no_positive_number_is_refused(double rate)
    {
        var clock = new SandboxClock();
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Rate = rate);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromSeconds(-1)));
    }
}
