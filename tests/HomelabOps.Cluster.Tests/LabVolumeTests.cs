using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>Claims and volumes of the lab: what half of a failover leaves, a node that takes no pods, a volume of a deleted claim, and what a kubelet measures.</summary>
public sealed class LabVolumeTests : ClusterTest
{
    private readonly LabNamespace _namespace = new();
    private readonly LabApi _api = new();
    private readonly List<string> _volumes = [];

    [Fact]
    public void A_pod_that_may_not_run_where_its_volume_is_is_told_with_both_nodes()
    {
        AddVolume("v", "primary");
        AddClaim("c");
        Until("(Test-PvcBinding $name).Phase", "Bound", "c");
        AddPod("p", "c", "backup");
        Until("(Test-PvcBinding $name).Reason", "NodeUnusable", "c");

        var status = Run("Test-PvcBinding $name", ("name", Full("c"))).ThrowIfFailed().Output.Single();
        Assert.Equal((true, false), (status.Properties["Bound"].Value, status.Properties["Healthy"].Value));
        Assert.Contains("only k3s-w1 can mount it, and the pod p may run on k3s-w2 only", (string)status.Properties["Message"].Value, StringComparison.Ordinal);
        Assert.Contains("half-done failover", (string)status.Properties["Remedy"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_of_a_deleted_claim_is_unclaimed_and_keeps_the_new_claim_waiting()
    {
        AddVolume("v", "primary");
        AddClaim("c");
        Until("(Test-PvcBinding $name).Phase", "Bound", "c");
        _namespace.Send(HttpMethod.Delete, $"/api/v1/namespaces/{_namespace.Name}/persistentvolumeclaims/c");
        Until("(Get-HomelabVolume PersistentVolume/$volume -Unclaimed).Phase", "Released", "c");
        AddClaim("c");

        var strings = Run("$s = Test-PvcBinding $name; \"$($s.Reason) $($s.Candidates[0].Rule)\"; $s.Remedy; \"$((Get-HomelabVolume PersistentVolume/$volume).KeptFor)\"", ("name", Full("c")), ("volume", Volume("v"))).ThrowIfFailed().Strings.ToList();
        Assert.Equal(("VolumeReleased ClaimRef", $"PersistentVolumeClaim/{_namespace.Name}/c"), (strings[0], strings[2]));
        Assert.Contains($"kubectl patch pv {Volume("v")} --type merge", strings[1]!, StringComparison.Ordinal);

        // The remedy is what helps.
        _namespace.Send(HttpMethod.Patch, $"/api/v1/persistentvolumes/{Volume("v")}", """{"spec":{"claimRef":{"uid":null,"resourceVersion":null}}}""");
        Until("(Test-PvcBinding $name).Phase", "Bound", "c");
    }

    [Fact]
    public void A_folder_that_is_not_on_the_node_is_told_only_where_it_is_looked_for()
    {
        AddVolume("v", "primary", path: "/srv/" + _namespace.Name);
        AddClaim("c");
        Until("(Test-PvcBinding $name).Phase", "Bound", "c");
        Assert.Equal([true], Run("Test-PvcBinding $name", ("name", Full("c"))).ThrowIfFailed().Values("Healthy"));

        var status = Run("Test-PvcBinding $name -CheckPath", ("name", Full("c"))).ThrowIfFailed().Output.Single();
        Assert.Equal((false, "PathMissing"), (status.Properties["Healthy"].Value, status.Properties["Reason"].Value));
        Assert.Contains("on k3s-w1. The kubelet makes an empty one", (string)status.Properties["Message"].Value, StringComparison.Ordinal);

        NodeShell.Run("k3s-w1", "mkdir /srv/" + _namespace.Name);
        Assert.Equal([true], Run($"Test-PvcBinding $name -CheckPath -ProbeNamespace {_namespace.Name}", ("name", Full("c"))).ThrowIfFailed().Values("Healthy"));
        Assert.Contains("localhost/none:1", Assert.Single(Run("Test-PvcBinding $name -CheckPath -Image localhost/none:1", ("name", Full("c"))).ThrowIfFailed().Warnings), StringComparison.Ordinal);
        NodeShell.Run("k3s-w1", "rmdir /srv/" + _namespace.Name);
        Assert.Empty(Run("Get-HomelabPod -Namespace kube-system -Selector app.kubernetes.io/managed-by=homelabops").Output);
    }

    [Fact]
    public void A_kubelet_says_what_is_in_use()
    {
        AddVolume("v", "primary", local: true);
        AddClaim("c");
        AddPod("p", "c", "primary");
        Until("[bool](Get-HomelabVolume $name).Used", "True", "c");
        Assert.Equal(["Pod/" + _namespace.Name + "/p", "k3s-w1", "True"], Run("$v = Get-HomelabVolume $name; \"$($v.Pods)\"; $v.Node; (Test-PvcBinding $name).Healthy", ("name", Full("c"))).ThrowIfFailed().Strings);
    }

    [Fact]
    public void Who_may_not_list_claims_is_told_so() =>
        Assert.Equal("AccessDenied", Run("Test-PvcBinding -KubeConfig $file", ("file", Lab.Variant("restricted"))).Errors[0].FullyQualifiedErrorId.Split(',')[0]);

    protected override void Dispose(bool disposing)
    {
        _namespace.Dispose();
        _volumes.ForEach(volume => _api.Call(HttpMethod.Delete, $"/api/v1/persistentvolumes/{volume}"));
        _api.Dispose();
        base.Dispose(disposing);
    }

    private string Full(string name) => $"{_namespace.Name}/{name}";

    private string Volume(string name) => $"{_namespace.Name}-{name}";

    // A kubelet looks at volumes once a minute.
    private void Until(string script, string wanted, string claim)
    {
        var end = DateTime.UtcNow + TimeSpan.FromMinutes(3);
        string? last;
        while ((last = Run(script, ("name", Full(claim)), ("volume", Volume("v"))).Strings.FirstOrDefault()) != wanted)
        {
            Assert.True(DateTime.UtcNow < end, $"{script} gave {last} and never {wanted}");
            Thread.Sleep(200);
        }
    }

    private void AddVolume(string name, string role, bool local = false, string path = "/srv")
    {
        var source = $$$""" "{{{(local ? "local" : "hostPath")}}}":{"path":"{{{path}}}"} """;
        _namespace.Send(HttpMethod.Post, "/api/v1/persistentvolumes", $$$$"""
            {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"{{{{Volume(name)}}}}"},
             "spec":{"capacity":{"storage":"5Gi"},"accessModes":["ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","storageClassName":"{{{{_namespace.Name}}}}",{{{{source}}}},
             "nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"role","operator":"In","values":["{{{{role}}}}"]}]}]} } } }
            """);
        _volumes.Add(Volume(name));
    }

    private void AddClaim(string name) => _namespace.Send(HttpMethod.Post, $"/api/v1/namespaces/{_namespace.Name}/persistentvolumeclaims", $$$$"""
        {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{{name}}}}"},
         "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"{{{{_namespace.Name}}}}","resources":{"requests":{"storage":"1Gi"} } } }
        """);

    private void AddPod(string name, string claim, string role) => _namespace.Send(HttpMethod.Post, _namespace.Pods, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["nodeSelector"] = new JsonObject { ["role"] = role },
            ["terminationGracePeriodSeconds"] = 1,
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "c", ["image"] = "localhost/pause:1", ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "v", ["mountPath"] = "/data" }) }),
            ["volumes"] = new JsonArray(new JsonObject { ["name"] = "v", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } }),
        },
    }.ToJsonString());
}
