namespace HomelabOps.Console;

/// <summary>The exit codes of pwsh, so that scripts around the console need not care which of the two they run.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadCommandLine = 64;
    private const int SignalBase = 128;
    private const int WindowsControlC = unchecked((int)0xC000013A);

    /// <summary>What a shell expects of a process that ended on Ctrl+C.</summary>
    public static int Interrupted { get; } = OperatingSystem.IsWindows() ? WindowsControlC : SignalBase + 2;

    public static int HungUp { get; } = OperatingSystem.IsWindows() ? WindowsControlC : SignalBase + 1;

    public static int Terminated { get; } = OperatingSystem.IsWindows() ? WindowsControlC : SignalBase + 15;
}
