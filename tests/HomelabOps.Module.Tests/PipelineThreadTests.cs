using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>How cmdlets pull a stream, with streams that misbehave as none of ours should.</summary>
[Collection(nameof(ProcessWide))]
public sealed class PipelineThreadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task A_stream_that_fails_while_it_is_closed_is_no_unobserved_exception(int delay)
    {
        var closed = new TaskCompletionSource();

        Assert.Empty(await UnobservedAsync(closed, () => Assert.Equal([1], Pull(_ => Stream(delay, closed), default).Take(1))));
    }

    [Fact]
    public void What_no_service_foresaw_is_an_error_of_ours_with_the_exception_inside()
    {
        var error = Assert.ThrowsAny<Exception>(() => Pull(_ => Broken(), default).Count());

        Assert.Equal("UnexpectedFailure", error.GetType().GetProperty("Id")!.GetValue(error));
        Assert.IsType<ClosingException>(error.InnerException);
    }

    [Fact]
    public async Task A_stream_that_is_slow_to_stop_is_closed_when_it_has_and_nobody_waits_for_it()
    {
        var closed = new TaskCompletionSource();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var gate = new SemaphoreSlim(0);

        Assert.Empty(await UnobservedAsync(closed, () =>
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Pull(_ => Slow(gate, closed), stop.Token).Count());
            Assert.False(closed.Task.IsCompleted);
            gate.Release();
        }));
    }

    // What nobody looked at when the stream was closed.
    private static async Task<List<Exception>> UnobservedAsync(TaskCompletionSource closed, Action act)
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.AddRange(e.Exception.InnerExceptions);
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            act();
            await closed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await Collect();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        return unobserved.FindAll(error => error is ClosingException);
    }

    private static IEnumerable<int> Pull(Func<CancellationToken, IAsyncEnumerable<int>> open, CancellationToken stop)
    {
        using var engine = new Engine();
        var type = PrivateContext.Load("HomelabOps").GetType("HomelabOps.Cmdlets.PipelineThread", throwOnError: true)!;
        return (IEnumerable<int>)type.GetMethod("Pull")!.MakeGenericMethod(typeof(int)).Invoke(null, [open, stop])!;
    }

    // Twice, with a moment between: what a finalizer reports must itself be collected first.
    private static async Task Collect()
    {
        for (var round = 0; round < 3; round++)
        {
            await Task.Delay(50);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static async IAsyncEnumerable<int> Stream(int delay, TaskCompletionSource closed)
    {
        try
        {
            yield return 1;
            yield return 2;
        }
        finally
        {
            await Task.Delay(delay);
            closed.SetResult();
            Fail();
        }
    }

    private static async IAsyncEnumerable<int> Slow(SemaphoreSlim gate, TaskCompletionSource closed)
    {
        try
        {
            await gate.WaitAsync();
            yield return 1;
        }
        finally
        {
            closed.SetResult();
            Fail();
        }
    }

    private static async IAsyncEnumerable<int> Broken()
    {
        await Task.Yield();
        Fail();
        yield return 1;
    }

    private static void Fail() => throw new ClosingException();

    private sealed class ClosingException : Exception;
}
