using System.ComponentModel;
using System.Diagnostics;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>Runs programs of the scheduler.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs one to its end.</summary>
    /// <param name="call">Program and arguments.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">SchedulerFailed: it is not there, or does not end.</exception>
    public static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<string> call, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Programs.Find(call[0]) ?? throw Errors.SchedulerFailed(call[0], "The program is not there."), call.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Some of what they say can only be told by its words.
        start.Environment["LC_ALL"] = "C";
        using var process = new Process { StartInfo = start };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Patience);
        try
        {
            process.Start();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(stop.Token), process.StandardError.ReadToEndAsync(stop.Token));
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), stop.Token);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(stop.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            await Programs.KillAsync(process);
            cancellationToken.ThrowIfCancellationRequested();
            throw Errors.SchedulerFailed(string.Join(' ', call), "It does not end.");
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            throw Errors.SchedulerFailed(string.Join(' ', call), error.Message);
        }
    }
}
