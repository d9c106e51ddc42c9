namespace HomelabOps.Cluster.Tests;

/// <summary>Watching what changes in the lab. Nothing reconciles there, so the test is Flux.</summary>
[Collection(nameof(Alone))]
public sealed class WatchTests : ClusterTest
{
    private readonly LabNamespace _space = new();

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        base.Dispose(disposing);
    }

    [Fact]
    public void Get_FluxStatus_sees_a_change_a_recovery_and_a_deletion()
    {
        _space.AddKustomization("watched");
        using var watch = Start($"Get-FluxStatus -Watch -Namespace {_space.Name}");
        watch.WaitFor("Name", "watched");

        _space.SetReady("watched", "False", "BuildFailed");
        Assert.Equal("False", watch.WaitFor("Reason", "BuildFailed").Properties["Ready"].Value.ToString());

        _space.SetReady("watched", "True", "ReconciliationSucceeded");
        Assert.True((bool)watch.WaitFor("Ready", "True").Properties["Healthy"].Value);

        _space.Send(HttpMethod.Delete, $"{_space.Kustomizations}/watched");
        Assert.Equal("Unknown", watch.WaitFor("Reason", "Deleted").Properties["Ready"].Value.ToString());
    }

    [Fact]
    public void With_NotReady_it_gives_an_object_once_more_when_that_is_over()
    {
        _space.AddKustomization("broken");
        _space.SetReady("broken", "False", "BuildFailed");
        using var watch = Start($"Get-FluxStatus -Watch -NotReady -Namespace {_space.Name}");
        watch.WaitFor("Reason", "BuildFailed");

        _space.SetReady("broken", "True", "ReconciliationSucceeded");

        Assert.Equal("broken", watch.WaitFor("Ready", "True").Properties["Name"].Value);
    }

    [Fact]
    public void It_sees_an_object_that_was_made_while_it_watched()
    {
        _space.AddKustomization("first");
        using var watch = Start($"Get-FluxKustomization -Watch -Namespace {_space.Name}");
        watch.WaitFor("Name", "first");

        _space.AddKustomization("second");

        watch.WaitFor("Name", "second");
    }

    [Fact]
    public void Get_HomelabPod_sees_a_pod_come_run_and_go()
    {
        using var watch = Start($"Get-HomelabPod -Watch -Namespace {_space.Name}");

        _space.AddPod("short-lived", "trap 'exit 0' TERM; while true; do sleep 1; done");
        watch.WaitFor("Name", "short-lived");
        Assert.Equal("k3s-w", ((string)watch.WaitFor("ReadyContainers", "1").Properties["Node"].Value)[..5]);

        _space.Send(HttpMethod.Delete, $"{_space.Pods}/short-lived");
        Assert.False((bool)watch.WaitFor("Status", "Deleted").Properties["Healthy"].Value);
    }

    [Fact]
    public void Get_HomelabEvent_sees_what_happens_while_it_watches()
    {
        using var watch = Start($"Get-HomelabEvent -Watch -Namespace {_space.Name}");

        _space.AddPod("eventful", "exit 0");

        Assert.Equal($"Pod/{_space.Name}/eventful", watch.WaitFor("Reason", "Scheduled").Properties["Target"].Value.ToString());
    }

    [Fact]
    public void Following_a_log_takes_in_a_pod_that_comes_later_and_all_its_containers()
    {
        _space.AddPod("early", "while true; do echo from the early; sleep 1; done");
        using var follow = Start($"Get-HomelabLog -Follow -Namespace {_space.Name}");
        follow.WaitFor("Line", "from the early");

        _space.AddPod("late", "while true; do echo from the late; sleep 1; done");

        Assert.Equal("late", follow.WaitFor("Line", "from the late").Properties["Pod"].Value);
    }
}
