using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>What is done to the Secret, and what is refused.</summary>
public sealed class WebhookCertPlannerTests
{
    private const string Fixed = "--disable-cert-rotation";
    private static readonly ResourceReference Kustomization = new("test", "Kustomization", "flux-system", "infrastructure-metallb");

    [Theory]
    [InlineData("--port=7472", null, false, "Opaque", 0)]
    [InlineData("--port=7472", true, true, "Opaque", 1)]
    [InlineData("--port=7472", false, false, "Opaque", 0)]
    [InlineData(Fixed, null, true, "kubernetes.io/tls", 0)]
    [InlineData(Fixed, true, true, "kubernetes.io/tls", 0)]
    [InlineData(Fixed, false, false, "Opaque", 1)]
    public void The_controller_decides_what_is_made(string argument, bool? wants, bool isCertificate, string type, int warnings)
    {
        var plan = Make(MetalLBSample.Facts(null, argument) with { Secret = null }, null, new() { WantsCertificate = wants });
        Assert.Equal((WebhookCertAction.Create, "metallb-webhook-cert", isCertificate, type, warnings), (plan.Action, plan.SecretName, plan.WantsCertificate, plan.Type, plan.Warnings.Count));
        Assert.Equal(argument == Fixed && isCertificate ? 1 : 0, plan.Callers.Count);
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_discarded_at_once() =>
        Assert.Contains("at once", Make(MetalLBSample.Facts(), null, new() { WantsCertificate = true, ValidDays = 90 }).Warnings.Single(), StringComparison.Ordinal);

    [Theory]
    [InlineData("--port=7472", null)]
    [InlineData("--port=7472", true)]
    [InlineData(Fixed, null)]
    public void What_is_good_is_kept(string argument, bool? wants)
    {
        var facts = MetalLBSample.Facts(null, argument);
        var plan = Make(facts, facts.Secret, new() { WantsCertificate = wants }, Kustomization);
        Assert.Equal((WebhookCertAction.Keep, true), (plan.Action, plan.IsIdle));
    }

    [Fact]
    public void An_empty_Secret_is_good_for_who_fills_it_and_for_nobody_else()
    {
        var empty = MetalLBSample.Secret([]);
        Assert.Equal(WebhookCertAction.Keep, Make(MetalLBSample.Facts(), empty, new()).Action);
        Assert.Equal("MetalLBSecretUnfit", Refusal(MetalLBSample.Facts(null, Fixed), empty, new()));
    }

    [Fact]
    public void Who_does_not_trust_a_good_one_is_told_to()
    {
        var facts = MetalLBSample.Facts(null, Fixed) with { Callers = [MetalLBSample.Caller([], hasBundle: false)] };
        var plan = Make(facts, facts.Secret, new());
        Assert.Equal((WebhookCertAction.Keep, false, 1), (plan.Action, plan.IsIdle, plan.Callers.Count));
        Assert.Empty(Make(facts with { Callers = [facts.Callers[0] with { IsInjected = true }] }, facts.Secret, new()).Callers);
        Assert.Empty(Make(MetalLBSample.Facts() with { Callers = facts.Callers }, facts.Secret, new()).Callers);
    }

    [Fact]
    public void Nobody_is_told_to_trust_what_the_controller_does_not_serve() =>
        Assert.Empty(Make(MetalLBSample.Facts(null, Fixed), null, new() { SecretName = "other", WantsCertificate = true }).Callers);

    [Theory]
    [InlineData("--port=7472")]
    [InlineData(Fixed)]
    public void What_will_not_do_is_only_replaced_when_that_is_asked_for(string argument)
    {
        var facts = MetalLBSample.Facts(new TestPair { Names = ["elsewhere"] }.Data(), argument);
        Assert.Equal("MetalLBSecretUnfit", Refusal(facts, facts.Secret, new()));
        Assert.Equal(WebhookCertAction.Replace, Make(facts, facts.Secret, new() { Force = true }).Action);
        Assert.Equal(WebhookCertAction.Replace, Make(MetalLBSample.Facts(null, argument), MetalLBSample.Facts().Secret, new() { Force = true }).Action);
    }

    [Theory]
    [InlineData("--port=7472")]
    [InlineData(Fixed)]
    public void What_Flux_applies_is_never_changed(string argument)
    {
        var facts = MetalLBSample.Facts(new TestPair { Names = ["elsewhere"] }.Data(), argument);
        Assert.Equal("MetalLBSecretOwned", Refusal(facts, facts.Secret, new(), Kustomization));
        Assert.Equal("MetalLBSecretOwned", Refusal(facts, facts.Secret, new() { Force = true }, Kustomization));
    }

    [Theory]
    [InlineData("expired", "--port=7472")]
    [InlineData("expired", Fixed)]
    [InlineData("ends soon", Fixed)]
    [InlineData("PKCS#8", "--port=7472")]
    [InlineData("wrong name", "--port=7472")]
    [InlineData("wrong name", Fixed)]
    public void A_repair_replaces_what_is_faulty_and_nothing_else(string fault, string argument)
    {
        var repair = new WebhookCertOptions { ReplaceFaulty = true };
        var facts = MetalLBSample.Facts(Faulty(fault), argument);
        Assert.Equal(WebhookCertAction.Replace, Make(facts, facts.Secret, repair).Action);
        Assert.Equal("MetalLBSecretOwned", Refusal(facts, facts.Secret, repair, Kustomization));

        var good = MetalLBSample.Facts(null, argument);
        Assert.Equal(WebhookCertAction.Keep, Make(good, good.Secret, repair).Action);
    }

    [Fact]
    public void What_cert_manager_issues_neither()
    {
        var secret = MetalLBSample.Facts().Secret! with { Annotations = new Dictionary<string, string> { ["cert-manager.io/certificate-name"] = "webhook" } };
        Assert.Equal("MetalLBSecretOwned", Refusal(MetalLBSample.Facts(), secret, new() { Force = true }));
        Assert.Equal(WebhookCertAction.Keep, Make(MetalLBSample.Facts(), secret, new()).Action);
    }

    [Theory]
    [InlineData("kubernetes.io/basic-auth", false)]
    [InlineData("Opaque", true)]
    public void What_cannot_be_changed_is_made_again(string type, bool isImmutable)
    {
        var secret = MetalLBSample.Facts().Secret! with { Type = type, IsImmutable = isImmutable };
        Assert.Equal("MetalLBSecretUnfit", Refusal(MetalLBSample.Facts(), secret, new()));
        var plan = Make(MetalLBSample.Facts(), secret, new() { Force = true });
        Assert.Equal((WebhookCertAction.Recreate, "Opaque"), (plan.Action, plan.Type));
    }

    [Fact]
    public void The_certificate_is_for_all_that_is_called()
    {
        var facts = MetalLBSample.Facts(null, Fixed) with { Callers = [MetalLBSample.Caller([], "webhook-service", hasBundle: false)] };
        Assert.Equal([TestPair.Host, "webhook-service.metallb-system.svc"], Make(facts, null, new()).Hosts);
    }

    [Fact]
    public void Without_a_controller_the_Secret_has_to_be_named()
    {
        var facts = MetalLBSample.Facts() with { Controller = null, Secret = null };
        Assert.Equal("MetalLBNotFound", Assert.Throws<HomelabException>(() => WebhookCertPlanner.Target(facts, new())).Id);
        var plan = WebhookCertPlanner.Make(facts, WebhookCertPlanner.Target(facts, new() { SecretName = "a" })!, null, null, new(), TestPair.Now);
        Assert.Equal((WebhookCertAction.Create, "a", false), (plan.Action, plan.SecretName, plan.WantsCertificate));
        Assert.Single(plan.Warnings);
    }

    [Fact]
    public void Nothing_is_made_where_nothing_can_be()
    {
        var facts = MetalLBSample.Facts();
        Assert.Equal("NamespaceTerminating", Assert.Throws<HomelabException>(() => WebhookCertPlanner.Target(facts with { IsNamespaceTerminating = true }, new())).Id);
        Assert.Equal("NamespaceNotFound", Assert.Throws<HomelabException>(() => WebhookCertPlanner.Target(facts with { NamespaceExists = false }, new())).Id);
    }

    [Fact]
    public void A_webhook_that_is_switched_off_needs_no_Secret_but_the_one_that_is_mounted()
    {
        var facts = MetalLBSample.Facts(null, "--webhook-mode=disabled");
        Assert.Equal("metallb-webhook-cert", WebhookCertPlanner.Target(facts, new()));
        Assert.Equal((WebhookCertAction.Create, false), (Make(facts with { Secret = null }, null, new()).Action, Make(facts, null, new()).WantsCertificate));
        Assert.Null(WebhookCertPlanner.Target(facts with { Controller = facts.Controller! with { MountedSecret = null } }, new()));
    }

    private static Dictionary<string, byte[]?> Faulty(string fault)
    {
        var data = (fault switch
        {
            "expired" => new TestPair { From = TestPair.Now.AddYears(-1), Until = TestPair.Now.AddDays(-1) },
            "ends soon" => new TestPair { Until = TestPair.Now.AddDays(20) },
            "wrong name" => new TestPair { Names = ["elsewhere"] },
            _ => new TestPair(),
        }).Data();
        if (fault == "PKCS#8")
        {
            using var key = System.Security.Cryptography.RSA.Create();
            key.ImportFromPem(System.Text.Encoding.UTF8.GetString(data["ca.key"]!));
            data["ca.key"] = System.Text.Encoding.UTF8.GetBytes(key.ExportPkcs8PrivateKeyPem());
        }

        return data;
    }

    private static WebhookCertPlan Make(MetalLBWebhookFacts facts, WebhookSecret? present, WebhookCertOptions options, ResourceReference? owner = null) =>
        WebhookCertPlanner.Make(facts, WebhookCertPlanner.Target(facts, options)!, present, owner, options, TestPair.Now);

    private static string Refusal(MetalLBWebhookFacts facts, WebhookSecret? present, WebhookCertOptions options, ResourceReference? owner = null) =>
        Assert.Throws<HomelabException>(() => Make(facts, present, options, owner)).Id;
}
