namespace HomelabOps.Console;

/// <summary>What the console is asked to do.</summary>
internal enum ConsoleAction
{
    Interactive,
    Command,
    File,
    Help,
    Version,
}
