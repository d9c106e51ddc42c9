using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Sandbox.Tests.Controllers.Scheduling;

public sealed class SchedulerTests
{
    [Theory]
    [InlineData("nodeSelector: {role: backup}", "w2")]
    [InlineData("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: role, operator: NotIn, values: [primary]}]}]}}}", "w2")]
    [InlineData("affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 10, preference: {matchExpressions: [{key: role, operator: In, values: [backup]}]}}]}}", "w2")]
    [InlineData("", "w1")]
    public async Task A_pod_goes_where_it_wants_to_and_else_to_the_first_of_equals(string spec, string node)
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("p", spec);
        Assert.Equal(node, await cluster.NodeAsync("p"));
        await cluster.EventAsync("p", "Scheduled", $"Successfully assigned default/p to {node}");
        Assert.Empty(cluster.Cluster.Host.Faults);
    }

    [Theory]
    [InlineData("nodeSelector: {role: none}", "2 node(s) didn't match Pod's node affinity/selector")]
    [InlineData("containers: [{name: c, image: i, resources: {requests: {cpu: 3}}}]", "2 Insufficient cpu")]
    [InlineData("containers: [{name: c, image: i, resources: {requests: {memory: 9Gi}}}]", "2 Insufficient memory")]
    [InlineData("volumes: [{name: v, persistentVolumeClaim: {claimName: none}}]", "persistentvolumeclaim \"none\" not found")]
    public async Task Who_fits_nowhere_is_told_why_in_the_scheduler_s_words(string spec, string reason)
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("p", spec);
        Assert.StartsWith($"0/2 nodes are available: {reason}", await cluster.RefusalAsync("p", reason), StringComparison.Ordinal);
        await cluster.EventAsync("p", "FailedScheduling", reason);
    }

    [Fact]
    public async Task A_taint_and_a_cordon_keep_pods_away_until_they_are_gone()
    {
        await using var cluster = await Placement.StartAsync(more: """
            apiVersion: v1
            kind: Node
            metadata: {name: w1, labels: {kubernetes.io/hostname: w1, role: primary}}
            spec: {taints: [{key: gpu, value: 'true', effect: NoSchedule}]}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: w2, labels: {kubernetes.io/hostname: w2, role: backup}}
            spec: {unschedulable: true}

            """);
        await cluster.AddPodAsync("p", "");
        Assert.StartsWith("0/2 nodes are available: 1 node(s) had untolerated taint {gpu: true}, 1 node(s) were unschedulable.", await cluster.RefusalAsync("p", "unschedulable"), StringComparison.Ordinal);

        await cluster.AddPodAsync("bears", "tolerations: [{key: gpu, operator: Exists}]");
        Assert.Equal("w1", await cluster.NodeAsync("bears"));
        await cluster.ApplyAsync("apiVersion: v1\nkind: Node\nmetadata: {name: w2, labels: {kubernetes.io/hostname: w2, role: backup}}\n");
        Assert.Equal("w2", await cluster.NodeAsync("p"));
    }

    [Fact]
    public async Task Room_is_counted_and_is_free_again_when_a_pod_goes()
    {
        await using var cluster = await Placement.StartAsync(cpu: 1);
        const string Spec = "containers: [{name: c, image: i, resources: {requests: {cpu: 600m}}}]";
        await cluster.AddPodAsync("a", Spec);
        await cluster.AddPodAsync("b", Spec);
        Assert.NotEqual(await cluster.NodeAsync("a"), await cluster.NodeAsync("b"));
        await cluster.AddPodAsync("c", Spec);
        await cluster.RefusalAsync("c", "2 Insufficient cpu");
        await cluster.Cluster.Client.DeleteAsync(ResourceType.Pod, "default", "a", new DeleteRequest { GracePeriodSeconds = 0 }, Cluster.Stop);
        await cluster.NodeAsync("c");
    }

    [Fact]
    public async Task Pods_keep_apart_from_others_and_beside_others_as_they_require()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("first", "nodeSelector: {role: backup}");
        await cluster.NodeAsync("first");
        const string Term = "requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: first}}}]";
        await cluster.AddPodAsync("beside", $"affinity: {{podAffinity: {{{Term}}}}}");
        await cluster.AddPodAsync("apart", $"affinity: {{podAntiAffinity: {{{Term}}}}}");
        Assert.Equal("w2", await cluster.NodeAsync("beside"));
        Assert.Equal("w1", await cluster.NodeAsync("apart"));
    }

    [Fact]
    public async Task A_port_of_the_node_is_given_once()
    {
        await using var cluster = await Placement.StartAsync();
        const string Spec = "containers: [{name: c, image: i, ports: [{containerPort: 80, hostPort: 8080}]}]";
        await cluster.AddPodAsync("a", Spec);
        await cluster.AddPodAsync("b", Spec);
        Assert.NotEqual(await cluster.NodeAsync("a"), await cluster.NodeAsync("b"));
        await cluster.AddPodAsync("c", Spec);
        await cluster.RefusalAsync("c", "2 node(s) didn't have free ports for the requested pod ports");
    }

    [Fact]
    public async Task A_claim_that_comes_with_its_pod_is_waited_for_without_a_word()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("p", "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]");
        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data, namespace: default}
            spec: {storageClassName: manual, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: volume}
            spec: {storageClassName: manual, accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path: /data}}

            """);
        await cluster.NodeAsync("p");
        await cluster.EventAsync("p", "Scheduled", "Successfully assigned");
        Assert.DoesNotContain(await cluster.EventsAsync("p"), text => text.StartsWith("FailedScheduling", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_pods_that_wait_the_most_important_is_placed_first()
    {
        const string Spec = "containers: [{name: c, image: i, resources: {requests: {cpu: 900m}}}]";
        await using var cluster = await Placement.StartAsync(cpu: 1, more: string.Concat(new[] { "a", "b", "c" }.Select(name => $"""
            apiVersion: v1
            kind: Pod
            metadata: {"{"}name: {name}, namespace: default{"}"}
            spec: {"{"}{(name == "c" ? "priorityClassName: system-node-critical, " : "")}{Spec}{"}"}
            ---

            """)));
        await cluster.NodeAsync("c");
        await cluster.RefusalAsync("b", "No preemption victims found for incoming pod");
        Assert.DoesNotContain(await cluster.EventsAsync("c"), text => text.StartsWith("FailedScheduling", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_place_that_is_being_made_is_kept_from_others()
    {
        await using var cluster = await Placement.StartAsync(cpu: 1);
        const string Spec = "containers: [{name: c, image: i, resources: {requests: {cpu: 900m}}}]";
        foreach (var name in new[] { "a", "b" })
        {
            await cluster.AddPodAsync(name, Spec);
            await cluster.NodeAsync(name);
        }

        await cluster.AddPodAsync("important", "priorityClassName: system-cluster-critical, " + Spec);
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu.", await cluster.RefusalAsync("important", "Insufficient cpu."));
        await cluster.AddPodAsync("late", Spec);
        await cluster.RefusalAsync("late", "2 No preemption victims found for incoming pod");
        JsonObject[] pods = [(await cluster.FindAsync(ResourceType.Pod, "a"))!, (await cluster.FindAsync(ResourceType.Pod, "b"))!];
        var victim = Assert.Single(pods, pod => pod["metadata"]!["deletionTimestamp"] is not null);
        Assert.Contains("PreemptionByScheduler", victim["status"]!["conditions"]!.ToJsonString(), StringComparison.Ordinal);

        // Without a kubelet nobody else ends it.
        await cluster.Cluster.Client.DeleteAsync(ResourceType.Pod, "default", (string)victim["metadata"]!["name"]!, new DeleteRequest { GracePeriodSeconds = 0 }, Cluster.Stop);
        Assert.Equal((string?)victim["spec"]!["nodeName"], await cluster.NodeAsync("important"));
        Assert.Null((string?)(await cluster.FindAsync(ResourceType.Pod, "late"))!["spec"]!["nodeName"]);
        Assert.Empty(cluster.Cluster.Host.Faults);
    }

    [Fact]
    public async Task Pods_that_ask_for_nothing_are_spread_by_the_room_that_is_left()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("uneven", "nodeSelector: {role: backup}, containers: [{name: c, image: i, resources: {requests: {cpu: 500m}}}]");
        Assert.Equal("w2", await cluster.NodeAsync("uneven"));
        var nodes = new List<string>();
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            await cluster.AddPodAsync(name, "");
            nodes.Add(await cluster.NodeAsync(name));
        }

        Assert.Equal(["w1", "w1", "w1", "w1", "w2"], nodes);
    }
}
