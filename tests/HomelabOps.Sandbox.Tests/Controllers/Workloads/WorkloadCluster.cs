using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Workloads;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

/// <summary>A cluster with the controllers of workloads, where pods run in no time.</summary>
internal static class WorkloadCluster
{
    public static Task<Cluster> StartAsync() => StartAsync(out _);

    public static Task<Cluster> StartAsync(out TestKubelet kubelet)
    {
        var cluster = new Cluster();
        WorkloadControllers.AddTo(cluster.Host);
        kubelet = cluster.Host.Add(new TestKubelet(cluster.Host, everywhere: true));
        return ReadyAsync(cluster);

        static async Task<Cluster> ReadyAsync(Cluster cluster)
        {
            await cluster.Host.StartAsync(Cluster.Stop);
            return cluster;
        }
    }

    /// <summary>The pods in order of their names, once there are so many that nobody has deleted.</summary>
    public static async Task<List<JsonObject>> PodsAsync(this Cluster cluster, int count, Func<JsonObject, bool>? holds = null)
    {
        List<JsonObject> pods = [];
        await Cluster.UntilAsync(
            async () => (pods = [.. (await cluster.ListAsync(ResourceType.Pod)).Where(pod => !Ownership.IsDeleting(pod) && holds?.Invoke(pod) != false)]).Count == count,
            $"there are {count} pods; {string.Join('\n', cluster.Host.Faults)}");
        return [.. pods.OrderBy(pod => Text(pod, "metadata.name"), StringComparer.Ordinal)];
    }

    /// <summary>Makes a pod ready or not.</summary>
    public static Task<JsonObject> SetReadyAsync(this Cluster cluster, string pod, bool isReady)
    {
        var status = TestKubelet.RunningStatus(cluster.Clock.GetUtcNow(), new("default", pod));
        status["conditions"]![1]!["status"] = isReady ? "True" : "False";
        return cluster.PatchAsync(ResourceType.Pod, pod, new JsonObject { ["status"] = status }.ToJsonString(), "status");
    }

    /// <summary>Ends the container of a pod.</summary>
    public static Task<JsonObject> EndAsync(this Cluster cluster, JsonObject pod, int exitCode) => cluster.PatchAsync(
        ResourceType.Pod,
        Text(pod, "metadata.name"),
        $$"""
        {"status":{"phase":"{{(exitCode == 0 ? "Succeeded" : "Failed")}}","conditions":[{"type":"Ready","status":"False"}],
        "containerStatuses":[{"name":"main","image":"main:1","imageID":"","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":{{exitCode}},"finishedAt":"{{Timestamps.Format(cluster.Clock.GetUtcNow())}}"} } }]} }
        """,
        "status");

    public static Task GoneAsync(this Cluster cluster, ResourceType type, string name) =>
        Cluster.UntilAsync(async () => await cluster.FindAsync(type, name) is null, $"{type.Kind} {name} is gone");
}
