using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The embedded homelab for the tests of one class, in an engine of its own.</summary>
public sealed class SandboxFixture : IDisposable
{
    public SandboxFixture()
    {
        Engine = new Engine();
        Engine.Run("$null = Connect-Homelab -Sandbox").ThrowIfFailed();
    }

    internal Engine Engine { get; }

    internal Engine.Result Run(string script, params (string Name, object? Value)[] variables) => Engine.Run(script, variables);

    public void Dispose()
    {
        Engine.Run("$null = Disconnect-Homelab");
        Engine.Dispose();
    }
}
