using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Workloads;
using HomelabOps.Sandbox.Tests.Controllers;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>kubectl on the rollouts of what keeps its templates as ControllerRevisions, with the controllers at work.</summary>
public abstract class RolloutTests : KubectlTest
{
    [Theory]
    [InlineData("statefulset", "partitioned roll out complete: 1 new pods have been updated...")]
    [InlineData("daemonset", "daemon set \"db\" successfully rolled out")]
    public async Task A_rollout_is_followed_told_of_and_undone(string kind, string end)
    {
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Server.KubeConfigPath]), null));
        await using var host = new ControllerHost(client, TimeProvider.System);
        WorkloadControllers.AddTo(host);
        host.Add(new TestKubelet(host, everywhere: true));
        await host.StartAsync(TestContext.Current.CancellationToken);
        await OkAsync("apply -f -", """
            apiVersion: v1
            kind: Node
            metadata: {name: n1}
            """);
        await OkAsync("apply -f -", $$"""
            apiVersion: apps/v1
            kind: {{(kind == "statefulset" ? "StatefulSet" : "DaemonSet")}}
            metadata:
              name: db
              annotations: {kubernetes.io/change-cause: first}
            spec:
              {{(kind == "statefulset" ? "serviceName: db" : "minReadySeconds: 0")}}
              selector:
                matchLabels: {app: db}
              template:
                metadata:
                  labels: {app: db}
                spec:
                  containers:
                  - {name: main, image: "registry.test/db:1"}
            """);
        await FollowAsync();
        await OkAsync($"annotate {kind} db --overwrite kubernetes.io/change-cause=second");
        await OkAsync($"set image {kind}/db main=registry.test/db:2");
        await FollowAsync();
        Assert.Equal($"{kind}.apps/db", (await OkAsync($"rollout history {kind}/db")).Split('\n')[0].Trim());
        Assert.Equal(["REVISION|CHANGE-CAUSE", "1|first", "2|second"], Rows(await OkAsync($"rollout history {kind}/db"))[1..4]);
        Assert.Contains("registry.test/db:1", await OkAsync($"rollout history {kind}/db --revision=1"), StringComparison.Ordinal);

        Assert.Equal($"{kind}.apps/db rolled back", await OkAsync($"rollout undo {kind}/db"));
        await FollowAsync();
        Assert.Equal("registry.test/db:1", await OkAsync("get pods -l app=db -o jsonpath={.items[*].spec.containers[*].image}"));
        Assert.Equal(["2|second", "3|first"], Rows(await OkAsync($"rollout history {kind}/db"))[2..4]);
        Assert.Contains("skipped rollback", await OkAsync($"rollout undo {kind}/db --to-revision=3"), StringComparison.Ordinal);

        Assert.Equal($"{kind}.apps/db restarted", await OkAsync($"rollout restart {kind}/db"));
        await FollowAsync();
        Assert.Equal(3, (await OkAsync("get controllerrevisions --no-headers")).Split('\n').Length);

        async Task FollowAsync() => Assert.EndsWith(end, await OkAsync($"rollout status {kind}/db --timeout=60s"), StringComparison.Ordinal);
    }
}

/// <summary>With a kubectl of 1.31 or later.</summary>
public sealed class NewRolloutTests : RolloutTests;

/// <summary>With Debian's kubectl 1.20.</summary>
public sealed class OldRolloutTests : RolloutTests
{
    private protected override string Program => KubectlProgram.Old;
}
