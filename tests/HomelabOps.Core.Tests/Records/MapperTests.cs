using System.Text.Json;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Records;

public sealed class MapperTests
{
    [Theory]
    [InlineData("""{"series":{"count":5,"lastObservedTime":"2026-01-01T05:00:00.123456Z"},"lastTimestamp":"2026-01-01T04:00:00Z","eventTime":"2026-01-01T03:00:00.000000Z","count":2}""", 5, 5)]
    [InlineData("""{"series":null,"lastTimestamp":"2026-01-01T04:00:00Z","eventTime":null,"firstTimestamp":"2026-01-01T01:00:00Z","count":7}""", 4, 7)]
    [InlineData("""{"eventTime":"2026-01-01T03:00:00.000000Z","lastTimestamp":null,"firstTimestamp":null}""", 3, 1)]
    [InlineData("""{"firstTimestamp":"2026-01-01T01:00:00Z","count":0}""", 1, 1)]
    [InlineData("""{"metadata":{"creationTimestamp":"2026-01-01T09:00:00Z"}}""", 9, 1)]
    public void An_event_has_the_time_and_count_of_the_API_that_wrote_it(string json, int hour, int count)
    {
        var record = Event(json);
        Assert.Equal((hour, count, DateTimeKind.Local), (record.Time?.ToUniversalTime().Hour, record.Count, record.Time?.Kind));
    }

    [Fact]
    public void An_event_without_any_time_has_none() => Assert.Null(Event("{}").Time);

    [Theory]
    [InlineData("""{"source":{"component":"kubelet","host":"n1"}}""", "kubelet, n1")]
    [InlineData("""{"source":{"component":"kubelet"}}""", "kubelet")]
    [InlineData("""{"source":{},"reportingComponent":"kustomize-controller","reportingInstance":"x"}""", "kustomize-controller")]
    [InlineData("{}", "")]
    public void An_event_names_who_reported_it(string json, string source) => Assert.Equal(source, Event(json).Source);

    [Theory]
    [InlineData("""{"involvedObject":{"kind":"Pod","namespace":"media","name":"web"}}""", "Pod/media/web")]
    [InlineData("""{"involvedObject":{"kind":"Node","name":"n1"}}""", "Node/n1")]
    [InlineData("""{"involvedObject":{}}""", null)]
    [InlineData("{}", null)]
    public void An_event_names_its_object(string json, string? target) => Assert.Equal(target, Event(json).Target?.ToString());

    [Fact]
    public void A_node_is_mapped_in_full()
    {
        var node = Node("""
            {"metadata":{"name":"n1","labels":{"node-role.kubernetes.io/master":"","node-role.kubernetes.io/control-plane":"true","kubernetes.io/role":"storage","node-role.kubernetes.io/":"","x":"y"},"annotations":{"homelabops.github.io/suspended-by":"anna@desk","homelabops.github.io/suspend-reason":"new disk","homelabops.github.io/suspended-at":"2026-01-01T00:30:00Z"},"creationTimestamp":"2026-01-01T00:00:00Z"},
            "spec":{"unschedulable":true,"taints":[{"key":"a","value":"b","effect":"NoSchedule"},{"key":"c","effect":"NoExecute"}]},
            "status":{"allocatable":{"cpu":"3900m","memory":"8Gi","ephemeral-storage":"100G","pods":"110"},
              "conditions":[{"type":"DiskPressure","status":"True"},{"type":"MemoryPressure","status":"Unknown"},{"type":"Ready","status":"True","reason":"KubeletReady","message":"ok","lastHeartbeatTime":"2026-01-01T01:00:00Z"}],
              "addresses":[{"type":"Hostname","address":"n1"},{"type":"InternalIP","address":"10.0.0.1"},{"type":"InternalIP","address":"fd00::1"}],
              "nodeInfo":{"kubeletVersion":"v1.32.1","osImage":"Debian","kernelVersion":"6.1","containerRuntimeVersion":"containerd://2","architecture":"amd64"}}}
            """, (5, 10));
        Assert.Equal(("Node/n1", true, false, false), (node.Reference.ToString(), node.Ready, node.Healthy, node.Schedulable));
        Assert.Equal(["control-plane", "master", "storage"], node.Roles);
        Assert.Equal(["DiskPressure"], node.Pressure);
        Assert.Equal(["a=b:NoSchedule", "c:NoExecute"], node.Taints.Select(taint => taint.ToString()));
        Assert.Equal((3.9, 8L << 30, 100_000_000_000L, 110), (node.Allocatable.Cpu, node.Allocatable.Memory, node.Allocatable.EphemeralStorage, node.Allocatable.Pods));
        Assert.Equal(("v1.32.1", "10.0.0.1", "Debian", "amd64", "containerd://2"), (node.Version, node.InternalIP, node.OperatingSystem, node.Architecture, node.ContainerRuntime));
        Assert.Equal((5L, 10L, "Cordoned", "cordoned by anna@desk, because: new disk"), (node.DiskFree, node.DiskTotal, node.Reason, node.Message));
        Assert.Equal("3.9 CPU, 8 GiB, 110 pods", node.Allocatable.ToString());
    }

