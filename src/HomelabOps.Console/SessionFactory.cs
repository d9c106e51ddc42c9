using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace HomelabOps.Console;

/// <summary>Opens the runspace in which everything runs.</summary>
internal static class SessionFactory
{
    public const string DefaultPrompt = "'PS HomelabOps' + '>' * ($nestedPromptLevel + 1) + ' '";
    private const string AnalysisCacheVariable = "PSModuleAnalysisCachePath";

    public static Runspace Open(PSHost host)
    {
        KeepAnalysisCacheOffDisk();
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThreadOptions = PSThreadOptions.UseCurrentThread;
        if (OperatingSystem.IsWindows())
        {
            // What an installed pwsh is configured with; an engine without its configuration file would run no script at all.
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        }

        Replace(state, "prompt", DefaultPrompt);

        // The engine's own two are written with cmdlets of the modules that it does not bring.
        Replace(state, "help", "Get-Help @args");
        Replace(state, "Clear-Host", "$Host.UI.Write(\"`e[2J`e[3J`e[H\")");

        Runspace runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();

        // Completion and script blocks that are called from outside a pipeline look for it here.
        Runspace.DefaultRunspace = runspace;
        MissingCommands.Explain(runspace);
        return runspace;
    }

    private static void Replace(InitialSessionState state, string function, string definition)
    {
        state.Commands.Remove(function, typeof(SessionStateFunctionEntry));
        state.Commands.Add(new SessionStateFunctionEntry(function, definition));
    }

    /// <summary>The engine remembers in a file what modules export. This program leaves no files behind, and its modules are few.</summary>
    private static void KeepAnalysisCacheOffDisk()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(AnalysisCacheVariable)))
        {
            Environment.SetEnvironmentVariable(AnalysisCacheVariable, OperatingSystem.IsWindows() ? "NUL" : "/dev/null");
        }
    }
}
