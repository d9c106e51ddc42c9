namespace HomelabOps.Console;

/// <summary>The entry point: options that need no engine are answered before the engine is loaded.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        CommandLine options;
        try
        {
            options = CommandLine.Parse(args);
        }
        catch (CommandLineException problem)
        {
            SystemConsole.Error.WriteLine(problem.Message);
            SystemConsole.Error.WriteLine("-Help lists the options.");
            return ExitCodes.BadCommandLine;
        }

        switch (options.Action)
        {
            case ConsoleAction.Help:
                SystemConsole.Out.WriteLine(CommandLine.Usage);
                return ExitCodes.Success;
            case ConsoleAction.Version:
                SystemConsole.Out.WriteLine(ConsoleVersion.Text);
                return ExitCodes.Success;
            default:
                return ConsoleApplication.Run(options);
        }
    }
}