    [Theory]
    [InlineData("True", "true", "Cordoned", "cordoned, and nobody wrote down why")]
    [InlineData("False", "true", "Why", "not ready")]
    [InlineData("True", "null", "Why", "not ready")]
    public void That_a_node_is_cordoned_says_less_than_why_it_is_not_ready(string ready, string unschedulable, string reason, string message)
    {
        var node = Node($$"""{"spec":{"unschedulable":{{unschedulable}} },"status":{"conditions":[{"type":"Ready","status":"{{ready}}","reason":"Why","message":"not ready"}]} }""", null);
        Assert.Equal((reason, message, unschedulable == "null"), (node.Reason, node.Message, node.Suspension is null));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"spec":null,"status":null}""")]
    [InlineData("""{"spec":{"taints":null},"status":{"allocatable":null,"conditions":[],"addresses":null,"nodeInfo":null}}""")]
    public void A_node_without_status_is_not_ready(string json)
    {
        var node = Node(json, null);
        Assert.Equal((false, false, true, null, null), (node.Ready, node.Healthy, node.Schedulable, node.DiskFree, node.InternalIP));
    }

    [Theory]
    [InlineData("""{"kind":"ReplicaSet","name":"web-5d4f8c7b9","controller":true}""", "5d4f8c7b9", "Deployment/media/web")]
    [InlineData("""{"kind":"ReplicaSet","name":"web-5d4f8c7b9","controller":true}""", null, "ReplicaSet/media/web-5d4f8c7b9")]
    [InlineData("""{"kind":"ReplicaSet","name":"bare","controller":true}""", "5d4f8c7b9", "ReplicaSet/media/bare")]
    [InlineData("""{"kind":"StatefulSet","name":"db","controller":true}""", null, "StatefulSet/media/db")]
    [InlineData("""{"kind":"Node","name":"n1","controller":true}""", null, "Node/n1")]
    [InlineData("""{"kind":"Job","name":"backup-1","controller":true}""", null, "CronJob/media/backup")]
    [InlineData("""{"kind":"Job","name":"once","controller":true}""", null, "Job/media/once")]
    [InlineData("""{"kind":"StatefulSet","name":"db"}""", null, null)]
    [InlineData("""{"kind":"Backup","name":"b","controller":false},{"kind":"DaemonSet","name":"cni","controller":true}""", null, "DaemonSet/media/cni")]
    public void The_controller_at_the_top_owns_a_pod(string owners, string? hash, string? top)
    {
        var labels = hash is null ? "" : $"\"pod-template-hash\":\"{hash}\"";
        var metadata = JsonSerializer.Deserialize($$"""{"metadata":{"name":"p","namespace":"media","labels":{ {{labels}} },"ownerReferences":[{{owners}}]} }""", WireContext.Default.PartialObjectWire)!.Metadata;
        var owner = Ownership.Top(metadata, "home", (_, job) => job == "backup-1" ? new ResourceReference("home", "CronJob", "media", "backup") : null);
        Assert.Equal(top, owner?.ToString());
    }

    [Theory]
    [InlineData("Deployment", "\"app\":\"label\"", "web")]
    [InlineData("Node", "\"app.kubernetes.io/instance\":\"etcd\"", "etcd")]
    [InlineData(null, "\"app.kubernetes.io/instance\":\"i\",\"app.kubernetes.io/name\":\"n\",\"app\":\"a\"", "i")]
    [InlineData(null, "\"app.kubernetes.io/name\":\"n\",\"app\":\"a\"", "n")]
    [InlineData(null, "\"app\":\"a\"", "a")]
    [InlineData(null, "", "")]
    public void The_application_is_the_workload_or_what_the_labels_say(string? kind, string labels, string app)
    {
        var metadata = JsonSerializer.Deserialize("{\"metadata\":{\"labels\":{" + labels + "}}}", WireContext.Default.PartialObjectWire)!.Metadata;
        Assert.Equal(app, Ownership.App(kind is null ? null : new ResourceReference("home", kind, "media", "web"), metadata));
    }

    private static HomelabEvent Event(string json) => EventMapper.Map(JsonSerializer.Deserialize(json, WireContext.Default.EventWire)!, "home");

    private static HomelabNode Node(string json, (long Free, long Total)? disk) => NodeMapper.Map(JsonSerializer.Deserialize(json, WireContext.Default.NodeWire)!, "home", disk);
}
