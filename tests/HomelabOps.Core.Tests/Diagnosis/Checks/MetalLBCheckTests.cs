using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Tests.MetalLB;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Which faults of the webhook's Secret can be mended here, and which only where the Secret is made.</summary>
public sealed class MetalLBCheckTests
{
    private static readonly WebhookSecret Secret = MetalLBSample.Secret([]);

    [Theory]
    [InlineData("Expired")]
    [InlineData("ExpiresSoon")]
    [InlineData("KeyNotPkcs1")]
    [InlineData("NameMismatch")]
    [InlineData("ChainInvalid")]
    public void A_Secret_that_nobody_else_makes_can_be_renewed(string reason)
    {
        Assert.Equal(HomelabRepairKind.RenewWebhookCert, Repair(reason, Secret)!.Kind);
        Assert.Equal(HomelabRepairKind.RenewWebhookCert, Repair(reason, Secret with { Labels = OfFlux, Annotations = new Dictionary<string, string> { ["kustomize.toolkit.fluxcd.io/reconcile"] = "disabled" } })!.Kind);
    }

    [Theory]
    [InlineData("Expired")]
    [InlineData("KeyNotPkcs1")]
    [InlineData("NameMismatch")]
    public void What_Flux_or_cert_manager_makes_is_mended_there(string reason)
    {
        Assert.Null(Repair(reason, Secret with { Labels = OfFlux }));
        Assert.Null(Repair(reason, Secret with { Annotations = new Dictionary<string, string> { ["cert-manager.io/certificate-name"] = "webhook" } }));
        Assert.Null(Repair(reason, Secret, new FluxKustomization { Cluster = Made.Cluster, Kind = "Kustomization", Namespace = "flux-system", Name = "metallb", Inventory = [new(Made.Cluster, "Secret", MetalLBSample.Space, Secret.Name)] }));
    }

    [Fact]
    public void One_that_is_missing_is_made_whoever_owned_it() => Assert.Equal(HomelabRepairKind.RenewWebhookCert, Repair("SecretMissing", null)!.Kind);

    private static Dictionary<string, string> OfFlux => new() { ["kustomize.toolkit.fluxcd.io/name"] = "metallb", ["kustomize.toolkit.fluxcd.io/namespace"] = "flux-system" };

    private static HomelabRepairAction? Repair(string reason, WebhookSecret? secret, params FluxResource[] flux) => Assert.Single(new MetalLBCheck().Check(new HomelabSnapshot
    {
        Cluster = Made.Cluster,
        Flux = flux,
        WebhookSecret = secret,
        Webhook = new() { Cluster = Made.Cluster, Kind = "Deployment", Namespace = MetalLBSample.Space, Name = "controller", Reason = reason },
    })).Finding.Repair;
}
