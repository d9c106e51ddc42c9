using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>A task of Windows.</summary>
/// <param name="folder">Where the description of the task is kept.</param>
internal sealed class WindowsScheduler(string folder) : IScheduler
{
    private static readonly XNamespace Space = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    public HomelabScheduler Kind => HomelabScheduler.TaskScheduler;

    public SchedulePlan Plan(ScheduledJob job)
    {
        var (file, name) = (Path.Combine(folder, $"{job.Unit}.xml"), $@"\HomelabOps\{job.Name}");
        return new($@"the task {name}")
        {
            Files = [(file, Describe(job))],

            // As schtasks itself writes them. Without a mark it would take names of folders for those of another code page.
            Encoding = Encoding.Unicode,
            Enable = [["schtasks", "/Create", "/TN", name, "/XML", file, "/F"]],
            Disable = [["schtasks", "/Delete", "/TN", name, "/F"]],
            Ask = ["schtasks", "/Query", "/TN", name],
        };
    }

    /// <summary>Arguments as Windows' programs take them apart.</summary>
    internal static string Quote(string argument)
    {
        var text = new StringBuilder("\"");
        var slashes = 0;
        foreach (var letter in argument)
        {
            if (letter == '"')
            {
                text.Append('\\', slashes + 1);
            }

            slashes = letter == '\\' ? slashes + 1 : 0;
            text.Append(letter);
        }

        return text.Append('\\', slashes).Append('"').ToString();
    }

    private static string Describe(ScheduledJob job)
    {
        var start = "2026-01-01T" + (job.Schedule.At ?? TimeOnly.MinValue).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        XElement trigger = job.Schedule.At is not null
            ? Of("CalendarTrigger", Of("StartBoundary", start), Of("ScheduleByDay", Of("DaysInterval", 1)))
            : Of("TimeTrigger", Of("Repetition", Of("Interval", XmlConvert.ToString(job.Schedule.Every!.Value))), Of("StartBoundary", start));
        var principal = job.OfMachine ? Of("Principal", Of("UserId", "S-1-5-18")) : Of("Principal", Of("LogonType", "InteractiveToken"));
        var task = new XElement(
            Space + "Task",
            new XAttribute("version", "1.2"),
            Of("RegistrationInfo", Of("Description", $"HomelabOps: check {job.Name}")),
            Of("Triggers", trigger),
            Of("Principals", principal),
            Of("Settings", Of("MultipleInstancesPolicy", "IgnoreNew"), Of("DisallowStartIfOnBatteries", "false"), Of("StartWhenAvailable", "true"), Of("RunOnlyIfNetworkAvailable", "true"), Of("ExecutionTimeLimit", "PT15M")),
            Of("Actions", Of("Exec", Of("Command", job.Command[0]), Of("Arguments", string.Join(' ', job.Command.Skip(1).Select(Quote))))));
        return $"<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n{task}\n";
    }

    private static XElement Of(string name, params object[] content) => new(Space + name, content);
}
