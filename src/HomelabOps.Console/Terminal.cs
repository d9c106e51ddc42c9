using System.Globalization;
using System.Runtime.InteropServices;

namespace HomelabOps.Console;

/// <summary>What is known of the terminal, asked once: the answers decide about colour, width, progress and prompts.</summary>
internal static partial class Terminal
{
    // What pwsh assumes without a terminal.
    private const int WidthWithoutTerminal = 120;
    private const int HeightWithoutTerminal = 30;
    private const int StandardOutput = -11;
    private const uint VirtualTerminalProcessing = 4;

    public static bool InputIsTerminal { get; } = !SystemConsole.IsInputRedirected;

    public static bool OutputIsTerminal { get; } = !SystemConsole.IsOutputRedirected;

    public static bool ErrorIsTerminal { get; } = !SystemConsole.IsErrorRedirected;

    /// <summary>The terminal understands escape sequences at all, be it for colour or for moving the cursor.</summary>
    public static bool UnderstandsEscapes { get; } =
        Environment.GetEnvironmentVariable("TERM") != "dumb" && (!OperatingSystem.IsWindows() || TryEnableEscapesOnWindows());

    /// <summary>https://no-color.org: present and not empty.</summary>
    public static bool ColourUnwanted { get; } = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    public static bool ColourOnOutput { get; } = OutputIsTerminal && UnderstandsEscapes && !ColourUnwanted;

    public static bool ColourOnError { get; } = ErrorIsTerminal && UnderstandsEscapes && !ColourUnwanted;

    /// <summary>Lines can be edited only where keys can be read and the cursor moved.</summary>
    public static bool CanEditLines { get; } = InputIsTerminal && OutputIsTerminal && UnderstandsEscapes;

    public static int Width => OutputIsTerminal ? Ask(() => SystemConsole.WindowWidth, WidthWithoutTerminal) : RequestedWidth();

    public static int Height => OutputIsTerminal ? Ask(() => SystemConsole.WindowHeight, HeightWithoutTerminal) : HeightWithoutTerminal;

    private static int RequestedWidth() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out int columns) && columns > 0 ? columns : WidthWithoutTerminal;

    private static int Ask(Func<int> property, int otherwise)
    {
        try
        {
            int value = property();
            return value > 0 ? value : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }

    private static bool TryEnableEscapesOnWindows()
    {
        nint handle = GetStdHandle(StandardOutput);
        return GetConsoleMode(handle, out uint mode)
            && ((mode & VirtualTerminalProcessing) != 0 || SetConsoleMode(handle, mode | VirtualTerminalProcessing));
    }

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetStdHandle(int handle);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetConsoleMode(nint handle, out uint mode);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleMode(nint handle, uint mode);
}
