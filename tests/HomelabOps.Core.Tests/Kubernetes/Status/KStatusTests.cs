using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Status;

namespace HomelabOps.Core.Tests.Kubernetes.Status;

public sealed class KStatusTests
{
    private const string Deployment = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"generation":2},"spec":{"replicas":2},"status":{"observedGeneration":2,"replicas":2,"updatedReplicas":2,"readyReplicas":2,"availableReplicas":2,"conditions":[{"type":"Available","status":"True"}]}}""";

    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "", nameof(ObjectStatus.Current))]
    [InlineData("\"observedGeneration\":2", "\"observedGeneration\":1", nameof(ObjectStatus.InProgress))]
    [InlineData("\"updatedReplicas\":2", "\"updatedReplicas\":1", nameof(ObjectStatus.InProgress))]
    [InlineData("\"availableReplicas\":2", "\"availableReplicas\":1", nameof(ObjectStatus.InProgress))]
    [InlineData("\"replicas\":2,\"updated", "\"replicas\":3,\"updated", nameof(ObjectStatus.InProgress))]
    [InlineData("[{", "[{\"type\":\"Progressing\",\"status\":\"False\",\"reason\":\"ProgressDeadlineExceeded\"},{", nameof(ObjectStatus.Failed))]
    [InlineData("{\"generation\":2}", "{\"generation\":2,\"deletionTimestamp\":\"2026-07-01T12:00:00Z\"}", nameof(ObjectStatus.Terminating))]
    public void A_deployment_is_current_when_all_of_its_pods_are(string old, string changed, string expected) =>
        Assert.Equal(expected, Status(old.Length == 0 ? Deployment : Deployment.Replace(old, changed, StringComparison.Ordinal)));

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"PersistentVolumeClaim","status":{"phase":"Pending"}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"v1","kind":"PersistentVolumeClaim","status":{"phase":"Bound"}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","data":{}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","status":{"phase":"Succeeded"}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","status":{"phase":"Failed"}}""", nameof(ObjectStatus.Failed))]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","status":{"phase":"Running","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""", nameof(ObjectStatus.Failed))]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","lastTransitionTime":"2026-07-01T11:59:50Z"}]}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","lastTransitionTime":"2026-07-01T11:59:40Z"}]}}""", nameof(ObjectStatus.Failed))]
    [InlineData("""{"apiVersion":"batch/v1","kind":"Job","status":{}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"batch/v1","kind":"Job","status":{"conditions":[{"type":"Failed","status":"True"}]}}""", nameof(ObjectStatus.Failed))]
    [InlineData("""{"apiVersion":"batch/v1","kind":"Job","status":{"startTime":"2026-07-01T11:59:40Z"}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","status":{"conditions":[{"type":"Established","status":"True"}]}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","status":{}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"v1","kind":"Service","spec":{"type":"ClusterIP"}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"x.example.org/v1","kind":"Thing","status":{"conditions":[{"type":"Ready","status":"False"}]}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"x.example.org/v1","kind":"Thing","status":{"conditions":[{"type":"Reconciling","status":"True"},{"type":"Ready","status":"False"}]}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"x.example.org/v1","kind":"Thing","status":{"conditions":[{"type":"Stalled","status":"True"},{"type":"Ready","status":"False"}]}}""", nameof(ObjectStatus.Failed))]
    [InlineData("""{"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"replicas":1},"status":{"replicas":1,"readyReplicas":1,"currentReplicas":1,"currentRevision":"a","updateRevision":"a"}}""", nameof(ObjectStatus.Current))]
    [InlineData("""{"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"replicas":1},"status":{"replicas":1,"readyReplicas":1,"currentReplicas":1,"currentRevision":"a","updateRevision":"b"}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"apps/v1","kind":"DaemonSet","status":{"observedGeneration":0,"desiredNumberScheduled":2,"currentNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":1}}""", nameof(ObjectStatus.InProgress))]
    [InlineData("""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","status":{"currentHealthy":0,"desiredHealthy":1}}""", nameof(ObjectStatus.InProgress))]
    public void Each_kind_has_its_rule(string item, string expected) => Assert.Equal(expected, Status(item));

    private static string Status(string item) => KStatus.Of(JsonNode.Parse(item)!.AsObject(), Now).Status.ToString();
}
