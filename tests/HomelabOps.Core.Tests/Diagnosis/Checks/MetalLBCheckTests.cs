using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
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

    [Fact]
    public void What_is_offered_for_one_of_Git_is_not_what_would_be_refused()
    {
        var text = Text("Expired", Secret with { Labels = OfFlux });
        Assert.Contains("applied from Git by Kustomization/flux-system/metallb", text, StringComparison.Ordinal);
        Assert.DoesNotContain("-Force", text, StringComparison.Ordinal);
        Assert.Contains("issued by cert-manager for webhook", Text("Expired", Secret with { Annotations = new Dictionary<string, string> { ["cert-manager.io/certificate-name"] = "webhook" } }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Service_that_Git_has_is_applied_again()
    {
        var owner = new FluxKustomization { Cluster = Made.Cluster, Kind = "Kustomization", Namespace = "flux-system", Name = "metallb", Inventory = [new(Made.Cluster, "Service", MetalLBSample.Space, "webhook-service")] };
        Assert.Contains("Invoke-FluxReconcile Kustomization/flux-system/metallb", Text("ServiceMissing", Secret, owner), StringComparison.Ordinal);
        Assert.DoesNotContain("Invoke-FluxReconcile", Text("ServiceMissing", Secret), StringComparison.Ordinal);
    }

    [Fact]
    public void No_reason_says_twice_what_it_is_of() => Assert.Equal(["Error WebhookConfigurationLeft Deployment/metallb-system/controller"], new MetalLBCheck().Findings(Snapshot("WebhookConfigurationLeft", Secret)));

    [Theory]
    [InlineData("\"loadBalancerIP\":\"10.0.0.1\"", "asks for the address 10.0.0.1, which is in no pool")]
    [InlineData("\"loadBalancerIP\":\"192.168.1.10\"", "asks for the address 192.168.1.10, which Service/media/other has")]
    [InlineData("\"ipFamilies\":[\"IPv6\"]", "asks for an address of IPv6")]
    [InlineData("\"ipFamilies\":[\"IPv4\"]", "has no address: no available IPs")]
    [InlineData("\"ports\":[]", "the pool nowhere, which does not exist", "\"metallb.io/address-pool\":\"nowhere\"")]
    [InlineData("\"ports\":[]", "10.0.0.2, which is in no pool", "\"metallb.io/loadBalancerIPs\":\"10.0.0.2\"")]
    public void Why_a_Service_has_no_address_is_told(string spec, string expected, string annotations = "")
    {
        var snapshot = Pending(spec, annotations);
        Assert.Equal(["Error NoAddress Service/media/web"], new MetalLBCheck().Findings(snapshot));
        Assert.Contains(expected, new MetalLBCheck().Text(snapshot), StringComparison.Ordinal);
        Assert.Contains("Failed to allocate IP", new MetalLBCheck().Text(snapshot), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_meant_for_another_load_balancer_is_no_fault_of_MetalLB()
    {
        var snapshot = Pending("\"loadBalancerClass\":\"example.com/lb\"", "");
        Assert.Equal(["Warning NoAddress Service/media/web"], new MetalLBCheck().Findings(snapshot));
        Assert.Equal(HomelabArea.Network, Assert.Single(new MetalLBCheck().Check(snapshot)).Finding.Area);
        Assert.Contains("of the class example.com/lb", new MetalLBCheck().Text(snapshot), StringComparison.Ordinal);
    }

    private static HomelabSnapshot Pending(string spec, string annotations) => new()
    {
        Cluster = Made.Cluster,
        AddressPools = [Made.Of(DiagnosisWireContext.Default.AddressPoolWire, """{"metadata":{"name":"a","namespace":"metallb-system"},"spec":{"addresses":["192.168.1.0/24"]} }""")],
        Services =
        [
            Made.Of(DiagnosisWireContext.Default.ServiceWire, $$$"""{"metadata":{"name":"web","namespace":"media","creationTimestamp":"2026-01-01T00:00:00Z","annotations":{{{{annotations}}}} },"spec":{"type":"LoadBalancer",{{{spec}}}} }"""),
            Made.Of(DiagnosisWireContext.Default.ServiceWire, """{"metadata":{"name":"other","namespace":"media"},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"192.168.1.10"}]} } }"""),
        ],
        Warnings = new[] { new EventWire { Reason = "AllocationFailed", Message = "Failed to allocate IP for \"media/web\": no available IPs" } }.ToLookup(_ => new ResourceReference(Made.Cluster, "Service", "media", "web")),
    };

    private static Dictionary<string, string> OfFlux => new() { ["kustomize.toolkit.fluxcd.io/name"] = "metallb", ["kustomize.toolkit.fluxcd.io/namespace"] = "flux-system" };

    private static HomelabRepairAction? Repair(string reason, WebhookSecret? secret, params FluxResource[] flux) => Assert.Single(new MetalLBCheck().Check(Snapshot(reason, secret, flux))).Finding.Repair;

    private static string Text(string reason, WebhookSecret? secret, params FluxResource[] flux) => new MetalLBCheck().Text(Snapshot(reason, secret, flux));

    private static HomelabSnapshot Snapshot(string reason, WebhookSecret? secret, params FluxResource[] flux) => new()
    {
        Cluster = Made.Cluster,
        Flux = flux,
        WebhookSecret = secret,
        Webhook = new() { Cluster = Made.Cluster, Kind = "Deployment", Namespace = MetalLBSample.Space, Name = "controller", Reason = reason, Message = "The Service 'webhook-service' is not there.", Remedy = "New-MetalLBWebhookCert -Force" },
    };
}
