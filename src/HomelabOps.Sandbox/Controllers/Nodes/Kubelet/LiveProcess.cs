using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>A command that runs in a container, with all that it starts, as time passes in the homelab.</summary>
internal sealed class LiveProcess
{
    private readonly SteppedTime _time;
    private readonly ProcessTable _processes;
    private Task? _run;

    private LiveProcess(SteppedTime time, ProcessTable processes) => (_time, _processes, Output) = (time, processes, new ProcessOutput(time));

    public ProcessOutput Output { get; }

    /// <summary>How long it ran; null while it does.</summary>
    public TimeSpan? EndsAfter { get; private set; }

    public int ExitCode { get; private set; }

    /// <summary>When it does something next by itself; null where it does not.</summary>
    public DateTimeOffset? NextAt => EndsAfter is null ? _time.NextAt : null;

    /// <summary>Begins one and lets it come as far as it does at once.</summary>
    /// <param name="time">The time that it lives in.</param>
    /// <param name="processes">The container's processes, of which it is the next.</param>
    /// <param name="run">Runs it, with its output.</param>
    public static async Task<LiveProcess> StartAsync(SteppedTime time, ProcessTable processes, Func<Stream, Task<int>> run)
    {
        var process = new LiveProcess(time, processes);
        time.Enqueue(() => process._run = process.RunAsync(run));
        await process.AdvanceAsync(time.Now);
        return process;
    }

    /// <summary>Lets it do what it does until then.</summary>
    public async Task AdvanceAsync(DateTimeOffset now)
    {
        if (EndsAfter is not null)
        {
            return;
        }

        await _time.AdvanceAsync(now);
        if (_run is { IsFaulted: true } failed)
        {
            await failed;
        }
    }

    /// <summary>Gives the first process a signal.</summary>
    public async Task SendAsync(int signal, DateTimeOffset now)
    {
        await AdvanceAsync(now);
        _time.Enqueue(() => _processes.Find(SimulatedProcess.First)?.Send(signal));
        await AdvanceAsync(now);
    }

    private async Task RunAsync(Func<Stream, Task<int>> run)
    {
        try
        {
            ExitCode = await run(Output);
            EndsAfter = _time.Passed;
        }
        catch (SteppedTime.EndlessException)
        {
            // It is busy for ever, and nothing comes of it.
        }

        Output.Finish();
    }
}
