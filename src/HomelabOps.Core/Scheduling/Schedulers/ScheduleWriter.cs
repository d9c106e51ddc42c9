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

    /// <summary>Fails where a file could not be written, before anything is done.</summary>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public static void Try(SchedulePlan plan)
    {
        foreach (var (path, _) in plan.Files)
        {
            Try(path, () => WholeFile.Try(path));
        }
    }

    /// <summary>Writes files and tells the scheduler. Where that fails, or is cancelled, nothing is left of it.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public static async Task EnableAsync(SchedulePlan plan, string unit, CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(plan, unit, cancellationToken);
        }
        catch
        {
            // What failed first is what is told. Enough of it may have been done that the scheduler runs it.
            foreach (var step in new Func<Task>[]
            {
                () => CallAsync(plan.IsAsleep ? [] : plan.Disable, mayFail: true, CancellationToken.None),
                () => CronAsync(plan, unit, [], CancellationToken.None),
                () => DeleteAsync(plan, CancellationToken.None),
            })
            {
                await step().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw;
        }
    }

    /// <summary>As <see cref="EnableAsync"/>, but what was done is left where the rest fails.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public static async Task ApplyAsync(SchedulePlan plan, string unit, CancellationToken cancellationToken)
    {
        foreach (var (path, text) in plan.Files)
        {
            Try(path, () => WholeFile.Write(path, text, FileReaders.Everyone, encoding: plan.Encoding));
        }

        await CallAsync(plan.IsAsleep ? [] : plan.Enable, mayFail: false, cancellationToken);
        await CronAsync(plan, unit, plan.CronLines, cancellationToken);
    }

    /// <summary>Takes everything back. What is not there any more is as well; where the scheduler keeps it the files stay.</summary>
    /// <exception cref="HomelabException">CheckUnwritable, SchedulerFailed.</exception>
    public static async Task DisableAsync(SchedulePlan plan, string unit, CancellationToken cancellationToken)
    {
        foreach (var call in plan.IsAsleep ? [] : plan.Disable)
        {
            var (code, output, error) = await SchedulerProgram.RunAsync(call, input: null, cancellationToken);
            if ((code != 0 || plan.IsSilent) && await IsThereAsync(plan, cancellationToken))
            {
                throw Errors.SchedulerKeeps(string.Join(' ', call), Said(code, output, error));
            }
        }

        await CronAsync(plan, unit, [], cancellationToken);
        await DeleteAsync(plan, cancellationToken);
    }

    /// <summary>What this scheduler really has of a check, as it stands there; null for nothing.</summary>
    /// <param name="plan">What it would be given for a check of that name.</param>
    /// <param name="unit">How it calls the check.</param>
    /// <param name="check">The file of the check, which its command names.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<SchedulePlan?> FindAsync(SchedulePlan plan, string unit, string check, CancellationToken cancellationToken)
    {
        if (plan.CronLines.Count > 0)
        {
            var (code, table, _) = Programs.Find("crontab") is null ? (1, "", "") : await SchedulerProgram.RunAsync(["crontab", "-l"], input: null, cancellationToken);
            return code == 0 && CronScheduler.Find(table, unit, check) is { } lines ? plan with { CronLines = lines } : null;
        }

        try
        {
            var files = plan.Files.Where(file => File.Exists(file.Path)).Select(file => (file.Path, Text: File.ReadAllText(file.Path))).ToList();
            return files.Exists(file => file.Text.Contains(check, StringComparison.Ordinal)) ? plan with { Files = files } : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is somebody else's.
            return null;
        }
    }

    private static async Task<bool> IsThereAsync(SchedulePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Ask.Count == 0)
        {
            return false;
        }

        var (code, output, error) = await SchedulerProgram.RunAsync(plan.Ask, input: null, cancellationToken);
        return code == 0 || (plan.Absent.Count > 0 && !plan.Absent.Any(word => $"{output}{error}".Contains(word, StringComparison.Ordinal)));
    }

    private static async Task DeleteAsync(SchedulePlan plan, CancellationToken cancellationToken)
    {
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
            var (code, output, error) = await SchedulerProgram.RunAsync(call, input: null, cancellationToken);
            if (code != 0 && !mayFail)
            {
                throw Errors.SchedulerFailed(string.Join(' ', call), Said(code, output, error));
            }
        }
    }

    private static string Said(int code, string output, string error) => $"{error}{output}".Trim() is { Length: > 0 } said ? said : $"It ended with {code}.";

    // Other lines of the table are the user's, so they stay as they are.
    private static async Task CronAsync(SchedulePlan plan, string unit, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        if (plan.CronLines.Count == 0)
        {
            return;
        }

        // Who has no table gets an error, which cannot be told from others but by its words.
        var (code, table, error) = await SchedulerProgram.RunAsync(["crontab", "-l"], input: null, cancellationToken);
        if (code != 0 && !error.Contains("no crontab", StringComparison.OrdinalIgnoreCase))
        {
            throw Errors.SchedulerFailed("crontab -l", error.Trim());
        }

        if (CronScheduler.Edit(code == 0 ? table : "", unit, lines) is var edited && edited != (code == 0 ? table : ""))
        {
            var (written, _, refusal) = await SchedulerProgram.RunAsync(["crontab", "-"], edited, cancellationToken);
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
