using HomelabOps.Core.Scheduling.Schedulers;

namespace HomelabOps.Core.Scheduling;

/// <summary>Registers checks with a scheduler and takes them back.</summary>
/// <param name="store">Where checks are kept.</param>
/// <param name="folder">Where files are that a scheduler needs beside its own.</param>
internal sealed class CheckRegistry(CheckStore store, string folder)
{
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

        var scheduler = ScheduleWriter.Find(plan.Scheduler, folder);
        plan.Scheduler = scheduler.Kind;
        return scheduler.Plan(JobOf(plan));
    }

    /// <summary>Registers it. One of that name goes first, since another scheduler may run it.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public async Task<HomelabScheduledCheck> RegisterAsync(CheckPlan plan, SchedulePlan schedule, CancellationToken cancellationToken)
    {
        if (store.Names().Contains(plan.Name))
        {
            await UnregisterAsync(CheckStore.Read(store.PathOf(plan.Name)), cancellationToken);
        }

        store.Save(plan);
        try
        {
            await ScheduleWriter.EnableAsync(schedule, JobOf(plan).Unit, cancellationToken);
        }
        catch
        {
            store.Remove(plan.Name);
            throw;
        }

        return Describe(plan);
    }

    /// <summary>Takes a check back.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public async Task UnregisterAsync(CheckPlan plan, CancellationToken cancellationToken)
    {
        await ScheduleWriter.DisableAsync(PlanOf(plan), JobOf(plan).Unit, cancellationToken);
        store.Remove(plan.Name);
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

    private SchedulePlan PlanOf(CheckPlan plan) => ScheduleWriter.Find(plan.Scheduler, folder).Plan(JobOf(plan));

    private static ScheduledJob JobOf(CheckPlan plan) => new(plan.Name, CheckSchedule.Parse(plan.Schedule), plan.Command ?? [], plan.OfMachine) { WebhookFile = plan.WebhookFile };
}
