using HomelabOps.Core.Flux;

namespace HomelabOps.Core.Tests.Flux;

public sealed class FluxSuspenderTests
{
    [Theory]
    [InlineData("Alert", "Static")]
    [InlineData("Provider", "Static")]
    [InlineData("ExternalArtifact", "Succeeded")]
    public void What_has_no_controller_cannot_be_suspended(string kind, string reason)
    {
        var error = Assert.Throws<HomelabException>(() => FluxSuspender.Check(new FluxResource { Kind = kind, Namespace = "flux-system", Name = "x", Reason = reason }));
        Assert.Equal(("FluxStatic", ErrorKind.InvalidOperation), (error.Id, error.Kind));
    }

    [Theory]
    [InlineData("Kustomization", "ReconciliationSucceeded")]
    [InlineData("HelmRepository", "Static")]
    public void What_reads_its_suspend_field_can(string kind, string reason) =>
        FluxSuspender.Check(new FluxResource { Kind = kind, Namespace = "flux-system", Name = "x", Reason = reason });
}
