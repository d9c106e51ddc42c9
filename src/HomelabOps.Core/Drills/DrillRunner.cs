using System.Runtime.CompilerServices;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Drills;

/// <summary>
/// Rehearses breakdowns one after the other: breaks something, looks until Test-Homelab tells it, works the remedy, and looks until nothing of it
/// is told any more. However a drill ends, what it broke is whole again.
/// </summary>
/// <param name="ground">The homelab.</param>
internal sealed class DrillRunner(IDrillGround ground)
{
    // Looking at nodes, mounts and Syncthings takes a while; a breakdown of another area leaves no trace there.
    private static readonly HomelabArea[] Usual = [.. Enum.GetValues<HomelabArea>().Except([HomelabArea.Cluster, HomelabArea.Mount, HomelabArea.Replication, HomelabArea.Repository])];

    // Flux gives a commit up that does not become healthy after minutes; data of an application that moves takes real time.
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(800);

    // Whoever takes the results may be slow, and do something to the homelab meanwhile.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>How long findings are waited for, in real time.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    private DrillWatch Watch => new(ground, Patience);

    // What the last drill saw when it was over; the next one begins with it.
    private (IReadOnlyList<HomelabArea> Areas, IReadOnlyList<HomelabFinding> Found, long At)? _seen;

    /// <summary>Runs drills, and gives a result for each.</summary>
    /// <param name="scenarios">Which.</param>
    /// <param name="cancellationToken">Ends them; what is broken is mended first.</param>
    public async IAsyncEnumerable<Streamed<DrillResult>> RunAsync(IReadOnlyList<DrillScenario> scenarios, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (activity, done) = (Errors.Text("DrillRunning"), 0);
        var folder = Directory.CreateTempSubdirectory("homelabops-drill-").FullName;
        try
        {
            foreach (var scenario in scenarios)
            {
                yield return new ProgressNotice(activity, Errors.Text("DrillRunningOne", scenario.Title, ++done, scenarios.Count), IsDone: false);
                yield return await RunAsync(scenario, folder, cancellationToken);
            }

            yield return new ProgressNotice(activity, activity, IsDone: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<DrillResult> RunAsync(DrillScenario scenario, string folder, CancellationToken cancellationToken)
    {
        var log = new DrillLog(ground, scenario);
        HomelabArea[] areas = [.. Usual.Union([scenario.Area])];
        HashSet<(string, ResourceReference?)> before = [];
        IDrillFault? fault = null;
        try
        {
            before = (await log.StepAsync("Look", async () => (await LookAsync(areas, cancellationToken), ""))).Select(Key).ToHashSet();
            fault = await log.StepAsync("Break", async () => await ground.BreakAsync(scenario.Fault, scenario.Node, cancellationToken) is var made ? (made, made.Target) : default);
            log.Broken(fault);
            var (watch, work) = (WatchOf(fault), new DrillWork(fault.Ground ?? ground, folder));
            var finding = await log.StepAsync("Detect", () => DetectAsync(watch, scenario, fault, cancellationToken));
            log.Detected();
            foreach (var action in scenario.Actions)
            {
                await log.StepAsync(action.ToString(), async () => (true, await watch.DuringAsync(begin => work.RunAsync(action, scenario, fault, finding, begin, cancellationToken), Pace(action), cancellationToken)));
            }

            await log.StepAsync("Verify", () => VerifyAsync(watch, scenario, fault, before, areas, cancellationToken));
            log.Recovered();
        }
        catch (HomelabException error)
        {
            log.Failed(error);
        }
        finally
        {
            if (fault is not null)
            {
                await fault.EndAsync(CancellationToken.None);
            }
        }

        var result = log.ToResult();
        if (fault is not null && !result.Passed)
        {
            await SettleAsync(areas, before, cancellationToken);
        }

        return result;
    }

    private async Task<IReadOnlyList<HomelabFinding>> LookAsync(IReadOnlyList<HomelabArea> areas, CancellationToken cancellationToken)
    {
        var seen = _seen;
        _seen = null;
        return seen is var (at, found, when) && areas.All(at.Contains) && TimeProvider.System.GetElapsedTime(when) < Fresh ? found : await Watch.FindAsync(areas, cancellationToken);
    }

    // What is mended shows a little later, and the next drill would take it for what had been there before.
    private async Task SettleAsync(IReadOnlyList<HomelabArea> areas, HashSet<(string, ResourceReference?)> before, CancellationToken cancellationToken)
    {
        try
        {
            await Watch.UntilAsync(areas, found => IsAsBefore(found, before), TimeSpan.FromSeconds(10), jumps: 1, cancellationToken);
        }
        catch (HomelabException)
        {
            // The result says already what went wrong.
        }
    }

    private static TimeSpan Pace(DrillAction action) => action switch
    {
        DrillAction.Failover or DrillAction.Failback or DrillAction.RestoreCluster => Slow,
        _ => Fast,
    };

    private static (string Reason, ResourceReference? Target) Key(HomelabFinding finding) => (finding.Reason, finding.Target);

    private static bool IsAsBefore(IEnumerable<HomelabFinding> found, HashSet<(string, ResourceReference?)> before) => found.All(finding => before.Contains(Key(finding)));

    // What a cluster ought to have that was set up anew only its repository says.
    private DrillWatch WatchOf(IDrillFault fault) => fault.Ground is { } other ? new(other, Patience) { LooksIntoRepository = true } : Watch;

    private static async Task<(HomelabFinding Finding, string Message)> DetectAsync(DrillWatch watch, DrillScenario scenario, IDrillFault fault, CancellationToken cancellationToken)
    {
        if (scenario.Ahead > TimeSpan.Zero)
        {
            await watch.PassAsync(scenario.Ahead, cancellationToken);
        }

        var (holds, found) = await watch.UntilAsync([scenario.Area], found => found.Any(finding => scenario.Is(finding, fault.Target)), scenario.Step, scenario.Jumps, cancellationToken);
        var finding = holds ? found.First(finding => scenario.Is(finding, fault.Target)) : throw Errors.DrillNotDetected(scenario.Name, scenario.Reason, found);
        return (finding, finding.Message);
    }

    private async Task<(bool, string)> VerifyAsync(DrillWatch watch, DrillScenario scenario, IDrillFault fault, HashSet<(string, ResourceReference?)> before, IReadOnlyList<HomelabArea> areas, CancellationToken cancellationToken)
    {
        var (holds, found) = await watch.UntilAsync(areas, found => IsAsBefore(found, before), TimeSpan.FromSeconds(10), jumps: 1, cancellationToken);
        if (!holds || await fault.HoldsAsync(cancellationToken))
        {
            throw Errors.DrillNotRecovered(scenario.Name, [.. found.Where(finding => !before.Contains(Key(finding)))]);
        }

        _seen = fault.Ground is null ? (areas, found, TimeProvider.System.GetTimestamp()) : null;
        return (true, Errors.Text("Detail_DrillGone"));
    }
}
