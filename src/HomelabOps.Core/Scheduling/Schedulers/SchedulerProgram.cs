using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>Runs programs of the scheduler.</summary>
internal static class SchedulerProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs one to its end.</summary>
    /// <param name="call">Program and arguments.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">SchedulerFailed: it is not there, or does not end.</exception>
    public static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<string> call, string? input, CancellationToken cancellationToken)
    {
        var program = Programs.Find(call[0]) ?? throw Errors.SchedulerFailed(call[0], "The program is not there.");
        try
        {
            return await ProgramRun.RunAsync(program, call.Skip(1), input, Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw Errors.SchedulerFailed(string.Join(' ', call), "It does not end.");
        }
        catch (IOException error)
        {
            throw Errors.SchedulerFailed(string.Join(' ', call), error.Message);
        }
    }
}
