using System.Xml.Linq;

namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>An agent of the user, or a daemon of the machine, of macOS.</summary>
/// <param name="userFolder">Where agents of the user are.</param>
internal sealed class LaunchdScheduler(string userFolder) : IScheduler
{
    public HomelabScheduler Kind => HomelabScheduler.Launchd;

    /// <summary>The one of this machine.</summary>
    public static LaunchdScheduler ForMachine() => new(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Library", "LaunchAgents"));

    public SchedulePlan Plan(ScheduledJob job)
    {
        var label = $"io.homelabops.check.{job.Name}";
        var file = Path.Combine(job.OfMachine ? "/Library/LaunchDaemons" : userFolder, $"{label}.plist");
        return new($"{label} of launchd")
        {
            Files = [(file, List(job, label))],
            Enable = [["launchctl", "load", "-w", file]],
            Disable = [["launchctl", "unload", "-w", file]],
            Ask = ["launchctl", "list", label],
            IsSilent = true,
        };
    }

    private static string List(ScheduledJob job, string label)
    {
        var when = job.Schedule.At is { } at
            ? new XElement[] { new("key", "StartCalendarInterval"), new("dict", new XElement("key", "Hour"), new XElement("integer", at.Hour), new XElement("key", "Minute"), new XElement("integer", at.Minute)) }
            : [new("key", "StartInterval"), new("integer", (int)job.Schedule.Every!.Value.TotalSeconds)];
        var document = new XDocument(
            new XDocumentType("plist", "-//Apple//DTD PLIST 1.0//EN", "http://www.apple.com/DTDs/PropertyList-1.0.dtd", null),
            new XElement("plist", new XAttribute("version", "1.0"), new XElement(
                "dict",
                new XElement("key", "Label"),
                new XElement("string", label),
                new XElement("key", "ProgramArguments"),
                new XElement("array", job.Command.Select(argument => new XElement("string", argument))),
                when,
                new XElement("key", "StandardInPath"),
                new XElement("string", "/dev/null"))));
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}\n";
    }
}
