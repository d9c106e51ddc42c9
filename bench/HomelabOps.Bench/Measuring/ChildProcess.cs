using System.ComponentModel;
using System.Diagnostics;

namespace HomelabOps.Bench.Measuring;

/// <summary>Runs programs and looks at the time and the memory they take.</summary>
internal static class ChildProcess
{
    /// <summary>What a program took.</summary>
    /// <param name="Milliseconds">From its start until it has ended.</param>
    /// <param name="PeakBytes">Its largest working set, 0 where the system does not tell.</param>
    internal sealed record Usage(double Milliseconds, long PeakBytes);

    /// <summary>Runs a program with its output thrown away by the system, not by the bench.</summary>
    public static Usage Run(string program, IEnumerable<string> arguments, bool watchMemory = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The shell only opens /dev/null and becomes the program.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", "exec \"$@\" >/dev/null </dev/null", "sh", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = Start(start);
        long peak = 0;
        while (watchMemory && !process.WaitForExit(5))
        {
            peak = Math.Max(peak, Memory.Peak(process.Id));
        }

        process.WaitForExit();
        var elapsed = clock.Elapsed.TotalMilliseconds;
        var errors = process.StandardError.ReadToEnd();
        return process.ExitCode == 0
            ? new Usage(elapsed, peak)
            : throw new BenchException($"{program} ended with exit code {process.ExitCode}: {errors.Trim()}");
    }

    /// <summary>Runs a program and gives what it prints.</summary>
    public static string Output(string program, IEnumerable<string> arguments)
    {
        using var process = Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new BenchException($"{program} ended with exit code {process.ExitCode}: {errors.Result.Trim()}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new BenchException($"Cannot start '{start.FileName}', which the bench needs: {error.Message}");
        }
    }
}
