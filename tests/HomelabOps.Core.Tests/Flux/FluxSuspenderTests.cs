using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;

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

    [Fact]
    public void What_is_given_counts_and_all_else_of_a_suspension_stays()
    {
        var former = new FluxSuspension { By = "anna@desk", Reason = "new disk", Since = DateTime.Now.AddDays(-1), Until = DateTime.Now.AddDays(1) };
        var given = new FluxSuspension { By = "ben@couch", Since = DateTime.Now };
        Assert.Equal(given, Suspensions.Over(null, given));
        Assert.Equal(former with { By = "ben@couch", Reason = "new router" }, Suspensions.Over(former, given with { Reason = "new router" }));
        var end = DateTime.Now.AddHours(2);
        Assert.Equal(former with { By = "ben@couch", Until = end }, Suspensions.Over(former, given with { Until = end }));
    }

    [Theory]
    [InlineData("Kustomization", "ReconciliationSucceeded")]
    [InlineData("HelmRepository", "Static")]
    public void What_reads_its_suspend_field_can(string kind, string reason) =>
        FluxSuspender.Check(new FluxResource { Kind = kind, Namespace = "flux-system", Name = "x", Reason = reason });
}
