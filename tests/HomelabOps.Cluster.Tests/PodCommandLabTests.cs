using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>Commands in containers of a real kubelet, which knows v4 of the protocol only.</summary>
public sealed class PodCommandLabTests : ClusterTest
{
    private readonly LabNamespace _space = new();

    [Fact]
    public void Streams_and_exit_code_arrive_whole()
    {
        AddPod("talker", "trap exit TERM; while true; do sleep 0.2; done");

        var result = Run($"Invoke-HomelabPod {_space.Name}/talker -Command 'seq 1 200000; echo bad >&2; exit 7'").ThrowIfFailed().Output.Single();

        Assert.Equal((7, "bad", "first"), (result.Properties["ExitCode"].Value, result.Properties["Error"].Value, result.Properties["Container"].Value));
        Assert.Equal(Enumerable.Range(1, 200000).Select(number => $"{number}"), ((string)result.Properties["Output"].Value).Split('\n'));
        Assert.Equal(["a  b"], Run($"(Get-HomelabPod {_space.Name}/talker | Invoke-HomelabPod -Command echo, 'a  b').Output").ThrowIfFailed().Strings);
        Assert.Equal("CommandNotStarted", Id($"Invoke-HomelabPod {_space.Name}/talker -Command no-such-program, x"));
        Assert.Equal("ContainerNotRunning", Id($"Invoke-HomelabPod {_space.Name}/talker -Container second -Command date"));
    }

    [Fact]
    public void A_literal_name_means_one_pod_and_Ctrl_C_ends_the_connection()
    {
        using var other = new LabNamespace();
        AddPod("twin", "sleep 600");
        other.AddPod("twin", "sleep 600");
        Assert.Equal("NameAmbiguous", Id("Invoke-HomelabPod twin -Command date"));
        Assert.True(StopAfter(TimeSpan.FromSeconds(2), $"Invoke-HomelabPod {_space.Name}/twin -Command 'sleep 300'") < TimeSpan.FromSeconds(2));
    }

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        base.Dispose(disposing);
    }

    private void AddPod(string name, string command)
    {
        _space.AddPod(name, command);
        var clock = Stopwatch.StartNew();
        while (Run($"(Get-HomelabPod {_space.Name}/{name}).ReadyContainers").Strings.SingleOrDefault() != "1")
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), "the pod did not start");
            Thread.Sleep(200);
        }
    }

    private string Id(string script) => Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0];
}
