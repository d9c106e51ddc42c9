using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>A running kubectl. It is ended with the test, by its id.</summary>
internal sealed class KubectlProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;
    private readonly Task _reading;

    public KubectlProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public StreamWriter Input => _process.StandardInput;

    /// <summary>The next line that it writes.</summary>
    public async Task<string> LineAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await _lines.Reader.ReadAsync(limit.Token);
        }
        catch (ChannelClosedException)
        {
            Assert.Fail($"kubectl has ended: {await _error}");
            return "";
        }
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Result> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        await _reading.WaitAsync(limit.Token);
        return new(_process.ExitCode, _output.ToString(), await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        await _error;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Append(line).Append('\n');
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    internal sealed record Result(int ExitCode, string Output, string Error);
}
