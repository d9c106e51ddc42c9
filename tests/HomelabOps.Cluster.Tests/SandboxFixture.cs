using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The embedded homelab for the tests of one class, in an engine of its own.</summary>
public sealed class SandboxFixture : IDisposable
{
    public SandboxFixture()
    {
        Engine = new Engine();
        Engine.Run("$null = Connect-Homelab -Sandbox").ThrowIfFailed();

        // It is there when all that Git says is; movers, which no manifest names, come up a moment later.
        Engine.Run("foreach ($i in 1..300) { if (-not (Get-VolSyncStatus | Where-Object { $_.Method -eq 'syncthing' -and -not $_.Healthy })) { break }; [Threading.Thread]::Sleep(200) }").ThrowIfFailed();
    }

    internal Engine Engine { get; }

    internal Engine.Result Run(string script, params (string Name, object? Value)[] variables) => Engine.Run(script, variables);

    public void Dispose()
    {
        Engine.Run("$null = Disconnect-Homelab");
        Engine.Dispose();
    }
}
