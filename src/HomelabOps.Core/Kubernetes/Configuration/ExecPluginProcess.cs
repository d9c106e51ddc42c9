using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Runs an exec plugin once and leaves nothing running behind it.</summary>
internal static class ExecPluginProcess
{
    private const int MaximumOutput = 1024 * 1024;
    private const int MaximumErrorOutput = 2048;

    // More than is shown is kept, so that a secret that the cut goes through is still recognized whole.
    private const int KeptErrorOutput = 3 * MaximumErrorOutput;

    // A plugin may leave a helper behind that keeps the pipes open; what the plugin wrote is there by then.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    public static async Task<ExecCredential> RunAsync(ExecPlugin plugin, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = CreateStart(plugin) };
        Start(process, plugin);

        var output = new OutputBuffer(MaximumOutput, keepLast: false);
        var errors = new OutputBuffer(KeptErrorOutput, keepLast: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        Task pipes = Task.WhenAll(
            output.FillAsync(process.StandardOutput.BaseStream, limit),
            errors.FillAsync(process.StandardError.BaseStream, limit));
        try
        {
            // There is nobody to answer a question.
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync(process);
            await Settle(pipes);
            cancellationToken.ThrowIfCancellationRequested();
            throw output.IsFull
                ? Errors.ExecPluginFailed(plugin.User, plugin.Command, Errors.Text("Detail_ExecLarge", MaximumOutput), Tail(errors, plugin))
                : Errors.ExecPluginTimeout(plugin.User, plugin.Command, timeout, Tail(errors, plugin));
        }
        catch (IOException)
        {
            // Closing the input of a plugin that has ended already: its exit code says more.
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await Settle(pipes);
        return process.ExitCode == 0
            ? ExecCredential.Answer(plugin, output.ToArray(), Tail(errors, plugin))
            : throw Errors.ExecPluginFailed(plugin.User, plugin.Command, Errors.Text("Detail_ExecExit", process.ExitCode), Tail(errors, plugin));
    }

    private static ProcessStartInfo CreateStart(ExecPlugin plugin)
    {
        var start = new ProcessStartInfo
        {
            FileName = FindProgram(plugin.Command) ?? throw Errors.ExecPluginNotFound(plugin.User, plugin.Command, plugin.InstallHint),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (string argument in plugin.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = ExecCredential.Question(plugin);
        foreach ((string name, string value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>The program's path. .NET would look in its own folder and in the current one first, and on Windows for .exe only.</summary>
    private static string? FindProgram(string command)
    {
        string[] extensions = OperatingSystem.IsWindows()
            ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';', StringSplitOptions.RemoveEmptyEntries)]
            : [""];
        IEnumerable<string> folders = Path.IsPathRooted(command)
            ? [""]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted);
        return folders.SelectMany(folder => extensions.Select(extension => Path.Combine(folder, command) + extension)).FirstOrDefault(CanRun);
    }

    private static bool CanRun(string path) => File.Exists(path) && (OperatingSystem.IsWindows() ? Path.HasExtension(path)
        : (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);

    private static void Start(Process process, ExecPlugin plugin)
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            // The code's own text: the exception's message repeats the command line's folder, and the cause adds nothing.
            throw Errors.ExecPluginFailed(
                plugin.User, plugin.Command, Errors.Text("Detail_ExecStart", new Win32Exception(exception.NativeErrorCode).Message), "");
        }
    }

    private static async Task KillAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException or OperationCanceledException)
        {
            // It ended by itself, or the system does not let it go; there is no more to do about it.
        }
    }

    private static async Task Settle(Task pipes) => await Task.WhenAny(pipes, Task.Delay(PipeGrace, CancellationToken.None));

    private static string Tail(OutputBuffer errors, ExecPlugin plugin)
    {
        string text = SecretFilter.Clean(Encoding.UTF8.GetString(errors.ToArray()), plugin.Environment.Select(pair => pair.Value).Concat(plugin.Arguments)).Trim();
        return text.Length > MaximumErrorOutput ? text[^MaximumErrorOutput..] : text;
    }

    /// <summary>Keeps the first or the last part of a stream and reads the rest away, so that the writer never blocks.</summary>
    private sealed class OutputBuffer(int capacity, bool keepLast)
    {
        private readonly Lock _lock = new();
        private readonly List<byte> _bytes = [];

        public bool IsFull { get; private set; }

        public byte[] ToArray()
        {
            lock (_lock)
            {
                return [.. _bytes];
            }
        }

        public async Task FillAsync(Stream stream, CancellationTokenSource limit)
        {
            byte[] chunk = new byte[8192];
            try
            {
                while (await stream.ReadAsync(chunk) is > 0 and var read)
                {
                    lock (_lock)
                    {
                        _bytes.AddRange(chunk.AsSpan(0, read));
                        if (_bytes.Count <= capacity)
                        {
                            continue;
                        }

                        if (keepLast)
                        {
                            _bytes.RemoveRange(0, _bytes.Count - capacity);
                            continue;
                        }

                        IsFull = true;
                    }

                    await limit.CancelAsync();
                    return;
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The process is gone; what came is kept.
            }
        }
    }
}
