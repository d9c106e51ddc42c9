using System.Diagnostics;
using System.Xml.Linq;
using HomelabOps.Core.Machine;
using HomelabOps.Core.Scheduling;
using HomelabOps.Core.Scheduling.Schedulers;

namespace HomelabOps.Core.Tests.Scheduling;

/// <summary>When checks run, and what each scheduler is given. systemd's own program judges the units where it is.</summary>
public sealed class CheckScheduleTests : IDisposable
{
    private static readonly string[] Command = ["/opt/my programs/pwsh", "-Command", "Import-Module '/a%b/$x'; Invoke-HomelabCheck -Path 'it''s \"here\"\\'"];
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("1m", "every 1m", "*/1 * * * *")]
    [InlineData("15m", "every 15m", "*/15 * * * *")]
    [InlineData("60m", "every 1h", "0 * * * *")]
    [InlineData("1h", "every 1h", "0 * * * *")]
    [InlineData("6h", "every 6h", "0 */6 * * *")]
    [InlineData("1d", "every 1d", "0 0 * * *")]
    [InlineData("07:30", "daily at 07:30", "30 7 * * *")]
    public void Schedules_are_read(string text, string shown, string cron)
    {
        var schedule = CheckSchedule.Parse(text);
        Assert.Equal((shown, cron), (schedule.ToString(), schedule.ToCron()));
        Assert.Equal(schedule, CheckSchedule.Parse(schedule.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("0m")]
    [InlineData("30s")]
    [InlineData("8d")]
    [InlineData("-5m")]
    [InlineData("25:00")]
    [InlineData("7:30")]
    [InlineData("99999999999h")]
    [InlineData("* * * * *")]
    public void What_is_no_schedule_is_refused(string text) => Assert.Equal("CheckInvalid", Assert.Throws<HomelabException>(() => CheckSchedule.Parse(text)).Id);

    [Theory]
    [InlineData("7m")]
    [InlineData("5h")]
    [InlineData("90m")]
    [InlineData("2d")]
    public void What_cron_cannot_do_is_refused(string text) => Assert.Equal("CheckInvalid", Assert.Throws<HomelabException>(() => CheckSchedule.Parse(text).ToCron()).Id);

    [Theory]
    [InlineData("15m", false)]
    [InlineData("07:30", true)]
    [InlineData("2d", true)]
    public async Task Units_are_what_systemd_takes(string schedule, bool ofMachine)
    {
        var plan = new SystemdScheduler(Path.Combine(_folder, "user"), Path.Combine(_folder, "system"), isRunning: false).Plan(Job(schedule, ofMachine) with { Command = ["/bin/true", .. Command.Skip(1)], WebhookFile = "/etc/homelab/web%hook" });
        Assert.True(plan.IsAsleep);
        await ScheduleWriter.EnableAsync(plan, "unused", CancellationToken.None);
        var service = await File.ReadAllTextAsync(plan.Files[0].Path);
        Assert.Equal(ofMachine, service.Contains("LoadCredential=homelabops-webhook:/etc/homelab/web%%hook\n", StringComparison.Ordinal));
        Assert.Contains("StandardInput=null\n", service, StringComparison.Ordinal);
        if (File.Exists("/usr/bin/systemd-analyze"))
        {
            var (_, output, error) = await SchedulerProgram.RunAsync(["systemd-analyze", "verify", "--man=no", .. plan.Files.Select(file => file.Path)], null, CancellationToken.None);

            // It also speaks of what else the machine lacks.
            Assert.DoesNotContain((output + error).Split('\n'), line => line.Contains(plan.Files[0].Path, StringComparison.Ordinal) || line.Contains("homelabops-check", StringComparison.Ordinal));
        }

        await ScheduleWriter.DisableAsync(plan, "unused", CancellationToken.None);
        Assert.All(plan.Files, file => Assert.False(File.Exists(file.Path)));
    }

    [Fact]
    public async Task Cron_runs_the_very_command()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        var line = new CronScheduler().Plan(Job("15m", false) with { Command = ["printf", "%s|", .. Command] }).CronLines[1];
        Assert.StartsWith("*/15 * * * * 'printf'", line, StringComparison.Ordinal);

        // What cron does before the shell gets it.
        var shell = line["*/15 * * * * ".Length..].Replace(@"\%", "%", StringComparison.Ordinal).Replace(" >/dev/null </dev/null", "", StringComparison.Ordinal);
        var (_, output, _) = await SchedulerProgram.RunAsync(["sh", "-c", shell], null, CancellationToken.None);
        Assert.Equal(string.Join('|', Command) + "|", output);
    }

    [Fact]
    public void Other_lines_of_cron_stay()
    {
        var lines = new CronScheduler().Plan(Job("15m", false)).CronLines;
        const string theirs = "# mine\nMAILTO=me\n5 4 * * * backup\n";
        var with = CronScheduler.Edit(theirs, "homelabops-check-lab", lines);
        Assert.Equal(theirs + string.Join('\n', lines) + "\n", with);
        Assert.Equal(with, CronScheduler.Edit(with, "homelabops-check-lab", lines));
        Assert.Equal(with, CronScheduler.Edit(with, "homelabops-check-la", []));
        Assert.Equal(theirs, CronScheduler.Edit(with, "homelabops-check-lab", []));
        Assert.Equal("", CronScheduler.Edit(CronScheduler.Edit("", "homelabops-check-lab", lines), "homelabops-check-lab", []));
    }

    [Fact]
    public void Of_cron_only_the_line_of_the_check_goes_with_its_mark()
    {
        var lines = new CronScheduler().Plan(Job("15m", false)).CronLines;

        // Somebody has sorted his table, or has taken the line out by hand.
        Assert.Equal("5 4 * * * backup\n", CronScheduler.Edit($"{lines[0]}\n5 4 * * * backup\n", "homelabops-check-lab", []));
        Assert.Equal("5 4 * * * backup\n", CronScheduler.Edit($"5 4 * * * backup\n{lines[0]}\n", "homelabops-check-lab", []));
    }

    [Fact]
    public void A_task_of_Windows_has_its_times_and_arguments()
    {
        var plan = new WindowsScheduler(_folder).Plan(Job("90m", false));
        var task = XDocument.Parse(plan.Files[0].Text);
        var space = task.Root!.Name.Namespace;
        Assert.Equal("PT1H30M", task.Descendants(space + "Interval").Single().Value);
        Assert.Equal(Command[0], task.Descendants(space + "Command").Single().Value);
        Assert.Equal("\"-Command\" \"Import-Module '/a%b/$x'; Invoke-HomelabCheck -Path 'it''s \\\"here\\\"\\'\"", task.Descendants(space + "Arguments").Single().Value);
        Assert.Equal("\"end\\\\\"", WindowsScheduler.Quote("end\\"));
        Assert.Equal("2026-01-01T07:30:00", XDocument.Parse(new WindowsScheduler(_folder).Plan(Job("07:30", true)).Files[0].Text).Descendants(space + "StartBoundary").Single().Value);
    }

    [Fact]
    public async Task A_task_of_Windows_is_written_as_schtasks_writes_them()
    {
        const string program = @"C:\Benutzer\Jürgen Müller\pwsh.exe";
        var plan = new WindowsScheduler(_folder).Plan(Job("15m", false) with { Command = [program] });
        await ScheduleWriter.EnableAsync(plan with { Enable = [], Disable = [] }, "unused", CancellationToken.None);
        var bytes = await File.ReadAllBytesAsync(plan.Files[0].Path);
        Assert.Equal([0xFF, 0xFE, (byte)'<', 0], bytes[..4]);

        // A reader of XML fails where the declaration says anything else than the mark.
        var task = XDocument.Load(plan.Files[0].Path);
        Assert.Equal(("UTF-16", program), (task.Declaration!.Encoding, task.Descendants(task.Root!.Name.Namespace + "Command").Single().Value));
    }

    [Fact]
    public void An_agent_of_launchd_has_its_times_and_arguments()
    {
        var list = XDocument.Parse(new LaunchdScheduler(_folder).Plan(Job("15m", false)).Files[0].Text);
        Assert.Equal(Command, list.Descendants("array").Single().Elements().Select(element => element.Value));
        Assert.Equal(["900"], list.Descendants("integer").Select(element => element.Value));
        Assert.Equal(["7", "30"], XDocument.Parse(new LaunchdScheduler(_folder).Plan(Job("07:30", false)).Files[0].Text).Descendants("integer").Select(element => element.Value));
    }

    [Fact]
    public async Task A_scheduler_that_fails_leaves_nothing_and_says_what_it_said()
    {
        var file = Path.Combine(_folder, "unit");
        var plan = new SchedulePlan("it") { Files = [(file, "text")], Enable = [["dotnet", "no-such-command-at-all"]] };
        Assert.Equal("SchedulerFailed", (await Assert.ThrowsAsync<HomelabException>(() => ScheduleWriter.EnableAsync(plan, "unused", CancellationToken.None))).Id);
        Assert.False(File.Exists(file));
        Assert.Equal("SchedulerFailed", (await Assert.ThrowsAsync<HomelabException>(() => ScheduleWriter.EnableAsync(plan with { Enable = [["no-such-program"]] }, "unused", CancellationToken.None))).Id);
    }

    [Fact]
    public async Task A_program_that_hides_its_failures_is_not_believed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        Assert.True(new LaunchdScheduler(_folder).Plan(Job("15m", false)).IsSilent);
        var file = Path.Combine(_folder, "agent");
        await File.WriteAllTextAsync(file, "text");
        var plan = new SchedulePlan("it") { Files = [(file, "text")], Disable = [["sh", "-c", "echo 'Unload failed: 5' >&2"]], Ask = ["true"], IsSilent = true };
        var error = await Assert.ThrowsAsync<HomelabException>(() => ScheduleWriter.DisableAsync(plan, "unused", CancellationToken.None));
        Assert.Equal("SchedulerFailed", error.Id);
        Assert.Contains("Unload failed: 5", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
        await ScheduleWriter.DisableAsync(plan with { Ask = ["false"] }, "unused", CancellationToken.None);
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("/usr/bin/pwsh", null, "/usr/bin/pwsh", "-NoProfile -NonInteractive -Command Import-Module '/m/it''s.psd1'; Invoke-HomelabCheck -Path '/c/lab.json'")]
    [InlineData("/x/HomelabOps.Console", null, "/x/HomelabOps.Console", "-NoProfile -NonInteractive -ModulePath /m/it's.psd1 -Command Invoke-HomelabCheck -Path '/c/lab.json'")]
    [InlineData("/usr/bin/dotnet", "/x/HomelabOps.Console.dll", "/usr/bin/dotnet", "/x/HomelabOps.Console.dll -NoProfile -NonInteractive -ModulePath /m/it's.psd1 -Command Invoke-HomelabCheck -Path '/c/lab.json'")]
    public void The_shell_is_that_of_this_process(string program, string? first, string expected, string arguments)
    {
        var command = CheckCommand.Of(null, "/m/it's.psd1", "/c/lab.json", (program, first));
        Assert.Equal((expected, arguments), (command[0], string.Join(' ', command.Skip(1))));
    }

    [Fact]
    public void Another_process_needs_a_shell_of_the_path()
    {
        var found = Programs.Find("pwsh") ?? Programs.Find("HomelabOps.Console");
        Assert.Equal(found ?? "ShellNotFound", Run());

        static string Run()
        {
            try
            {
                return CheckCommand.Of(null, "/m.psd1", "/c.json", ("/usr/bin/testhost", null))[0];
            }
            catch (HomelabException error)
            {
                return error.Id;
            }
        }
    }

    private static ScheduledJob Job(string schedule, bool ofMachine) => new("lab", CheckSchedule.Parse(schedule), Command, ofMachine);
}
