namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>What a shell has started beside itself, and the process that it is, with what it does at signals.</summary>
internal sealed class ShellJobs(ProgramCall call)
{
    private readonly Dictionary<int, Task<int>> _jobs = [];
    private readonly List<SimulatedProcess> _started = [];

    public SimulatedProcess Process { get; } = call.Process ?? call.Context.Processes.Add([call.Name, .. call.Arguments], call.Context.Time, () => { });

    /// <summary>The number of what was started last; null before.</summary>
    public int? Last { get; private set; }

    /// <summary>Starts something as a process of its own.</summary>
    public void Start(Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        var number = 0;
        var job = call.Context.Processes.RunAsync(
            Process.Command,
            call.Context.Time,
            (process, stop) =>
            {
                number = process.Number;
                _started.Add(process);
                return call.Context.Time.ForkAsync(() => run(stop));
            },
            cancellationToken);
        _jobs[number] = job;
        Last = number;
    }

    /// <summary>Waits for one of them or for all, until a signal comes for which there is a trap.</summary>
    public async Task<int> WaitAsync(int? number, CancellationToken cancellationToken) =>
        number is not { } one ? await Process.WaitAsync(AllAsync(), cancellationToken)
        : _jobs.TryGetValue(one, out var job) ? await Process.WaitAsync(job, cancellationToken)
        : 127;

    /// <summary>Ends them all: what a shell leaves behind has nobody who would end it.</summary>
    public void End() => _started.ForEach(process => process.Send(Signals.Kill));

    private async Task<int> AllAsync()
    {
        await ((Task)Task.WhenAll(_jobs.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
