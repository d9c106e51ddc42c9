namespace HomelabOps.Cluster.Tests;

/// <summary>What only a pod shows that was made for the test: those of the fixtures are restarted with the lab.</summary>
[Collection(nameof(Alone))]
public sealed class NewPodTests : ClusterTest
{
    private readonly LabNamespace _space = new();

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        base.Dispose(disposing);
    }

    [Fact]
    public void A_container_that_was_never_restarted_has_no_previous_run_which_is_a_warning()
    {
        _space.AddPod("steady", "trap 'exit 0' TERM; while true; do echo from the first; sleep 1; done");
        using (var follow = Start($"Get-HomelabLog -Follow -Namespace {_space.Name}"))
        {
            follow.WaitFor("Line", "from the first");
        }

        var result = Run($"Get-HomelabLog steady -Namespace {_space.Name} -Container first -Previous").ThrowIfFailed();

        Assert.Empty(result.Output);
        Assert.Contains("steady", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }
}
