using System.Diagnostics;

namespace HomelabOps.Testing;

/// <summary>The console in a fresh process, for what must not share this one.</summary>
internal static class ConsoleProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static Task<Result> RunAsync(string script, bool import, CancellationToken cancellationToken, params (string Name, string? Value)[] environment) =>
        RunUnderAsync([], script, import, cancellationToken, environment);

    /// <summary>As <see cref="RunAsync"/>, for what takes its time. Cancelling kills the process.</summary>
    public static Task<Result> RunForAsync(TimeSpan limit, string script, CancellationToken cancellationToken, params (string Name, string? Value)[] environment) =>
        RunAsync([], script, import: true, limit, environment, cancellationToken);

    /// <summary>As <see cref="RunAsync"/>, by a program that runs another, such as one that enters a namespace of the system.</summary>
    public static Task<Result> RunUnderAsync(IReadOnlyList<string> wrapper, string script, bool import, CancellationToken cancellationToken, params (string Name, string? Value)[] environment) =>
        RunAsync(wrapper, script, import, Limit, environment, cancellationToken);

    private static async Task<Result> RunAsync(IReadOnlyList<string> wrapper, string script, bool import, TimeSpan patience, (string Name, string? Value)[] environment, CancellationToken cancellationToken)
    {
        string[] command = [.. wrapper, "dotnet", Build.Console];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (!import)
        {
            start.ArgumentList.Add("-NoImport");
        }

        start.ArgumentList.Add("-NonInteractive");
        start.ArgumentList.Add("-Command");
        start.ArgumentList.Add(script);
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Result(process.ExitCode, (await output).ReplaceLineEndings("\n").Trim(), (await error).ReplaceLineEndings("\n").Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
