using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Drills;

namespace HomelabOps.Sandbox.Tests.Drills;

/// <summary>No deadline of a homelab passes because its machine has other work.</summary>
public sealed class PassingTimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Then it passes all the same. A machine that is busy at this moment lets the test begin anew.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    [Fact]
    public async Task While_a_timer_that_is_due_has_not_been_served_time_stands_for_a_while()
    {
        await using var server = SandboxServer.Start();
        var clock = new SandboxClock();
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([server.KubeConfigPath]), null));
        await using var host = new ControllerHost(client, clock);
        var time = new PassingTime(host, clock);
        Assert.True(time.Advance(Tick));
        using var goOn = new ManualResetEventSlim();
        await using var timer = clock.CreateTimer(_ => goOn.Wait(Patience), null, Tick / 2, Timeout.InfiniteTimeSpan);
        await StandsAsync(time, clock);
        goOn.Set();
        await PassesAtOnceAsync(time, clock);
    }

    [Fact]
    public async Task While_a_controller_works_time_stands_for_a_while()
    {
        await using var server = SandboxServer.Start();
        var clock = new SandboxClock();
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([server.KubeConfigPath]), null));
        await using var host = new ControllerHost(client, clock);
        var controller = new Worker(host);
        host.Add(controller);
        var time = new PassingTime(host, clock);
        controller.Works = true;
        await StandsAsync(time, clock);
        controller.Works = false;
        await PassesAtOnceAsync(time, clock);
    }

    // Right after time has passed it does not, and some day it does.
    private static async Task StandsAsync(PassingTime time, SandboxClock clock)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var seen = false; !seen;)
        {
            while (!time.Advance(Tick))
            {
                await Task.Delay(20, limit.Token);
            }

            var (passed, before) = (TimeProvider.System.GetTimestamp(), clock.GetUtcNow());
            await Task.Delay(20, limit.Token);
            var moved = time.Advance(TimeSpan.FromHours(1));
            seen = TimeProvider.System.GetElapsedTime(passed) < Longest;
            Assert.False(seen && (moved || clock.GetUtcNow() - before > TimeSpan.FromMinutes(30)));
        }
    }

    private static async Task PassesAtOnceAsync(PassingTime time, SandboxClock clock)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (clock.IsOverdue)
        {
            await Task.Delay(5, limit.Token);
        }

        Assert.True(time.Advance(Tick));
        Assert.True(time.Advance(Tick));
    }

    private sealed class Worker(ControllerHost host) : Controller(host, "worker")
    {
        public bool Works { get; set; }

        public override bool IsIdle => !Works;

        protected override Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken) => Task.FromResult<TimeSpan?>(null);
    }
}
