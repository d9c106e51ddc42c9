using System.Management.Automation;
using HomelabOps.Core.Kubernetes.Configuration;

namespace HomelabOps.Completion;

/// <summary>Paths as PowerShell sees them, for completers: they have no session state of their own to ask.</summary>
internal static class EnginePaths
{
    /// <summary>Where kubeconfigs are looked for.</summary>
    public static KubeConfigEnvironment Environment => KubeConfigEnvironment.Current with
    {
        WorkingFolder = Ask("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath", null),
    };

    /// <summary>What was typed as a path, as an absolute one; null when nothing was.</summary>
    public static string? FullPath(object? typed) => typed?.ToString() is { Length: > 0 } path
        ? Ask("param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)", path)
        : null;

    private static string Ask(string script, string? argument)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript(script, useLocalScope: true);
        if (argument is not null)
        {
            shell.AddArgument(argument);
        }

        return shell.Invoke<string>()[0];
    }
}
