using System.Diagnostics;
using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Base of the tests that use a cluster: a runspace that is connected to it.</summary>
public abstract class ClusterTest : IDisposable
{
    private readonly Engine _engine;

    protected ClusterTest()
    {
        var kubeConfig = Lab.KubeConfig;
        _engine = new Engine();
        Run("$null = Connect-Homelab $kubeConfig", ("kubeConfig", kubeConfig)).ThrowIfFailed();
    }

    internal Engine.Result Run(string script, params (string Name, object? Value)[] variables) => _engine.Run(script, variables);

    /// <summary>Starts a script, stops it after the first record or the given time, and gives how long the stop took.</summary>
    protected TimeSpan StopAfter(TimeSpan delay, string script)
    {
        using var shell = _engine.Start(script);
        var running = shell.BeginInvoke();
        running.AsyncWaitHandle.WaitOne(delay);
        Assert.False(running.IsCompleted, "the script ended by itself");
        var clock = Stopwatch.StartNew();
        shell.Stop();
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        return clock.Elapsed;
    }

    /// <summary>Starts a script that goes on by itself; it ends when the result is disposed of.</summary>
    internal Background Start(string script) => new(_engine.Start(script));

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _engine.Dispose();
}
