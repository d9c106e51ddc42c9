using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>Carries out what a scheduler needs, and takes it back.</summary>
internal static class ScheduleWriter
{
    /// <summary>The scheduler that is meant.</summary>
    /// <param name="kind">Which one; Auto for the one that the machine has.</param>
    /// <param name="ownFolder">Where files of the module are that a scheduler needs.</param>
    /// <exception cref="HomelabException">SchedulerNotFound.</exception>
    public static IScheduler Find(HomelabScheduler kind, string ownFolder) => kind switch
    {
        HomelabScheduler.Systemd => SystemdScheduler.ForMachine(),
        HomelabScheduler.Cron => new CronScheduler(),
        HomelabScheduler.Launchd => LaunchdScheduler.ForMachine(),
        HomelabScheduler.TaskScheduler => new WindowsScheduler(ownFolder),
        _ when OperatingSystem.IsWindows() => new WindowsScheduler(ownFolder),
        _ when OperatingSystem.IsMacOS() => LaunchdScheduler.ForMachine(),
        _ when Directory.Exists("/run/systemd/system") => SystemdScheduler.ForMachine(),
        _ when Programs.Find("crontab") is not null => new CronScheduler(),
        _ => throw Errors.SchedulerNotFound(),
    };

    /// <summary>Writes files and tells the scheduler. Where that fails the files are gone again.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public static async Task EnableAsync(SchedulePlan plan, string unit, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (path, text) in plan.Files)
            {
                Try(path, () => WholeFile.Write(path, text, FileReaders.Everyone));
            }

            await CallAsync(plan.IsAsleep ? [] : plan.Enable, mayFail: false, cancellationToken);
            await CronAsync(plan, unit, plan.CronLines, cancellationToken);
        }
        catch
        {
            foreach (var (path, _) in plan.Files)
            {
                Try(path, () => File.Delete(path));
            }

            throw;
        }
    }

    /// <summary>Takes everything back. What is not there any more is as well.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public static async Task DisableAsync(SchedulePlan plan, string unit, CancellationToken cancellationToken)
    {
        await CallAsync(plan.IsAsleep ? [] : plan.Disable, mayFail: true, cancellationToken);
        await CronAsync(plan, unit, [], cancellationToken);
        foreach (var (path, _) in plan.Files.Where(file => Directory.Exists(Path.GetDirectoryName(file.Path))))
        {
            Try(path, () => File.Delete(path));
        }

        await CallAsync(plan.IsAsleep ? [] : plan.Afterwards, mayFail: true, cancellationToken);
    }

    private static async Task CallAsync(IReadOnlyList<IReadOnlyList<string>> calls, bool mayFail, CancellationToken cancellationToken)
    {
        foreach (var call in calls)
        {
            var (code, output, error) = await ProgramRun.RunAsync(call, input: null, cancellationToken);
            if (code != 0 && !mayFail)
            {
                throw Errors.SchedulerFailed(string.Join(' ', call), $"{error}{output}".Trim() is { Length: > 0 } said ? said : $"It ended with {code}.");
            }
        }
    }

    // Other lines of the table are the user's, so they stay as they are.
    private static async Task CronAsync(SchedulePlan plan, string unit, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        if (plan.CronLines.Count == 0)
        {
            return;
        }

        // Who has no table gets an error, which cannot be told from others but by its words.
        var (code, table, error) = await ProgramRun.RunAsync(["crontab", "-l"], input: null, cancellationToken);
        if (code != 0 && !error.Contains("no crontab", StringComparison.OrdinalIgnoreCase))
        {
            throw Errors.SchedulerFailed("crontab -l", error.Trim());
        }

        if (CronScheduler.Edit(code == 0 ? table : "", unit, lines) is var edited && edited != (code == 0 ? table : ""))
        {
            var (written, _, refusal) = await ProgramRun.RunAsync(["crontab", "-"], edited, cancellationToken);
            if (written != 0)
            {
                throw Errors.SchedulerFailed("crontab -", refusal.Trim());
            }
        }
    }

    private static void Try(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.CheckUnwritable(path, error);
        }
    }
}
