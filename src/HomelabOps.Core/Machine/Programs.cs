using System.ComponentModel;
using System.Diagnostics;

namespace HomelabOps.Core.Machine;

/// <summary>Other programs of this machine.</summary>
internal static class Programs
{
    // A program may leave a helper behind that keeps the pipes open; what it wrote itself is there by then.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    /// <summary>The program's path; null where there is none. .NET would look in its own folder and in the current one first, and on Windows for .exe only.</summary>
    public static string? Find(string command)
    {
        string[] extensions = OperatingSystem.IsWindows()
            ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';', StringSplitOptions.RemoveEmptyEntries)]
            : [""];
        IEnumerable<string> folders = Path.IsPathRooted(command)
            ? [""]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted);
        return folders.SelectMany(folder => extensions.Select(extension => Path.Combine(folder, command) + extension)).FirstOrDefault(CanRun);
    }

    /// <summary>Ends a program with all that it started.</summary>
    public static async Task KillAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException or OperationCanceledException)
        {
            // It ended by itself, or the system does not let it go; there is no more to do about it.
        }
    }

    /// <summary>Waits for what a program that has ended wrote, and not for what it left behind.</summary>
    public static async Task SettleAsync(Task pipes) => await Task.WhenAny(pipes, Task.Delay(PipeGrace, CancellationToken.None));

    private static bool CanRun(string path) => File.Exists(path) && (OperatingSystem.IsWindows() ? Path.HasExtension(path)
        : (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);
}
