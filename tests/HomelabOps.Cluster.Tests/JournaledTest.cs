using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Base of the tests that change the embedded homelab and read what was written down of it, in a state folder of their own.</summary>
public abstract class JournaledTest(SandboxFixture sandbox) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private protected SandboxFixture Sandbox => sandbox;

    private protected string State { get; } = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    /// <summary>Nothing was written into the journal.</summary>
    private protected bool IsUntouched => !Directory.Exists(Path.Combine(State, "journal"));

    public virtual void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(State, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>All lines of the journal.</summary>
    private protected string Journal() => string.Concat(Directory.EnumerateFiles(Path.Combine(State, "journal")).Select(File.ReadAllText));

    /// <summary>Waits until a script gives something, and gives it.</summary>
    private protected string Until(string script)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            if (Run(script).Strings.FirstOrDefault(text => !string.IsNullOrEmpty(text)) is { } found)
            {
                return found;
            }

            Assert.True(clock.Elapsed < Patience, $"{script} gave nothing");
            Thread.Sleep(100);
        }
    }

    private protected Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", State);
        return sandbox.Run(script);
    }

    /// <summary>The id of the one error that a script gives.</summary>
    private protected string Id(string script) => Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0];
}
