using System.Text.Json;
using HomelabOps.Core.Draining;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Draining;

public sealed class DrainRulesTests
{
    private const string Owned = "\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"web\",\"controller\":true}]";
    private const string OfDaemonSet = "\"ownerReferences\":[{\"kind\":\"DaemonSet\",\"name\":\"agent\",\"controller\":true}]";
    private const string Static = "\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"},\"ownerReferences\":[{\"kind\":\"Node\",\"name\":\"w1\",\"controller\":true}]";
    private const string Deleted = "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"";

    [Theory]
    [InlineData(Owned, "Running", "Evicted", false)]
    [InlineData(Owned, "Succeeded", "Evicted", false)]
    [InlineData("\"labels\":{}", "Running", "Evicted", true)]
    [InlineData("\"labels\":{}", "Failed", "Evicted", false)]
    [InlineData("\"ownerReferences\":[{\"kind\":\"Widget\",\"name\":\"x\"}]", "Running", "Evicted", true)]
    [InlineData(OfDaemonSet, "Running", "Stays", false)]
    [InlineData(OfDaemonSet, "Failed", "Evicted", false)]
    [InlineData(OfDaemonSet + "," + Deleted, "Running", "Ending", false)]
    [InlineData(Owned + "," + Deleted, "Running", "Ending", false)]
    [InlineData(Static, "Running", "Stays", false)]
    [InlineData(Static + "," + Deleted, "Running", "Stays", false)]
    public void Pods_are_handled_as_kubectl_does(string metadata, string phase, string fate, bool isBare)
    {
        var pod = JsonSerializer.Deserialize($$"""{"metadata":{"name":"p","namespace":"d",{{metadata}} },"status":{"phase":"{{phase}}"} }""", WireContext.Default.PodWire)!;
        Assert.Equal((fate, isBare), (DrainRules.FateOf(pod).ToString(), DrainRules.IsBare(pod)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("{\"key\":\"node.kubernetes.io/not-ready\",\"operator\":\"Exists\"}", false)]
    [InlineData("{\"key\":\"node.kubernetes.io/unschedulable\",\"operator\":\"Exists\"}", true)]
    [InlineData("{\"operator\":\"Exists\"}", true)]
    public void What_tolerates_a_cordon_would_come_back(string tolerations, bool expected) =>
        Assert.Equal(expected, DrainRules.ToleratesCordon(JsonSerializer.Deserialize($$"""{"spec":{"tolerations":[{{tolerations}}]} }""", WireContext.Default.PodWire)!));
}
