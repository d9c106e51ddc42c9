using System.ComponentModel;
using System.Diagnostics;

namespace HomelabOps.Core.Machine;

/// <summary>Runs programs of the machine to their end.</summary>
internal static class ProgramRun
{
    /// <summary>Runs one.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">It does not end, and was ended.</exception>
    /// <exception cref="IOException">It cannot be run.</exception>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, IEnumerable<string> arguments, string? input, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // Some of what they say can only be told by its words.
        start.Environment["LC_ALL"] = "C";
        using var process = new Process { StartInfo = start };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(patience);
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
            throw new TimeoutException();
        }
        catch (Win32Exception error)
        {
            throw new IOException(error.Message, error);
        }
    }
}
