using System.Collections.Concurrent;
using HomelabOps.Core;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Waiting;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>A homelab that comes up again is waited for in the order in which its parts need each other.</summary>
public sealed class HomelabWaiterTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>
{
    private readonly ConcurrentQueue<string> _progress = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Applications_are_not_looked_at_before_their_mounts_are_there()
    {
        await homelab.UntilNothingIsFoundAsync();
        var fault = await homelab.Faults.SwitchOnAsync("NfsMissing", null, Stop);
        await using var app = await homelab.Faults.SwitchOnAsync("CrashLoop", null, Stop);
        await homelab.UntilAsync(async () => (await homelab.FindAsync()).Select(finding => finding.Reason).ToHashSet().IsSupersetOf(["MountMissing", "CrashLoop"]), "both are found", TimeSpan.FromSeconds(20));

        var waiting = WaitAsync(TimeSpan.FromMinutes(10));
        await homelab.UntilAsync(() => Task.FromResult(_progress.Any(text => text.StartsWith("mounts, 1 left: ", StringComparison.Ordinal))), "the mount is waited for", TimeSpan.Zero);
        Assert.DoesNotContain(_progress, IsOfApps);
        await fault.DisposeAsync();
        await homelab.UntilAsync(() => Task.FromResult(_progress.Any(IsOfApps)), "the application is waited for", TimeSpan.FromSeconds(5));
        await app.SwitchOffAsync(Stop);
        await homelab.UntilAsync(() => Task.FromResult(waiting.IsCompleted), "nothing is left", TimeSpan.FromSeconds(5));
        await NothingIsLeftAsync(waiting);
    }

    [Fact]
    public async Task An_API_that_comes_back_is_waited_for()
    {
        await homelab.UntilNothingIsFoundAsync();
        var fault = await homelab.Faults.SwitchOnAsync("WireUnavailable", null, Stop);
        var waiting = WaitAsync(TimeSpan.FromMinutes(10));
        await homelab.UntilAsync(() => Task.FromResult(_progress.Any(text => text.StartsWith("nodes, 1 left: Cluster/", StringComparison.Ordinal))), "the API is waited for", TimeSpan.Zero);
        await fault.DisposeAsync();
        await homelab.UntilAsync(() => Task.FromResult(waiting.IsCompleted), "nothing is left", TimeSpan.FromSeconds(5));
        await NothingIsLeftAsync(waiting);
    }

    [Fact]
    public async Task What_is_left_when_the_time_is_over_are_findings_and_an_error()
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("NfsMissing", null, Stop);
        await homelab.UntilAsync(async () => (await homelab.FindAsync()).Any(finding => finding.Reason == "MountMissing"), "it is found", TimeSpan.FromSeconds(20));
        var (left, failure) = await WaitAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(("MountMissing", "HomelabNotReady"), (Assert.Single(left), failure));
    }

    [Fact]
    public async Task What_was_seen_of_a_stage_is_left_where_the_last_look_was_cut_short()
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("NodeDown", null, Stop);
        await homelab.UntilAsync(async () => (await homelab.FindAsync()).Any(finding => finding.Reason == "NodeNotReady"), "it is found", TimeSpan.FromSeconds(20));
        var waiting = WaitAsync(TimeSpan.FromSeconds(20));
        await homelab.UntilAsync(() => Task.FromResult(_progress.Any(text => text.StartsWith("nodes, 1 left: Node/", StringComparison.Ordinal))), "the node is waited for", TimeSpan.Zero);
        await using var silence = await homelab.Faults.SwitchOnAsync("WireStalledBody", null, Stop);
        var (left, failure) = await waiting;
        Assert.Contains(_progress, text => text.StartsWith("nodes, 1 left: Node/", StringComparison.Ordinal));
        Assert.Equal(("NodeNotReady", "HomelabNotReady"), (Assert.Single(left), failure));
    }

    // Flux tells the health of what it applies, and comes before what it does not know of.
    private static bool IsOfApps(string text) => text.StartsWith("Flux, ", StringComparison.Ordinal) || text.StartsWith("applications, ", StringComparison.Ordinal);

    private static async Task NothingIsLeftAsync(Task<(IReadOnlyList<string> Left, string? Failure)> waiting)
    {
        var (left, failure) = await waiting;
        Assert.Empty(left);
        Assert.Null(failure);
    }

    private async Task<(IReadOnlyList<string> Left, string? Failure)> WaitAsync(TimeSpan timeout)
    {
        var (left, failure) = (new List<string>(), (string?)null);

        // A client as users have it: the homelab's own are not met by what goes wrong on the way.
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
        await foreach (var item in HomelabWaiter.WaitAsync(client, new HomelabTestQuery { Config = DiagnosedHomelab.Config }, timeout, Stop))
        {
            switch (item.Notice)
            {
                case ProgressNotice progress:
                    _progress.Enqueue(progress.Status);
                    break;
                case FailureNotice error:
                    failure = error.Error.Id;
                    break;
                case null:
                    left.Add(item.Value!.Reason);
                    break;
                default:
                    break;
            }
        }

        return (left, failure);
    }
}
