using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>A drain of a real node with a real scheduler and a real budget. Only pods of the test's own are evicted.</summary>
[Collection(nameof(Alone))]
public sealed class NodeSuspensionLabTests : ClusterTest
{
    private const string Node = "k3s-w2";

    private readonly LabNamespace _space = new();
    private readonly RoleGrant _role = new("homelabops-cluster");
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    [Fact]
    public void Pods_leave_a_real_node_one_after_the_other_as_their_budget_says()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        var app = _space.Name;
        _space.Send(HttpMethod.Post, $"/apis/policy/v1beta1/namespaces/{app}/poddisruptionbudgets", $$"""{"metadata":{"name":"web"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"{{app}}"} } } }""");
        _space.Send(
            HttpMethod.Post,
            $"/apis/apps/v1/namespaces/{app}/deployments",
            $$"""
            {
              "metadata": { "name": "web" },
              "spec": {
                "replicas": 2,
                "selector": { "matchLabels": { "app": "{{app}}" } },
                "template": {
                  "metadata": { "labels": { "app": "{{app}}" } },
                  "spec": {
                    "terminationGracePeriodSeconds": 1,
                    "affinity": { "nodeAffinity": { "preferredDuringSchedulingIgnoredDuringExecution": [{ "weight": 100, "preference": { "matchExpressions": [{ "key": "kubernetes.io/hostname", "operator": "In", "values": ["{{Node}}"] }] } }] } },
                    "containers": [{ "name": "main", "image": "docker.io/library/busybox:1.36", "imagePullPolicy": "IfNotPresent", "command": ["sleep", "600"], "readinessProbe": { "exec": { "command": ["true"] } } }]
                  }
                }
              }
            }
            """);
        Until($"@(Get-HomelabPod -Namespace {app} -Node {Node} | Where-Object Ready).Count", "2");

        try
        {
            var drain = Run($"Suspend-HomelabNode {Node} -Drain -PodSelector app={app} -Reason 'a test' -TimeoutSeconds 120 -KubeConfig '{_role.KubeConfig}'").ThrowIfFailed();
            Assert.Equal(("Cordoned", false), (drain.Output.Single().Properties["Reason"].Value, drain.Output.Single().Properties["Schedulable"].Value));
            Assert.Empty(Run($"Get-HomelabPod -Namespace {app} -Node {Node}").ThrowIfFailed().Output);

            // The second could go only when the successor of the first was ready.
            Assert.NotEmpty(Run($"Get-HomelabPod -Namespace {app} | Where-Object Ready").ThrowIfFailed().Output);
            Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(_state, "journal")).SelectMany(File.ReadLines).Count(line => line.Contains("\"change\":\"Evict\"", StringComparison.Ordinal) && line.Contains("\"state\":\"Started\"", StringComparison.Ordinal)));
        }
        finally
        {
            var node = Run($"Resume-HomelabNode {Node} -KubeConfig '{_role.KubeConfig}'").ThrowIfFailed().Output.Single();
            Assert.Equal((true, null), (node.Properties["Schedulable"].Value, node.Properties["Suspension"].Value));
        }
    }

    [Fact]
    public void A_pod_of_a_real_node_is_deleted_and_waited_for()
    {
        _space.AddPod("single", "sleep 600");
        Until($"@(Get-HomelabPod {_space.Name}/single | Where-Object ReadyContainers -GE 1).Count", "1");
        Assert.Equal(["Deleted"], Run($"(Remove-HomelabPod {_space.Name}/single -Confirm:$false -TimeoutSeconds 60).Status").ThrowIfFailed().Strings);
        Assert.Equal(["PodNotFound"], Run($"Get-HomelabPod {_space.Name}/single").ErrorIds);
    }

    protected override void Dispose(bool disposing)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
        _space.Dispose();
        _role.Dispose();
        base.Dispose(disposing);
    }

    private void Until(string script, string wanted)
    {
        var clock = Stopwatch.StartNew();
        while (Run(script).Strings.SingleOrDefault() != wanted)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{script} did not become {wanted}");
            Thread.Sleep(200);
        }
    }
}
