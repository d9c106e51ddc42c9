using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace HomelabOps.Bench.Hosting;

/// <summary>A runspace of the bare engine with the module imported and connected.</summary>
internal sealed class HostedModule : IDisposable
{
    private readonly Runspace _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());

    public HostedModule(string module, string kubeConfig)
        : this(module)
    {
        Run($"Connect-Homelab -KubeConfig {Quote(kubeConfig)} | Out-Null");
    }

    private HostedModule(string module)
    {
        _runspace.Open();
        Run($"Import-Module -Name {Quote(module)}");
    }

    /// <summary>One that is connected to an embedded homelab of its own, which ends with Disconnect-Homelab.</summary>
    public static HostedModule WithSandbox(string module, int apps = 12)
    {
        var hosted = new HostedModule(module);
        hosted.Run(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Connect-Homelab -Sandbox -SandboxOption @{{ Apps = {apps} }} | Out-Null"));
        return hosted;
    }

    /// <summary>How the module was built, as far as it shows: configuration and native code.</summary>
    public static string Describe()
    {
        var core = AppDomain.CurrentDomain.GetAssemblies().First(assembly => assembly.GetName().Name == "HomelabOps.Core");
        var configuration = core.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "unknown";
        var isNative = core.Location.Contains($"{Path.DirectorySeparatorChar}r2r{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return $"{configuration}, {(isNative ? "ReadyToRun" : "IL only")}";
    }

    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Runs a script whose output is of no interest.</summary>
    public void Run(string script)
    {
        using var shell = Create(script);
        shell.Invoke();
        ThrowOnError(shell);
    }

    /// <summary>Runs a script that gives one text.</summary>
    public string Text(string script)
    {
        using var shell = Create(script);
        var result = shell.Invoke<string>();
        ThrowOnError(shell);
        return result.Single();
    }

    /// <summary>Milliseconds that a running pipeline takes to end when it is stopped.</summary>
    public double Stop(string script, TimeSpan after)
    {
        using var shell = Create(script);
        var running = shell.BeginInvoke();
        Thread.Sleep(after);
        if (running.IsCompleted)
        {
            ThrowOnError(shell);
            throw new BenchException($"'{script}' had ended before it could be stopped: use more --pods.");
        }

        var elapsed = Measuring.Interleaved.Milliseconds(shell.Stop);
        try
        {
            shell.EndInvoke(running);
        }
        catch (PipelineStoppedException)
        {
            // As it should be.
        }

        return elapsed;
    }

    public void Dispose() => _runspace.Dispose();

    private PowerShell Create(string script)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    private static void ThrowOnError(PowerShell shell)
    {
        if (shell.Streams.Error is [var error, ..])
        {
            throw new BenchException($"The module failed: {error.FullyQualifiedErrorId}: {error.Exception.Message}");
        }
    }
}
