using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Scheduling;

/// <summary>The command that a scheduler runs: a shell that asks nothing, and one cmdlet with the file of the check.</summary>
internal static class CheckCommand
{
    /// <summary>What runs a check.</summary>
    public const string Cmdlet = "Invoke-HomelabCheck";

    private const string Console = "HomelabOps.Console";

    /// <summary>Program and arguments.</summary>
    /// <param name="shell">pwsh or the console of the module; null for that of this process, else one of the PATH.</param>
    /// <param name="manifest">The module.</param>
    /// <param name="check">The file of the check.</param>
    /// <param name="process">The program of this process, and what it was started with.</param>
    /// <exception cref="HomelabException">ShellNotFound.</exception>
    public static IReadOnlyList<string> Of(string? shell, string manifest, string check, (string? Program, string? First) process)
    {
        var text = $"{Cmdlet} -Path {Quote(check)}";
        var program = shell ?? (IsShell(process.Program) ? process.Program : null);
        if (program is null && Path.GetFileName(process.First) == $"{Console}.dll" && process.Program is { } host)
        {
            return [host, Path.GetFullPath(process.First!), "-NoProfile", "-NonInteractive", "-ModulePath", manifest, "-Command", text];
        }

        program ??= Programs.Find("pwsh") ?? Programs.Find(Console) ?? throw Errors.ShellNotFound();
        return NameOf(program) == Console
            ? [program, "-NoProfile", "-NonInteractive", "-ModulePath", manifest, "-Command", text]
            : [program, "-NoProfile", "-NonInteractive", "-Command", $"Import-Module {Quote(manifest)}; {text}"];
    }

    private static bool IsShell(string? program) => NameOf(program) is "pwsh" or Console;

    private static string NameOf(string? program) => Path.GetFileName(program) is { } name && name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name[..^4] : Path.GetFileName(program) ?? "";

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
