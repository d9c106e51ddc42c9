using System.Management.Automation;

namespace HomelabOps.Cluster.Tests;

/// <summary>Ctrl+C in the later part of a rollout, when Flux has applied the commit; in a homelab of its own, whose Kustomization waits for the pods long afterwards.</summary>
[Collection(nameof(Alone))]
public sealed class RolloutStopTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void Ctrl_C_ends_it_while_the_pods_of_the_commit_are_waited_for()
    {
        // Its new pod is ready and does not count as available for an hour, which is no failure.
        var commit = HomelabClone.Edit(sandbox, "clusters/homelab/apps/media/radarr/deployment.yaml", text => text.Replace("spec:\n  replicas: 1\n", "spec:\n  replicas: 1\n  minReadySeconds: 3600\n", StringComparison.Ordinal).Replace("Europe/Berlin", "Europe/Paris", StringComparison.Ordinal));
        using var waits = new ManualResetEventSlim();
        using var shell = sandbox.Engine.Start($"Wait-HomelabRollout radarr -Commit {commit} -Reconcile -TimeoutSeconds 600");
        shell.Streams.Progress.DataAdded += (sender, added) =>
        {
            if (((PSDataCollection<ProgressRecord>)sender!)[added.Index].StatusDescription.EndsWith("new pods are available", StringComparison.Ordinal))
            {
                waits.Set();
            }
        };
        var running = shell.BeginInvoke();
        Assert.True(waits.Wait(TimeSpan.FromMinutes(2)), "the rollout was never waited for");
        Assert.False(running.IsCompleted);

        Assert.True(shell.BeginStop(null, null).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(30)), "the command never ended");
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);

        // What it only waited for goes on, and is found by the next one.
        var result = sandbox.Run($"Wait-HomelabRollout radarr -Commit {commit} -TimeoutSeconds 2");
        Assert.Equal("RolloutTimeout", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        var status = Assert.Single(result.Output);
        Assert.Equal((false, $"main@sha1:{commit}"), (status.Properties["Complete"].Value, status.Properties["Revision"].Value));
    }
}
