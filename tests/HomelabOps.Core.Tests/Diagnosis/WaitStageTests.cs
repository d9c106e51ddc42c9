using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Waiting;

namespace HomelabOps.Core.Tests.Diagnosis;

/// <summary>A stage is not over while something of it could not be read.</summary>
public sealed class WaitStageTests
{
    [Theory]
    [InlineData("Apps", "", "pods,deployments.apps,persistentvolumeclaims,services,endpoints,ingresses.networking.k8s.io,replications")]
    [InlineData("Apps", "Ingress", "pods,deployments.apps,persistentvolumeclaims,services,ingresses.networking.k8s.io")]
    [InlineData("Apps", "Replication", "pods,deployments.apps,persistentvolumeclaims,replications")]
    [InlineData("MetalLB", "", "deployments.apps,the webhook of MetalLB")]
    [InlineData("Dns", "", "pods,deployments.apps,services")]
    public void What_of_it_is_missing_is_told(string stage, string area, string expected)
    {
        var query = new HomelabTestQuery { Areas = area.Length == 0 ? [] : [Enum.Parse<HomelabArea>(area)] };
        var snapshot = new HomelabSnapshot { Cluster = "fake", Unread = new HashSet<UnreadPart> { new(SnapshotReader.WebhookPart) } };
        Assert.Equal(expected, string.Join(',', WaitStage.All.Single(each => each.Name == stage).Unread(snapshot, query.Wants)));
    }

    [Fact]
    public void A_homelab_without_a_webhook_lacks_nothing() =>
        Assert.Empty(WaitStage.All.Single(each => each.Name == "MetalLB").Unread(new() { Cluster = "fake", Workloads = [] }, _ => true));
}
