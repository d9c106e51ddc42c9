using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Scheduling.Schedulers;

namespace HomelabOps.Core.Scheduling;

/// <summary>Registers checks with a scheduler and takes them back.</summary>
/// <param name="store">Where checks are kept.</param>
/// <param name="folder">Where files are that a scheduler needs beside its own.</param>
/// <param name="find">Gives a scheduler; null for those of this machine.</param>
internal sealed class CheckRegistry(CheckStore store, string folder, Func<HomelabScheduler, IScheduler>? find = null)
{
    private static readonly (HomelabScheduler Kind, bool OfMachine)[] Runners =
    [
        (HomelabScheduler.Systemd, false), (HomelabScheduler.Systemd, true), (HomelabScheduler.Cron, false), (HomelabScheduler.Cron, true), (HomelabScheduler.Launchd, false), (HomelabScheduler.Launchd, true),
        (HomelabScheduler.TaskScheduler, false),
    ];

    /// <summary>Works out what registering a check would do, and whether it can be done.</summary>
    /// <param name="plan">The check.</param>
    /// <param name="replace">One of that name may be replaced.</param>
    /// <exception cref="HomelabException">CheckExists, CheckInvalid, SchedulerNotFound.</exception>
    public SchedulePlan Prepare(CheckPlan plan, bool replace)
    {
        if (File.Exists(store.PathOf(plan.Name)) && !replace)
        {
            throw Errors.CheckExists(plan.Name);
        }

        var scheduler = Find(plan.Scheduler);
        plan.Scheduler = scheduler.Kind;
        return scheduler.Plan(JobOf(plan));
    }

    /// <summary>
    /// Registers it. One of that name goes first, since another scheduler may run it; what was told of it stays. Where anything fails all is as
    /// it was, also after Ctrl+C, which does not wait for that.
    /// </summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public Task<HomelabScheduledCheck> RegisterAsync(CheckPlan plan, SchedulePlan schedule, CancellationToken cancellationToken)
    {
        var work = ReplaceAsync(plan, schedule, cancellationToken);
        _ = Farewells.Add(work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
        return work;
    }

    /// <summary>Finds a check with what runs it, also one whose file is damaged.</summary>
    /// <exception cref="HomelabException">CheckInvalid, CheckNotFound, CheckUnreadable: it may not be read.</exception>
    public async Task<RegisteredCheck> FindAsync(string name, CancellationToken cancellationToken)
    {
        var text = store.TextOf(name) ?? throw Errors.CheckNotFound(name, store.PathOf(name));
        try
        {
            var plan = CheckStore.Read(store.PathOf(name));
            plan.Name = name;
            return new(Describe(plan), text, [PlanOf(plan)]);
        }
        catch (HomelabException error) when (error.Id is nameof(Errors.CheckUnreadable) or nameof(Errors.CheckInvalid))
        {
            var traces = await TracesAsync(name, cancellationToken);
            return new(new() { Name = name, Target = traces.Count == 0 ? "nothing" : string.Join(", ", traces.Select(trace => trace.Target)), Files = [.. traces.SelectMany(trace => trace.Files.Select(file => file.Path))] }, text, traces);
        }
    }

    /// <summary>Takes a check back.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public async Task<HomelabScheduledCheck> UnregisterAsync(RegisteredCheck check, CancellationToken cancellationToken)
    {
        await StopAsync(check, cancellationToken);
        store.Remove(check.Check.Name);
        return check.Check;
    }

    /// <summary>The record of a check.</summary>
    public HomelabScheduledCheck Describe(CheckPlan plan)
    {
        var schedule = PlanOf(plan);
        return new()
        {
            Name = plan.Name,
            Schedule = CheckSchedule.Parse(plan.Schedule).ToString(),
            Command = string.Join(' ', (plan.Command ?? []).Select(argument => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument)),
            Target = schedule.Target,
            Scheduler = plan.Scheduler,
            Files = [.. schedule.Files.Select(file => file.Path)],
            Contexts = plan.Contexts ?? [],
            KubeConfig = plan.KubeConfig,
            WebhookFile = plan.WebhookFile,
        };
    }

    private async Task<HomelabScheduledCheck> ReplaceAsync(CheckPlan plan, SchedulePlan schedule, CancellationToken cancellationToken)
    {
        store.Try(plan.Name);
        ScheduleWriter.Try(schedule);
        var before = store.TextOf(plan.Name) is null ? null : await FindAsync(plan.Name, cancellationToken);
        try
        {
            if (before is not null)
            {
                await StopAsync(before, cancellationToken);
            }

            store.Save(plan);
            await ScheduleWriter.EnableAsync(schedule, JobOf(plan).Unit, cancellationToken);
            return Describe(plan);
        }
        catch
        {
            await RestoreAsync(plan.Name, before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    // What failed first is what is told, so nothing is said of what fails here.
    private async Task RestoreAsync(string name, RegisteredCheck? before)
    {
        if (before is null)
        {
            store.Remove(name);
            return;
        }

        store.SaveText(name, before.Text);
        foreach (var schedule in before.Schedules)
        {
            await ScheduleWriter.ApplyAsync(schedule, ScheduledJob.UnitOf(name), CancellationToken.None);
        }
    }

    private static async Task StopAsync(RegisteredCheck check, CancellationToken cancellationToken)
    {
        foreach (var schedule in check.Schedules)
        {
            await ScheduleWriter.DisableAsync(schedule, ScheduledJob.UnitOf(check.Check.Name), cancellationToken);
        }
    }

    // Nothing says any more what ran it, so everything is looked at that could.
    private async Task<IReadOnlyList<SchedulePlan>> TracesAsync(string name, CancellationToken cancellationToken)
    {
        var found = new List<SchedulePlan>();
        foreach (var (kind, ofMachine) in Runners)
        {
            var plan = Find(kind).Plan(new(name, CheckSchedule.Daily, [CheckCommand.Cmdlet], ofMachine));
            found.AddRange(await ScheduleWriter.FindAsync(plan, ScheduledJob.UnitOf(name), store.PathOf(name), cancellationToken) is { } there ? [there] : []);
        }

        return found;
    }

    private IScheduler Find(HomelabScheduler kind) => find?.Invoke(kind) ?? ScheduleWriter.Find(kind, folder);

    private SchedulePlan PlanOf(CheckPlan plan) => Find(plan.Scheduler).Plan(JobOf(plan));

    private static ScheduledJob JobOf(CheckPlan plan) => new(plan.Name, CheckSchedule.Parse(plan.Schedule), plan.Command ?? [], plan.OfMachine) { WebhookFile = plan.WebhookFile };
}
