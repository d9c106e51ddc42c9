using System.Runtime.InteropServices;

namespace HomelabOps.Core.Machine;

/// <summary>
/// The terminal of this session with every key going where it is read, Ctrl+C included. What it was before comes back when
/// it is disposed of. Only one at a time.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Action _restore;

    private RawTerminal(Action restore)
    {
        _restore = restore;
        Input = new KeyStream(OperatingSystem.IsWindows() ? ReadOnWindows : ReadOnUnix);
    }

    /// <summary>Whether input and output of this session are a terminal.</summary>
    public static bool IsAvailable => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>The keys as the bytes that a terminal sends. A read that is cancelled takes no key away from who reads next.</summary>
    public Stream Input { get; }

    /// <summary>Columns and rows.</summary>
    public static (int Columns, int Rows) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <summary>Takes the terminal.</summary>
    /// <exception cref="HomelabException">NoTerminal.</exception>
    public static RawTerminal Open() => !IsAvailable ? throw Errors.NoTerminal() : OperatingSystem.IsWindows() ? OpenOnWindows() : OpenOnUnix();

    /// <summary>Shows what the other side writes, escape sequences included.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _output.WriteAsync(bytes, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
        _restore();
        _output.Dispose();
    }

    // Systems differ in how large the structure is and what is where in it; none needs more than this, and cfmakeraw knows.
    private static RawTerminal OpenOnUnix()
    {
        var before = new byte[256];
        if (GetAttributes(StandardInput, ref before[0]) != 0)
        {
            throw Errors.NoTerminal();
        }

        var raw = (byte[])before.Clone();
        MakeRaw(ref raw[0]);
        _ = SetAttributes(StandardInput, 0, ref raw[0]);
        return new(() => _ = SetAttributes(StandardInput, 0, ref before[0]));
    }

    private static int ReadOnUnix(byte[] buffer, int milliseconds)
    {
        var wait = new PollRequest { File = StandardInput, Events = 1 };
        return Poll(ref wait, 1, milliseconds) <= 0 ? -1 : (int)Math.Max(0, Read(StandardInput, ref buffer[0], (nuint)buffer.Length));
    }

    private static RawTerminal OpenOnWindows()
    {
        const uint processedLineEcho = 7;
        const uint escapesIn = 0x200;
        const uint escapesOut = 5;
        var (input, output) = (GetStdHandle(-10), GetStdHandle(-11));
        if (!GetConsoleMode(input, out var modeIn) || !GetConsoleMode(output, out var modeOut))
        {
            throw Errors.NoTerminal();
        }

        _ = SetConsoleMode(input, (modeIn & ~processedLineEcho) | escapesIn);
        _ = SetConsoleMode(output, modeOut | escapesOut);
        return new(() =>
        {
            _ = SetConsoleMode(input, modeIn);
            _ = SetConsoleMode(output, modeOut);
        });
    }

    private static int ReadOnWindows(byte[] buffer, int milliseconds)
    {
        var input = GetStdHandle(-10);
        return WaitForSingleObject(input, (uint)milliseconds) != 0 ? -1 : ReadFile(input, ref buffer[0], (uint)buffer.Length, out var read, 0) ? (int)read : 0;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAttributes(int file, ref byte settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAttributes(int file, int when, ref byte settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void MakeRaw(ref byte settings);

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollRequest files, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int file, ref byte buffer, nuint size);

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

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool ReadFile(nint handle, ref byte buffer, uint size, out uint read, nint overlapped);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
