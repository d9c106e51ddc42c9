using System.Globalization;
using System.Text;
using HomelabOps.Core.Scheduling.Webhooks;

namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>A timer and a service of systemd, of the user or of the machine.</summary>
/// <param name="userFolder">Where units of the user are.</param>
/// <param name="machineFolder">Where units of the machine are.</param>
/// <param name="isRunning">Whether systemd runs here.</param>
internal sealed class SystemdScheduler(string userFolder, string machineFolder, bool isRunning) : IScheduler
{
    private const string Head = "# Written by Register-HomelabCheck. Unregister-HomelabCheck takes it away.\n";

    public HomelabScheduler Kind => HomelabScheduler.Systemd;

    /// <summary>The one of this machine.</summary>
    public static SystemdScheduler ForMachine()
    {
        var home = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new(Path.Combine(home, "systemd", "user"), "/etc/systemd/system", Directory.Exists("/run/systemd/system"));
    }

    public SchedulePlan Plan(ScheduledJob job)
    {
        var (folder, timer) = (job.OfMachine ? machineFolder : userFolder, $"{job.Unit}.timer");
        string[] control = job.OfMachine ? ["systemctl"] : ["systemctl", "--user"];
        return new($"{timer} of systemd")
        {
            Files = [(Path.Combine(folder, $"{job.Unit}.service"), Service(job)), (Path.Combine(folder, timer), Timer(job))],
            Enable = [[.. control, "daemon-reload"], [.. control, "enable", "--now", timer]],
            Disable = [[.. control, "disable", "--now", timer]],

            // Without a bus it knows nothing, and ends as for a timer that is not there.
            Ask = [.. control, "is-enabled", timer],
            Absent = ["disabled", "not-found", "No such file", "does not exist", "masked"],
            Afterwards = [[.. control, "daemon-reload"]],
            IsAsleep = !isRunning,
        };
    }

    /// <summary>An argument as ExecStart takes it.</summary>
    internal static string Quote(string argument) =>
        $"\"{argument.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";

    private static string Service(ScheduledJob job)
    {
        var text = new StringBuilder(Head).Append(CultureInfo.InvariantCulture, $"[Unit]\nDescription=HomelabOps: check {job.Name}\n");
        if (job.OfMachine)
        {
            text.Append("Wants=network-online.target\nAfter=network-online.target\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n[Service]\nType=oneshot\nExecStart={string.Join(' ', job.Command.Select(Quote))}\nStandardInput=null\nTimeoutStartSec=15min\nNoNewPrivileges=yes\n");
        if (job is { OfMachine: true, WebhookFile: { } file })
        {
            // The service gets the content; the unit has only the place.
            text.Append(CultureInfo.InvariantCulture, $"LoadCredential={WebhookAddress.Credential}:{file.Replace("%", "%%", StringComparison.Ordinal)}\n");
        }

        return text.ToString();
    }

    private static string Timer(ScheduledJob job)
    {
        var when = job.Schedule.At is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"OnCalendar=*-*-* {at:HH:mm}:00\nPersistent=true\n")
            : string.Create(CultureInfo.InvariantCulture, $"OnBootSec=2min\nOnActiveSec=10s\nOnUnitActiveSec={job.Schedule.Every!.Value.TotalMinutes}min\n");
        return $"{Head}[Unit]\nDescription=HomelabOps: when to check {job.Name}\n\n[Timer]\n{when}RandomizedDelaySec=10s\nUnit={job.Unit}.service\n\n[Install]\nWantedBy=timers.target\n";
    }
}
