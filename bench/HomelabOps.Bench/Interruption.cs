using System.Runtime.InteropServices;

namespace HomelabOps.Bench;

/// <summary>Ctrl+C and SIGTERM: empties the server and ends the process, since what is being measured cannot be stopped.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="empty">Empties the server.</param>
    public Interruption(Func<Task> empty)
    {
        _registrations = [Register(PosixSignal.SIGINT, 130), Register(PosixSignal.SIGTERM, 143)];

        PosixSignalRegistration Register(PosixSignal signal, int code) => PosixSignalRegistration.Create(signal, received =>
        {
            received.Cancel = true;
            empty().GetAwaiter().GetResult();
            Environment.Exit(code);
        });
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
