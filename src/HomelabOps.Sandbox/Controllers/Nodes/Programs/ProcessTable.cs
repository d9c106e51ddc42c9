namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>The processes of a container, from one start of it to the next. Safe for use by several threads.</summary>
internal sealed class ProcessTable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, SimulatedProcess> _processes = [];
    private int _last;

    /// <summary>Those that run, by their numbers.</summary>
    public IReadOnlyList<SimulatedProcess> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _processes.Values];
            }
        }
    }

    public SimulatedProcess? Find(int number)
    {
        lock (_lock)
        {
            return _processes.GetValueOrDefault(number);
        }
    }

    /// <summary>Adds one that begins now.</summary>
    public SimulatedProcess Add(IReadOnlyList<string> command, IProcessTime time, Action stop, Action<int>? handler = null)
    {
        lock (_lock)
        {
            var process = new SimulatedProcess(++_last, time, stop) { Handler = handler };
            process.Become(command);
            return _processes[process.Number] = process;
        }
    }

    public void Remove(SimulatedProcess process)
    {
        process.Leave();
        lock (_lock)
        {
            _processes.Remove(process.Number);
        }
    }

    /// <summary>Runs something as a process of its own, until it ends or is ended.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> command, IProcessTime time, Func<SimulatedProcess, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var process = Add(command, time, stopping.Cancel);
        try
        {
            return await run(process, stopping.Token);
        }
        catch (OperationCanceledException) when (process.EndedBy is not null && !cancellationToken.IsCancellationRequested)
        {
            return process.EndedBy.Value;
        }
        finally
        {
            Remove(process);
        }
    }
}
