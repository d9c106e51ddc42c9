namespace HomelabOps.Cluster.Tests;

/// <summary>A rollout that fails, in a homelab of its own: its Kustomization waits for the pods long afterwards.</summary>
[Collection(nameof(Alone))]
public sealed class RolloutFailureTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void An_image_that_cannot_be_had_is_told_long_before_the_time_is_over()
    {
        const string Manifest = "clusters/homelab/apps/media/bazarr/deployment.yaml";
        var commit = HomelabClone.Edit(sandbox, Manifest, text => System.Text.RegularExpressions.Regex.Replace(text, @"image: \S+", "image: registry.invalid/nothing:1", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Replace("IfNotPresent", "Never", StringComparison.Ordinal));
        var result = sandbox.Run($"Wait-HomelabRollout bazarr -Commit {commit} -Reconcile -TimeoutSeconds 240");
        Assert.Equal("RolloutFailed", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal("ErrImageNeverPull", Assert.Single(result.Output).Properties["Reason"].Value);
    }
}
