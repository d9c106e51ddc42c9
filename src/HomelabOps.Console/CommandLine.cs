namespace HomelabOps.Console;

/// <summary>The command line, with the option names and prefixes of pwsh.</summary>
internal sealed class CommandLine
{
    public const string Usage = """
        Usage: HomelabOps.Console [options]
               HomelabOps.Console [options] -Command <text>...     the rest of the line; '-' reads the text from stdin
               HomelabOps.Console [options] -File <script.ps1> [arguments]

        A PowerShell console with the engine and the HomelabOps module, for machines without pwsh.

          -Command, -c         run the text and end: 0 when its last command succeeded, else 1, or the N of 'exit N';
                               1 as well where it ends with 'Test-Homelab -Quiet' and that gives false
          -File, -f            run the script with the arguments after it; a bare path does the same
          -Sandbox             connect to an embedded homelab first: nothing else is needed to try the module
          -ModulePath <psd1>   import this module instead of the one found (so does HOMELABOPS_MODULE)
          -NoImport            import nothing
          -NoLogo              no banner before the prompt
          -NonInteractive      fail instead of asking
          -NoProfile           accepted for the sake of pwsh's command lines: there is no profile
          -Help, -h, -?        this text
          -Version, -v         the versions of the console and of its engine

        Names are not case-sensitive and may be shortened (-noni). Without -Command and -File a prompt is shown.
        """;

    // In the order in which an ambiguous prefix is reported.
    private static readonly string[] OptionNames =
        ["Command", "File", "ModulePath", "NoImport", "NoLogo", "NonInteractive", "NoProfile", "Sandbox", "Help", "Version"];

    private CommandLine()
    {
    }

    public ConsoleAction Action { get; private set; } = ConsoleAction.Interactive;

    /// <summary>The text of -Command; null when it is to be read from stdin.</summary>
    public string? CommandText { get; private set; }

    public string ScriptPath { get; private set; } = string.Empty;

    public IReadOnlyList<string> ScriptArguments { get; private set; } = [];

    public string? ModulePath { get; private set; }

    public bool NoImport { get; private set; }

    public bool NoLogo { get; private set; }

    public bool Sandbox { get; private set; }

    public bool NonInteractive { get; private set; }

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        CommandLine result = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (!IsOption(argument))
            {
                result.TakeFile(argument, arguments.Skip(i + 1));
                return result;
            }

            switch (Resolve(argument))
            {
                case "Command":
                    result.TakeCommand(argument, arguments.Skip(i + 1));
                    return result;
                case "File":
                    result.TakeFile(ValueAfter(argument, arguments, i), arguments.Skip(i + 2));
                    return result;
                case "ModulePath":
                    result.ModulePath = ValueAfter(argument, arguments, i);
                    i++;
                    break;
                case "NoImport":
                    result.NoImport = true;
                    break;
                case "Sandbox":
                    result.Sandbox = true;
                    break;
                case "NoLogo":
                    result.NoLogo = true;
                    break;
                case "NonInteractive":
                    result.NonInteractive = true;
                    break;
                case "NoProfile":
                    break;
                case "Help":
                    result.Action = ConsoleAction.Help;
                    return result;
                default:
                    result.Action = ConsoleAction.Version;
                    return result;
            }
        }

        return result;
    }

    private static bool IsOption(string argument) => argument.StartsWith('-') && argument.Length > 1;

    private static string Resolve(string argument)
    {
        string name = argument.TrimStart('-');
        if (name == "?")
        {
            return "Help";
        }

        string[] matches = [.. OptionNames.Where(known => known.StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return matches switch
        {
            [string only] => only,
            [] => throw new CommandLineException($"The option '{argument}' is not known."),
            _ => throw new CommandLineException($"The option '{argument}' could be -{string.Join(", -", matches)}."),
        };
    }

    private static string ValueAfter(string option, IReadOnlyList<string> arguments, int index) =>
        index + 1 < arguments.Count
            ? arguments[index + 1]
            : throw new CommandLineException($"The option '{option}' needs a value after it.");

    private void TakeCommand(string option, IEnumerable<string> rest)
    {
        string text = string.Join(' ', rest);
        if (text.Length == 0)
        {
            throw new CommandLineException($"The option '{option}' needs a command after it.");
        }

        Action = ConsoleAction.Command;
        CommandText = text == "-" ? null : text;
    }

    private void TakeFile(string path, IEnumerable<string> rest)
    {
        if (path == "-")
        {
            Action = ConsoleAction.Command;
            return;
        }

        Action = ConsoleAction.File;
        ScriptPath = path;
        ScriptArguments = [.. rest];
    }
}

/// <summary>A command line that cannot be followed; the message is for the user.</summary>
internal sealed class CommandLineException(string message) : Exception(message);
