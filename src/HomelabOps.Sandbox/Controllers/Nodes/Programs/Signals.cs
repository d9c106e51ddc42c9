using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>The signals that scripts and users name.</summary>
internal static class Signals
{
    public const int Exit = 0;
    public const int Kill = 9;
    public const int Terminate = 15;

    // What a process ends with that a signal has ended.
    private const int Ended = 128;
    private static readonly Dictionary<string, int> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["EXIT"] = Exit,
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["KILL"] = Kill,
        ["USR1"] = 10,
        ["USR2"] = 12,
        ["TERM"] = Terminate,
    };

    /// <summary>The number of a signal that is named as <c>TERM</c>, <c>SIGTERM</c> or <c>15</c>; null for none that is known.</summary>
    public static int? Parse(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? Names.ContainsValue(number) ? number : null
        : Names.TryGetValue(name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? name[3..] : name, out var known) ? known : null;

    /// <summary>The exit code of a process that a signal has ended.</summary>
    public static int Code(int signal) => Ended + signal;
}
