using System.Management.Automation;
using System.Runtime.InteropServices;

namespace HomelabOps.Console;

/// <summary>
/// Ctrl+C and the signals that end a process. A pipeline is stopped, never killed, so that its finally blocks run and its
/// cmdlets give back what they hold; only a second signal ends the process at once. Who sends SIGTERM or closes the terminal
/// does not send it twice, so a pipeline that does not stop, because .NET code in it waits for something, ends with the process.
/// </summary>
internal sealed class StopControl : IDisposable
{
    // Long enough for finally blocks and the sandbox, and shorter than what a service manager or a shell waits before it kills.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Stack<(PowerShell Pipeline, CancellationTokenSource Stopped)> _running = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Timer _deadline;
    private readonly bool _interruptEnds;

    /// <param name="interruptEnds">Ctrl+C ends the process (-Command, -File) and not only the running pipeline.</param>
    public StopControl(bool interruptEnds)
    {
        _interruptEnds = interruptEnds;
        _deadline = new Timer(_ => Environment.Exit(ExitCode ?? ExitCodes.Failure));
        Register(PosixSignal.SIGINT, Interrupt);
        Register(PosixSignal.SIGTERM, () => EndWithin(Grace, ExitCodes.Terminated));
        Register(PosixSignal.SIGHUP, () => EndWithin(Grace, ExitCodes.HungUp));
    }

    /// <summary>Set once the process is to end; no further pipeline is started then.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Cancelled when the running pipeline is to stop or, between pipelines, when the process is to end.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                return _running.TryPeek(out var top) ? top.Stopped.Token : _ending.Token;
            }
        }
    }

    public void Interrupt()
    {
        if (_interruptEnds)
        {
            End(ExitCodes.Interrupted);
        }
        else
        {
            StopInnermost();
        }
    }

    public void Enter(PowerShell pipeline)
    {
        lock (_lock)
        {
            // A nested pipeline does not outlive the process either, hence the link.
            _running.Push((pipeline, CancellationTokenSource.CreateLinkedTokenSource(_ending.Token)));
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _running.Pop().Stopped.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _deadline.Dispose();
        _ending.Dispose();
    }

    private void Register(PosixSignal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));

    private void EndWithin(TimeSpan grace, int exitCode)
    {
        _deadline.Change(grace, Timeout.InfiniteTimeSpan);
        End(exitCode);
    }

    private void End(int exitCode)
    {
        lock (_lock)
        {
            if (ExitCode is not null)
            {
                // Asked twice: somebody does not want to wait for what is being cleaned up.
                Environment.Exit(exitCode);
            }

            ExitCode = exitCode;
        }

        _ending.Cancel();
        StopInnermost();
    }

    private void StopInnermost()
    {
        lock (_lock)
        {
            if (_running.TryPeek(out var top))
            {
                // BeginStop, because waiting here for a finally block would hold up a second signal.
                top.Pipeline.BeginStop(callback: null, state: null);
                top.Stopped.Cancel();
            }
        }
    }
}
