using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.GitOps.Commits.Transports;

/// <summary>The user's own git, run so that it asks nobody and answers in English.</summary>
/// <param name="path">The program.</param>
internal sealed class GitProgram(string path)
{
    private const int MostOutput = 1024 * 1024;

    // A hook that runs this module would lead git to its own repository.
    private static readonly string[] OfAnotherRepository =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_QUARANTINE_PATH"];

    /// <summary>The git on the PATH; null where there is none.</summary>
    public static GitProgram? Find() => Programs.Find("git") is { } found ? new(found) : null;

    /// <summary>Runs git to its end. Cancelling ends it with all that it started.</summary>
    /// <param name="folder">The repository.</param>
    /// <param name="arguments">Subcommand and arguments, none of them secret: others see them.</param>
    /// <param name="environment">Variables for it.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<GitAnswer> RunAsync(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = CreateStart(folder, arguments, environment) };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            return new(-1, "", new Win32Exception(error.NativeErrorCode).Message);
        }

        var (output, errors) = (new OutputBuffer(MostOutput, keepLast: true), new OutputBuffer(MostOutput, keepLast: true));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipes = Task.WhenAll(output.FillAsync(process.StandardOutput.BaseStream, limit), errors.FillAsync(process.StandardError.BaseStream, limit));
        try
        {
            if (input is not null)
            {
                await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), limit.Token);
            }

            // There is nobody to answer a question.
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await Programs.KillAsync(process);
            throw;
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
            await process.WaitForExitAsync(cancellationToken);
        }

        await Programs.SettleAsync(pipes);
        return new(process.ExitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    private ProcessStartInfo CreateStart(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        // Maintenance in the background would outlive the command, and perhaps the folder.
        var start = new ProcessStartInfo(path, ["-C", folder, "-c", "gc.autoDetach=false", "-c", "maintenance.autoDetach=false", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var name in OfAnotherRepository)
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
