using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Runs an exec plugin once and leaves nothing running behind it.</summary>
internal static class ExecPluginProcess
{
    private const int MaximumOutput = 1024 * 1024;
    private const int MaximumErrorOutput = 2048;

    // More than is shown is kept, so that a secret that the cut goes through is still recognized whole.
    private const int KeptErrorOutput = 3 * MaximumErrorOutput;

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
            await Programs.KillAsync(process);
            await Programs.SettleAsync(pipes);
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

        await Programs.SettleAsync(pipes);
        return process.ExitCode == 0
            ? ExecCredential.Answer(plugin, output.ToArray(), Tail(errors, plugin))
            : throw Errors.ExecPluginFailed(plugin.User, plugin.Command, Errors.Text("Detail_ExecExit", process.ExitCode), Tail(errors, plugin));
    }

    private static ProcessStartInfo CreateStart(ExecPlugin plugin)
    {
        var start = new ProcessStartInfo
        {
            FileName = Programs.Find(plugin.Command) ?? throw Errors.ExecPluginNotFound(plugin.User, plugin.Command, plugin.InstallHint),
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

    private static string Tail(OutputBuffer errors, ExecPlugin plugin)
    {
        string text = SecretFilter.Clean(Encoding.UTF8.GetString(errors.ToArray()), plugin.Environment.Select(pair => pair.Value).Concat(plugin.Arguments)).Trim();
        return text.Length > MaximumErrorOutput ? text[^MaximumErrorOutput..] : text;
    }
}
