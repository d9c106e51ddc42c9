using System.Diagnostics;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Tests.Kubectl;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

/// <summary>What kubelets make of containers that are added to pods that run.</summary>
public sealed class EphemeralContainerTests
{
    [Fact]
    public async Task Kubectl_debugs_a_pod_that_runs()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        await cluster.UntilReadyAsync("sonarr");
        Assert.Equal(0, (await KubectlAsync(cluster, "debug", "sonarr", "--image=busybox:1.36", "-c", "look", "--target=app", "--", "sh", "-c", "echo seen; sleep 3600")).ExitCode);
        var pod = await cluster.UntilAsync("sonarr", item => Cells.At(Look(item), "state.running") is not null, "its new container runs");
        Assert.Equal(("look", "False", "True"), (Cells.Text(Look(pod), "name"), Cells.Text(Look(pod), "ready") == "true" ? "True" : "False", KubeletCluster.Condition(pod, "Ready")));
        await cluster.UntilEventAsync("sonarr", "Started", "Started container look");
        Assert.Equal("seen\n", (await KubectlAsync(cluster, "logs", "sonarr", "-c", "look")).Output);
        Assert.Equal("there\n", (await KubectlAsync(cluster, "exec", "sonarr", "-c", "look", "--", "echo", "there")).Output);
        Assert.Contains("Ephemeral Containers:", (await KubectlAsync(cluster, "describe", "pod", "sonarr")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_once_and_changes_nothing_of_the_pod()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        await cluster.UntilReadyAsync("sonarr");
        await AddAsync(cluster, "look", "exit 3");
        var ended = await cluster.UntilAsync("sonarr", item => Cells.At(Look(item), "state.terminated") is not null, "its new container ends");
        cluster.Advance(3600);
        await AddAsync(cluster, "next", "sleep 10");
        var pod = await cluster.UntilAsync("sonarr", item => Cells.Count(item, "status.ephemeralContainerStatuses") == 2, "another one is added");
        Assert.Equal((3L, 0L, "Running", true), (Cells.Number(Look(ended), "state.terminated.exitCode"), Cells.Number(Look(pod), "restartCount"), Cells.Text(pod, "status.phase"), KubeletCluster.IsReady(pod)));
    }

    [Fact]
    public async Task It_looks_into_a_pod_whose_init_container_does_not_end()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var waiting = KubeletCluster.Pod("sonarr");
        waiting["spec"]!["initContainers"] = new JsonArray(new JsonObject { ["name"] = "wait", ["image"] = "busybox:1.36", ["command"] = new JsonArray("sleep", "100000") });
        await cluster.CreateAsync(waiting);
        await cluster.UntilAsync("sonarr", item => Cells.Count(item, "status.initContainerStatuses") == 1, "it waits");
        await AddAsync(cluster, "look", "sleep 100000");
        var pod = await cluster.UntilAsync("sonarr", item => Cells.At(Look(item), "state.running") is not null, "its new container runs");
        Assert.Equal("Pending", Cells.Text(pod, "status.phase"));
        await cluster.DeleteAsync("sonarr", 1);
        cluster.Advance(2);
        await Cluster.UntilAsync(async () => await cluster.FindAsync("sonarr") is null, "all of it ends with the pod");
    }

    private static JsonObject? Look(JsonObject pod) => Cells.Items(pod, "status.ephemeralContainerStatuses").FirstOrDefault();

    private static async Task<JsonObject> AddAsync(KubeletCluster cluster, string name, string script)
    {
        var present = Cells.Items(await cluster.FindAsync("sonarr"), "spec.ephemeralContainers").Select(container => container.DeepClone());
        var added = JsonNode.Parse($$"""{"name":"{{name}}","image":"busybox:1.36","command":["sh","-c","{{script}}"]}""")!;
        return await cluster.Client.PatchAsync(
            ResourceType.Pod,
            "default",
            "sonarr",
            PatchKind.Merge,
            new JsonObject { ["spec"] = new JsonObject { ["ephemeralContainers"] = new JsonArray([.. present, added]) } },
            Cluster.Stop,
            new WriteOptions { Subresource = "ephemeralcontainers" });
    }

    private static async Task<KubectlProcess.Result> KubectlAsync(KubeletCluster cluster, params string[] arguments)
    {
        var start = new ProcessStartInfo(KubectlProgram.New, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["KUBECONFIG"] = cluster.KubeConfigPath;
        await using var process = new KubectlProcess(start);
        process.Input.Close();
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {result.Error}{result.Output}");
        return result;
    }
}
