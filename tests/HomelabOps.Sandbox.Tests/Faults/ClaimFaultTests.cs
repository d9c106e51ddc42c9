using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>Claims that are not bound, each for another reason.</summary>
public sealed class ClaimFaultTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    [Theory]
    [InlineData("PvcNoVolume", "FailedBinding", "no persistent volumes available for this claim and no storage class is set")]
    [InlineData("PvcVolumeMissing", null, null)]
    [InlineData("PvcTooSmall", "VolumeMismatch", "requested PV is too small")]
    [InlineData("PvcClass", "VolumeMismatch", "storageClassName does not match")]
    [InlineData("PvcClassMissing", "ProvisioningFailed", "storageclass.storage.k8s.io \"fast-nvme\" not found")]
    [InlineData("PvcAccessMode", "VolumeMismatch", "incompatible accessMode")]
    [InlineData("PvcVolumeMode", "VolumeMismatch", "incompatible volumeMode")]
    [InlineData("PvcSelector", "FailedBinding", "no persistent volumes available")]
    [InlineData("PvcAlreadyBound", "FailedBinding", "volume \"pv-sonarr-backup\" already bound to a different claim.")]
    [InlineData("PvcReleased", "FailedBinding", "volume \"pv-sonarr-library\" already bound to a different claim.")]
    public Task A_claim_stays_pending_and_so_does_the_pod(string fault, string? reason, string? message) => homelab.ProveAsync(
        fault,
        "sonarr",
        TimeSpan.FromSeconds(5),
        ("the claim is Pending", it => Task.FromResult(Cells.Text(it.Host.Informer(Types.PersistentVolumeClaim).Find("media", "pvc-sonarr-library"), "status.phase") == "Pending")),
        ("the claim's event", async it => reason is null || await FaultyHomelab.HasEventAsync(it, reason, message!)),
        ("the pod is Pending", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod => Cells.Text(FaultyHomelab.Condition(pod, "PodScheduled"), "reason") == "Unschedulable"))),
        ("the volume is as it has to be", it => Task.FromResult(fault != "PvcReleased" || Cells.Text(it.Host.Informer(Types.PersistentVolume).Find("", "pv-sonarr-library"), "status.phase") == "Released")));

    [Fact]
    public Task A_bound_claim_of_another_node_keeps_the_pod_waiting() => homelab.ProveAsync(
        "PvcNodeAffinity",
        "sonarr",
        TimeSpan.FromSeconds(5),
        ("the pod is Pending", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod =>
            Cells.Text(FaultyHomelab.Condition(pod, "PodScheduled"), "message").Contains("had volume node affinity conflict", StringComparison.Ordinal)))));
}
