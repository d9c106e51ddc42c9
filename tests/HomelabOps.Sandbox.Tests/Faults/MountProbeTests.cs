using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Mounts;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>Probe pods on nodes that are broken on purpose.</summary>
public sealed class MountProbeTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private const string Primary = "k3s-w1";
    private static readonly HomelabConfigMount Wanted = new() { Path = "/data/media", Source = "192.168.1.10:/mnt/user/media", Version = "4.2" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("NfsMissing", NfsMountState.Missing)]
    [InlineData("NfsStale", NfsMountState.Stale)]
    [InlineData("NfsHung", NfsMountState.Hung)]
    [InlineData("NfsWrongSource", NfsMountState.WrongSource)]
    [InlineData("NfsWrongVersion", NfsMountState.WrongVersion)]
    [InlineData("NfsReadOnly", NfsMountState.ReadOnly)]
    [InlineData("NfsEmpty", NfsMountState.Empty)]
    public async Task Each_fault_of_a_mount_has_its_state_and_the_other_node_is_well(string fault, NfsMountState state)
    {
        await homelab.UntilWellAsync();
        await using (await homelab.Faults.SwitchOnAsync(fault, null, Stop))
        {
            var found = await TestAsync(Wanted);

            Assert.Equal([(Primary, state), ("k3s-w2", NfsMountState.Mounted)], found.Select(status => (status.Node, status.State)));
            Assert.Contains(found[0].AffectedPods, pod => pod.Name.StartsWith("sonarr-", StringComparison.Ordinal));
            Assert.NotEmpty(found[0].Message);
        }

        await UntilNothingIsLeftAsync();
    }

    [Fact]
    public async Task Pods_that_run_since_before_a_mount_was_mended_hold_the_former_one()
    {
        await homelab.UntilWellAsync();
        var node = homelab.Homelab.Nodes.Node(Primary);
        node.SetMount(Wanted.Path, Sandbox.Controllers.Nodes.World.MountFault.Stale);
        node.Remount(Wanted.Path);

        var found = await TestAsync(Wanted);

        Assert.Equal(NfsMountState.Mounted, found[0].State);
        Assert.Contains(found[0].AffectedPods, pod => pod.Name.StartsWith("sonarr-", StringComparison.Ordinal));
        Assert.Empty(found[1].AffectedPods);
    }

    [Fact]
    public async Task Settings_without_mounts_and_no_path_say_nothing_to_test()
    {
        var query = new NfsMountQuery { Config = new() { Mounts = [] } };
        var error = await Assert.ThrowsAsync<Core.HomelabException>(async () => await NfsMountTester.TestAsync(homelab.Homelab.Client, query, Stop).GetAsyncEnumerator(Stop).MoveNextAsync());
        Assert.Equal("MountRequired", error.Id);
    }

    [Fact]
    public async Task A_node_without_power_is_unreachable_and_says_why()
    {
        await homelab.UntilWellAsync();
        await using (await homelab.Faults.SwitchOnAsync("NodeDown", Primary, Stop))
        {
            // While nobody knows yet that it is silent its pod does not start; later it is known at once.
            Assert.Equal([NfsMountState.Unreachable, NfsMountState.Mounted], (await TestAsync(Wanted, TimeSpan.FromSeconds(4))).Select(status => status.State));
            await homelab.UntilAsync(() => Task.FromResult(Cells.Text(FaultyHomelab.Condition(homelab.Homelab.Host.Informer(ResourceType.Node).Find("", Primary), "Ready"), "status") == "Unknown"), "NotReady", TimeSpan.FromSeconds(20));
            var found = await TestAsync(Wanted);
            Assert.Equal([NfsMountState.Unreachable, NfsMountState.Mounted], found.Select(status => status.State));
            Assert.Contains("not ready", found[0].Message, StringComparison.Ordinal);
        }

        await UntilNothingIsLeftAsync();
        await homelab.UntilWellAsync();
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_said_for_the_node_that_has_it_not()
    {
        await homelab.UntilWellAsync();
        homelab.Homelab.Nodes.Registry.Set("docker.io/library/none:1", Sandbox.Controllers.Nodes.World.ImageFault.NotFound);
        homelab.Homelab.Nodes.Node("k3s-w2").AddImage("docker.io/library/none:1");
        var found = await TestAsync(Wanted, image: "docker.io/library/none:1");
        Assert.Contains("-Image", found[0].Message, StringComparison.Ordinal);
        await UntilNothingIsLeftAsync();
    }

    // What the informers know comes a moment after the server's answer.
    private Task UntilNothingIsLeftAsync() => homelab.UntilAsync(
        () => Task.FromResult(!homelab.All(ResourceType.Pod).Any(pod => Cells.Text(pod, "metadata.name").StartsWith("homelabops-probe", StringComparison.Ordinal))),
        "no probe pod is left",
        TimeSpan.Zero);

    private async Task<List<NfsMountStatus>> TestAsync(HomelabConfigMount mount, TimeSpan? timeout = null, string? image = null)
    {
        var query = new NfsMountQuery { Config = new() { Mounts = [mount] }, Probe = new() { Timeout = timeout ?? TimeSpan.FromSeconds(60), Image = image } };
        var found = new List<NfsMountStatus>();
        await foreach (var item in NfsMountTester.TestAsync(homelab.Homelab.Client, query, Stop))
        {
            if (item.Notice is { } notice)
            {
                Assert.Fail($"{notice}");
            }

            found.Add(item.Value!);
        }

        return [.. found.OrderBy(status => status.Node, StringComparer.Ordinal)];
    }
}
