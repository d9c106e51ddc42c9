namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>kubectl shows events in three ways.</summary>
public sealed class EventTests : KubectlTest
{
    [Fact]
    public async Task Events_are_listed_by_object_and_type()
    {
        await SeedAsync();
        var listed = Rows(await OkAsync("events --types=Warning"));
        Assert.Equal("LAST SEEN|TYPE|REASON|OBJECT|MESSAGE", listed[0]);
        Assert.EndsWith("|Warning|BackOff|Pod/sonarr|Back-off restarting failed container", listed[1], StringComparison.Ordinal);
        Assert.Contains("BackOff", await OkAsync("events --for pod/sonarr"), StringComparison.Ordinal);
        Assert.DoesNotContain("BackOff", await OkAsync("events --for pod/radarr"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_have_a_table_and_are_described_with_their_object()
    {
        await SeedAsync();
        var rows = Rows(await OkAsync("get events -o wide --field-selector type=Warning"));
        Assert.Equal("LAST SEEN|TYPE|REASON|OBJECT|SUBOBJECT|SOURCE|MESSAGE|FIRST SEEN|COUNT|NAME", rows[0]);
        Assert.Contains("|Warning|BackOff|pod/sonarr|kubelet, k3s-w1|Back-off restarting failed container|", rows[1], StringComparison.Ordinal);
        Assert.EndsWith("|3|sonarr.1", rows[1], StringComparison.Ordinal);
        Assert.Contains("BackOff", await OkAsync("describe pod sonarr"), StringComparison.Ordinal);
    }

    private async Task SeedAsync()
    {
        Seed(Samples.RunningPod);
        Seed($$"""
            apiVersion: v1
            kind: Event
            metadata: {name: sonarr.1}
            involvedObject: {apiVersion: v1, kind: Pod, name: sonarr, namespace: default, uid: "{{await OkAsync("get pod sonarr -o jsonpath={.metadata.uid}")}}"}
            type: Warning
            reason: BackOff
            message: Back-off restarting failed container
            count: 3
            firstTimestamp: "2026-01-01T00:00:00Z"
            lastTimestamp: "2026-01-01T00:05:00Z"
            source: {component: kubelet, host: k3s-w1}
            """);
    }
}
