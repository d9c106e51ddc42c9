using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Volumes;

public sealed class VolumeTests
{
    private const string Claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c, namespace: default}\nspec: {storageClassName: '', accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}\n";

    [Fact]
    public async Task A_claim_gets_the_smallest_volume_that_is_large_enough()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.ApplyAsync(Volume("large", "10Gi") + "---\n" + Volume("fits", "6Gi") + "---\n" + Volume("small", "1Gi"));

        // One that has no phase yet is not looked at, and the binder may hear of it later than we do.
        await Cluster.UntilAsync(() => Task.FromResult(Cells.Text(cluster.Cluster.Host.Informer(Types.PersistentVolume).Find("", "fits"), "status.phase") == "Available"), "the binder knows the volume");
        await cluster.ApplyAsync(Claim);
        var claim = await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Bound");
        Assert.Equal(("fits", "6Gi", "yes"), (Cells.Text(claim, "spec.volumeName"), Cells.Text(claim, "status.capacity.storage"), (string?)claim["metadata"]!["annotations"]!["pv.kubernetes.io/bind-completed"]));
        Assert.Equal(Cells.Text(claim, "metadata.uid"), Cells.Text(await cluster.PhaseAsync(Types.PersistentVolume, "fits", "Bound"), "spec.claimRef.uid"));
        await cluster.PhaseAsync(Types.PersistentVolume, "small", "Available");
        Assert.Empty(cluster.Cluster.Host.Faults);
    }

    [Theory]
    [InlineData("capacity: {storage: 1Gi}", "requested PV is too small")]
    [InlineData("storageClassName: fast", "storageClassName does not match")]
    [InlineData("volumeMode: Block", "incompatible volumeMode")]
    [InlineData("accessModes: [ReadOnlyMany]", "incompatible accessMode")]
    public async Task A_volume_that_was_asked_for_by_name_and_does_not_fit_says_what_is_wrong(string change, string reason)
    {
        await using var cluster = await Placement.StartAsync();
        var field = change.Split(':')[0];
        await cluster.ApplyAsync(string.Join('\n', Volume("v", "5Gi").Split('\n').Where(line => !line.TrimStart().StartsWith(field, StringComparison.Ordinal))).TrimEnd() + $"\n  {change}\n");
        await cluster.ApplyAsync(Claim.Replace("accessModes", "volumeName: v, accessModes", StringComparison.Ordinal));
        await cluster.EventAsync("c", "VolumeMismatch", $"Cannot bind to requested volume \"v\": {reason}");
        await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Pending");
    }

    [Fact]
    public async Task A_volume_that_was_set_aside_goes_to_its_claim_only_and_is_not_given_again_when_that_is_gone()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.ApplyAsync(Volume("mine", "5Gi") + "  claimRef: {namespace: default, name: c}\n");
        await cluster.ApplyAsync(Claim.Replace("name: c", "name: other", StringComparison.Ordinal));
        await cluster.EventAsync("other", "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
        await cluster.ApplyAsync(Claim);
        await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Bound");

        await cluster.Cluster.Client.DeleteAsync(Types.PersistentVolumeClaim, "default", "c", new DeleteRequest(), Cluster.Stop);
        await cluster.PhaseAsync(Types.PersistentVolume, "mine", "Released");
        await cluster.ApplyAsync(Claim);
        await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Pending");
    }

    [Fact]
    public async Task A_claim_whose_volume_is_deleted_is_lost()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.ApplyAsync(Volume("v", "5Gi"));
        await cluster.ApplyAsync(Claim);
        await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Bound");
        await cluster.Cluster.Client.PatchAsync(Types.PersistentVolume, null, "v", PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, Cluster.Stop);
        await cluster.Cluster.Client.DeleteAsync(Types.PersistentVolume, null, "v", new DeleteRequest(), Cluster.Stop);
        await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Lost");
        await cluster.EventAsync("c", "ClaimLost", "Bound claim has lost its PersistentVolume");
    }

    [Fact]
    public async Task A_class_that_does_not_exist_is_told()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.ApplyAsync(Claim.Replace("storageClassName: ''", "storageClassName: none", StringComparison.Ordinal));
        await cluster.EventAsync("c", "ProvisioningFailed", "storageclass.storage.k8s.io \"none\" not found");
    }

    [Fact]
    public async Task The_default_class_makes_a_volume_on_the_node_of_the_first_pod_and_takes_it_away_with_the_claim()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.ApplyAsync("apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: local-path, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}\nprovisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer\nreclaimPolicy: Delete\n");
        await cluster.ApplyAsync(Claim.Replace("storageClassName: '', ", "", StringComparison.Ordinal));
        await cluster.EventAsync("c", "WaitForFirstConsumer", "waiting for first consumer");
        await cluster.AddPodAsync("p", "nodeSelector: {role: backup}, volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]");
        Assert.Equal("w2", await cluster.NodeAsync("p"));
        var claim = await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Bound");

        await cluster.Cluster.Client.DeleteAsync(Core.Kubernetes.ResourceType.Pod, "default", "p", new DeleteRequest { GracePeriodSeconds = 0 }, Cluster.Stop);
        await cluster.Cluster.Client.DeleteAsync(Types.PersistentVolumeClaim, "default", "c", new DeleteRequest(), Cluster.Stop);
        await Cluster.UntilAsync(async () => await cluster.FindAsync(Types.PersistentVolume, Cells.Text(claim, "spec.volumeName")) is null, "the volume is gone");
    }

    [Fact]
    public async Task A_pod_cannot_run_where_its_volume_is_not()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.ApplyAsync(Volume("v", "5Gi") + "  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: role, operator: In, values: [backup]}]}]}}\n");
        await cluster.ApplyAsync(Claim);
        await cluster.PhaseAsync(Types.PersistentVolumeClaim, "c", "Bound");
        await cluster.AddPodAsync("p", "nodeSelector: {role: primary}, volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]");
        Assert.StartsWith("0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had volume node affinity conflict.", await cluster.RefusalAsync("p", "conflict"), StringComparison.Ordinal);
        await cluster.AddPodAsync("q", "volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]");
        Assert.Equal("w2", await cluster.NodeAsync("q"));
    }

    [Fact]
    public async Task A_pod_waits_for_a_claim_that_is_to_be_bound_at_once()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.ApplyAsync(Claim);
        await cluster.AddPodAsync("p", "volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]");
        await cluster.RefusalAsync("p", "pod has unbound immediate PersistentVolumeClaims");
        await cluster.ApplyAsync(Volume("v", "5Gi"));
        await cluster.NodeAsync("p");
    }

    private static string Volume(string name, string size) =>
        $"apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: {name}\nspec:\n  capacity: {{storage: {size}}}\n  accessModes: [ReadWriteOnce]\n  persistentVolumeReclaimPolicy: Retain\n  storageClassName: ''\n  volumeMode: Filesystem\n  hostPath: {{path: /data/{name}}}\n";
}
