using System.Diagnostics;
using System.Text;

namespace HomelabOps.Console.Tests;

/// <summary>Runs the built console as its users do. Whatever happens, the process is gone afterwards.</summary>
internal sealed class ConsoleProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ConsoleProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static string Executable { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "HomelabOps.Console.exe" : "HomelabOps.Console");

    public int Id => _process.Id;

    public static Result Run(params string[] arguments) => RunWith(stdin: string.Empty, environment: null, arguments);

    public static Result RunWith(string stdin, IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        using ConsoleProcess console = Start(environment, Executable, arguments);
        console.Type(stdin);
        console.CloseInput();
        return console.Wait();
    }

    /// <summary>A bare engine and one command: what most tests need.</summary>
    public static Result RunCommand(string command) => Run("-NoImport", "-Command", command);

    public static ConsoleProcess Start(IReadOnlyDictionary<string, string?>? environment, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new ConsoleProcess(start);
    }

    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void WaitForOutput(string text)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!Text(_output).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < Limit, $"'{text}' did not come. Output: {Text(_output)} Errors: {Text(_error)}");
            Thread.Sleep(20);
        }
    }

    public Result Wait()
    {
        Assert.True(_process.WaitForExit(Limit), $"The console did not end. Output: {Text(_output)} Errors: {Text(_error)}");
        _process.WaitForExit();
        return new Result(_process.ExitCode, Text(_output), Text(_error));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder target, string? line)
    {
        if (line is not null)
        {
            lock (target)
            {
                target.Append(line).Append('\n');
            }
        }
    }

    private static string Text(StringBuilder source)
    {
        lock (source)
        {
            return source.ToString();
        }
    }

    internal sealed record Result(int ExitCode, string Output, string Error);
}
