using HomelabOps.Core.Kubernetes.Usage;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Kubernetes.Usage;

public sealed class UsageTests
{
    [Fact]
    public void Containers_and_sidecars_are_added_up()
    {
        var resources = PodResources.Of(Pod([Container("100m", "64Mi"), Container("1", "1Gi")], [Container("50m", "16Mi", always: true)]));

        Assert.Equal(1.15, resources.CpuRequest!.Value, 6);
        Assert.Equal((64 + 1024 + 16) * 1024.0 * 1024, resources.MemoryRequest);
    }

    [Fact]
    public void A_large_init_container_counts_with_the_sidecars_before_it_only()
    {
        var resources = PodResources.Of(Pod([Container("100m", "1Mi")], [Container("200m", "1Mi", always: true), Container("2", "1Mi"), Container("300m", "1Mi", always: true)]));

        Assert.Equal(2.2, resources.CpuRequest!.Value, 6);
    }

    [Fact]
    public void A_container_without_a_limit_leaves_the_pod_without_one()
    {
        var bare = new ContainerWire { Name = "bare" };

        Assert.Null(PodResources.Of(Pod([Container("1", "1Gi"), bare], [])).CpuLimit);
        Assert.Equal(1, PodResources.Of(Pod([Container("1", "1Gi")], [bare])).CpuLimit);
        Assert.Null(PodResources.Of(Pod([bare], [])).CpuRequest);
    }

    [Theory]
    [InlineData(3.0, 2.9, true)]
    [InlineData(1.1, 0.1, true)]
    [InlineData(1.1, 1.0, false)]
    [InlineData(0.1, 0.0, false)]
    [InlineData(null, 0.0, true)]
    public void A_figure_that_nothing_accounts_for_is_doubted(double? cores, double ofPods, bool doubtful) =>
        Assert.Equal(doubtful, KubeletUsage.IsDoubtful(cores, ofPods, capacity: 2));

    [Fact]
    public void The_rate_is_that_of_the_counter()
    {
        var start = DateTimeOffset.UnixEpoch;
        var first = new SummaryCpuWire { Time = start, UsageCoreNanoSeconds = 25_382_551_335 };
        var second = new SummaryCpuWire { Time = start.AddSeconds(10), UsageCoreNanoSeconds = 25_647_023_342 };

        Assert.Equal(0.0264, KubeletUsage.Rate(first, second)!.Value, 4);
        Assert.Null(KubeletUsage.Rate(first, first));
        Assert.Null(KubeletUsage.Rate(new SummaryCpuWire { Time = start, UsageCoreNanoSeconds = ulong.MaxValue }, second));
    }

    private static PodWire Pod(List<ContainerWire> containers, List<ContainerWire> init) =>
        new() { Spec = new PodSpecWire { Containers = containers, InitContainers = init } };

    private static ContainerWire Container(string cpu, string memory, bool always = false)
    {
        var quantities = new Dictionary<string, string> { ["cpu"] = cpu, ["memory"] = memory };
        return new ContainerWire { Name = "c", RestartPolicy = always ? "Always" : null, Resources = new ResourcesWire { Requests = quantities, Limits = quantities } };
    }
}
