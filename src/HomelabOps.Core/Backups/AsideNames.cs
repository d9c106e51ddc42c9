using System.Globalization;

namespace HomelabOps.Core.Backups;

/// <summary>Names of folders beside an application's data. They begin with a dot, so that nothing takes them for an application's.</summary>
internal static class AsideNames
{
    private const string Mark = ".homelabops-";
    private const string Staged = Mark + "restoring-";
    private const string Form = "yyyyMMdd-HHmmss";

    /// <summary>What was there before: <c>.sonarr.homelabops-20261126-154500</c>.</summary>
    public static string Aside(string folder, DateTime time) => $".{folder}{Mark}{Text(time)}";

    /// <summary>What is about to be there.</summary>
    public static string Stage(string folder, DateTime time) => StagePrefix(folder) + Text(time);

    /// <summary>What is being moved aside, and is not there whole.</summary>
    public static string Part(string folder, DateTime time) => $".{folder}{Mark}part-{Text(time)}";

    /// <summary>How the names of all that is about to be there begin.</summary>
    public static string StagePrefix(string folder) => $".{folder}{Staged}";

    /// <summary>Folder and local time of what was there before; null for another name.</summary>
    public static (string Folder, DateTime Time)? Parse(string name)
    {
        var mark = name.LastIndexOf(Mark, StringComparison.Ordinal);
        return mark > 1 && name[0] == '.' && DateTime.TryParseExact(name.AsSpan(mark + Mark.Length), Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? (name[1..mark], time)
            : null;
    }

    private static string Text(DateTime time) => time.ToString(Form, CultureInfo.InvariantCulture);
}
