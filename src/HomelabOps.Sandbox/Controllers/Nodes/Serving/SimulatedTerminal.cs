using System.IO.Pipelines;
using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>
/// What the kernel does between the keys of a user and a program: shows what is typed, erases, and gives a line when it has
/// ended. Ctrl+C drops the line, Ctrl+D ends the input. A program that runs is not interrupted.
/// </summary>
internal sealed class SimulatedTerminal
{
    private const byte Interrupt = 3;
    private const byte EndOfInput = 4;
    private const byte Backspace = 8;
    private const byte Delete = 127;

    private readonly Stream _keys;
    private readonly Pipe _lines = new();

    /// <param name="keys">What the user types.</param>
    /// <param name="screen">What the user sees.</param>
    public SimulatedTerminal(Stream keys, Stream screen)
    {
        _keys = keys;
        Output = new ScreenStream(screen);
        Input = _lines.Reader.AsStream();
    }

    /// <summary>The lines that a program reads.</summary>
    public Stream Input { get; }

    /// <summary>What a program writes to.</summary>
    public Stream Output { get; }

    /// <summary>Carries keys until they end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (line, buffer) = (new List<byte>(), new byte[256]);
        try
        {
            int read;
            while ((read = await _keys.ReadAsync(buffer, cancellationToken)) > 0)
            {
                foreach (var key in buffer[..read])
                {
                    if (key == EndOfInput && line.Count == 0)
                    {
                        return;
                    }

                    await TakeAsync(key, line, cancellationToken);
                }
            }
        }
        finally
        {
            await _lines.Writer.CompleteAsync();
        }
    }

    private async Task TakeAsync(byte key, List<byte> line, CancellationToken cancellationToken)
    {
        switch (key)
        {
            case (byte)'\r' or (byte)'\n':
                await ShowAsync("\n", cancellationToken);
                line.Add((byte)'\n');
                await _lines.Writer.WriteAsync(line.ToArray(), cancellationToken);
                line.Clear();
                break;
            case Interrupt:
                await ShowAsync("^C\n", cancellationToken);
                await _lines.Writer.WriteAsync("\n"u8.ToArray(), cancellationToken);
                line.Clear();
                break;
            case Backspace or Delete:
                if (line.Count > 0)
                {
                    line.RemoveAt(line.Count - 1);
                    await ShowAsync("\b \b", cancellationToken);
                }

                break;
            case >= (byte)' ' or (byte)'\t':
                line.Add(key);
                await Output.WriteAsync(new[] { key }, cancellationToken);
                break;
        }
    }

    private ValueTask ShowAsync(string text, CancellationToken cancellationToken) => Output.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    /// <summary>A screen needs to be told to go back to the beginning of the line.</summary>
    private sealed class ScreenStream(Stream screen) : WriteOnlyStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            screen.WriteAsync(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(buffer.Span).Replace("\n", "\r\n", StringComparison.Ordinal)), cancellationToken);
    }
}
