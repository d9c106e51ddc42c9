using System.Reflection;

namespace HomelabOps.Console;

/// <summary>The versions of the console and of the engine that it carries.</summary>
internal static class ConsoleVersion
{
    public static Version Console { get; } = typeof(ConsoleVersion).Assembly.GetName().Version ?? new Version(0, 0);

    /// <summary>The engine's own version: its assembly version is fixed for all of 7.6.</summary>
    public static string Engine
    {
        get
        {
            string version = typeof(System.Management.Automation.PSObject).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            return version.Split(' ', '+')[0];
        }
    }

    public static string Text => $"HomelabOps console {Console.ToString(3)}, PowerShell engine {Engine}";
}
