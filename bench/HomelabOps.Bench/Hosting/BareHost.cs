using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace HomelabOps.Bench.Hosting;

/// <summary>
/// The bench as a child of itself: the least that hosts PowerShell. It runs one script in a new runspace, so that the
/// bare host, an import and a first command differ by the script alone.
/// </summary>
internal static class BareHost
{
    public const string Option = "--host";

    public static int Run(string script)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        shell.Invoke();
        foreach (var error in shell.Streams.Error)
        {
            Console.Error.WriteLine(error);
        }

        return shell.HadErrors ? 1 : 0;
    }
}
