namespace HomelabOps.Cluster.Tests;

/// <summary>A commit after which a pod waits for a volume that never comes, in a homelab of its own: its Kustomization waits for the pods long afterwards.</summary>
[Collection(nameof(Alone))]
public sealed class RolloutHangTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void A_volume_without_its_Secret_is_told_long_before_the_time_is_over()
    {
        const string Manifest = "clusters/homelab/apps/media/bazarr/deployment.yaml";
        var commit = HomelabClone.Edit(sandbox, Manifest, text => text.Replace("      volumes:\n", "      volumes:\n        - name: token\n          secret:\n            secretName: nobody-has-it\n", StringComparison.Ordinal));
        var result = sandbox.Run($"Wait-HomelabRollout bazarr -Commit {commit} -Reconcile -TimeoutSeconds 240");
        var error = Assert.Single(result.Errors);
        Assert.Equal("RolloutFailed", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.EndsWith("(FailedMount): MountVolume.SetUp failed for volume \"token\" : secret \"nobody-has-it\" not found", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal("FailedMount", Assert.Single(result.Output).Properties["Reason"].Value);
    }
}
