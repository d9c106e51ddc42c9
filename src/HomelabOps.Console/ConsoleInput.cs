using System.Management.Automation;
using System.Security;
using System.Text;

namespace HomelabOps.Console;

/// <summary>
/// Reads lines and keys in a way that a stop can end. The console cannot cancel a read, so it runs beside us; one that was
/// left behind is taken up by the next reader, who so misses nothing that was typed.
/// </summary>
internal sealed class ConsoleInput(ConsoleOutput output, StopControl stops)
{
    private Task<string?>? _pendingLine;
    private Task<ConsoleKeyInfo>? _pendingKey;

    /// <returns>Null at the end of the input.</returns>
    public string? ReadLine() => Terminal.InputIsTerminal ? ReadTyped(hidden: false).ToString() : ReadRedirectedLine();

    /// <returns>Null at the end of the input.</returns>
    public SecureString? ReadSecret()
    {
        if (Terminal.InputIsTerminal)
        {
            return Secure(ReadTyped(hidden: true));
        }

        return ReadRedirectedLine() is { } line ? Secure(new StringBuilder(line)) : null;
    }

    public ConsoleKeyInfo ReadKey()
    {
        _pendingKey ??= Task.Run(() => SystemConsole.ReadKey(intercept: true));
        ConsoleKeyInfo key = Await(_pendingKey);
        _pendingKey = null;
        return key;
    }

    /// <summary>Runs a reader of keys with Ctrl+C as a key like any other.</summary>
    public static T WithControlCAsKey<T>(Func<T> read)
    {
        SystemConsole.TreatControlCAsInput = true;
        try
        {
            return read();
        }
        finally
        {
            SystemConsole.TreatControlCAsInput = false;
        }
    }

    public string? ReadRedirectedLine()
    {
        _pendingLine ??= Task.Run(SystemConsole.In.ReadLine);
        string? line = Await(_pendingLine);
        _pendingLine = null;
        return line;
    }

    private static SecureString Secure(StringBuilder text)
    {
        SecureString secret = new();
        for (int i = 0; i < text.Length; i++)
        {
            secret.AppendChar(text[i]);
            text[i] = '\0';
        }

        secret.MakeReadOnly();
        return secret;
    }

    private T Await<T>(Task<T> read)
    {
        try
        {
            read.Wait(stops.Token);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }

        return read.GetAwaiter().GetResult();
    }

    private StringBuilder ReadTyped(bool hidden) => WithControlCAsKey(() =>
    {
        StringBuilder typed = new();
        while (true)
        {
            ConsoleKeyInfo key = ReadKey();
            if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
            {
                output.WritePrompt(Environment.NewLine);
                stops.Interrupt();
                throw new PipelineStoppedException();
            }

            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    output.WritePrompt(Environment.NewLine);
                    return typed;
                case ConsoleKey.Backspace when typed.Length > 0:
                    RemoveLast(typed, hidden);
                    break;
                case ConsoleKey.Backspace:
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        typed.Append(key.KeyChar);
                        output.WritePrompt(hidden ? "*" : key.KeyChar.ToString());
                    }

                    break;
            }
        }
    });

    private void RemoveLast(StringBuilder typed, bool hidden)
    {
        int length = typed.Length > 1 && char.IsLowSurrogate(typed[^1]) ? 2 : 1;
        string last = typed.ToString(typed.Length - length, length);
        typed.Length -= length;
        int cells = hidden ? length : Cells.Width(last);
        output.WritePrompt(string.Concat(Enumerable.Repeat("\b \b", cells)));
    }
}
