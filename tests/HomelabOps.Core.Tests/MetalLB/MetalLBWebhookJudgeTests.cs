using System.Security.Cryptography;
using System.Text;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>Which cause is told for what was read, one rule after the other.</summary>
public sealed class MetalLBWebhookJudgeTests
{
    private const string Fixed = "--disable-cert-rotation";

    public static TheoryData<string> Reasons() => [.. Broken.Keys];

    // Each with what is broken; most of them bring others about, which must not be told in their place.
    private static readonly Dictionary<string, Func<MetalLBWebhookFacts>> Broken = new(StringComparer.Ordinal)
    {
        ["NoMetalLB"] = () => MetalLBSample.Facts() with { Controller = null },
        ["NamespaceTerminating"] = () => MetalLBSample.Facts() with { IsNamespaceTerminating = true, SecretNames = new HashSet<string>(), Secret = null },
        ["SecretNameMismatch"] = () => Down(MetalLBSample.Controller() with { MountedSecret = "webhook-server-cert" }) with { SecretNames = new HashSet<string> { "webhook-server-cert" }, Secret = null },
        ["SecretMissing"] = () => Down(MetalLBSample.Controller()) with { SecretNames = new HashSet<string>(), Secret = null },
        ["WebhookConfigurationLeft"] = () => MetalLBSample.Facts(null, "--webhook-mode=disabled"),
        ["NotMounted"] = () => Down(MetalLBSample.Controller() with { HasMount = false, MountedSecret = null }),
        ["DefinitionsMissing"] = () => Down(MetalLBSample.Controller()) with { HasKinds = false },
        ["SecretImmutable"] = () => MetalLBSample.Facts() with { Secret = MetalLBSample.Facts().Secret! with { IsImmutable = true } },
        ["MissingRights"] = () => Down(MetalLBSample.Controller()) with { Rights = MetalLBSample.Rights("get", "list", "watch") },
        ["ServiceMissing"] = () => MetalLBSample.Facts() with { Services = [new("metallb-webhook-service", false, 0)], Trial = new(false, "failed") },
        ["ServiceNameMismatch"] = () => MetalLBSample.Facts() with { Callers = [MetalLBSample.Caller(new TestPair().Data(), "webhook-service")] },
        ["KeysMissing"] = () => MetalLBSample.Facts(Without("ca.key")),
        ["KeysInvalid"] = () => MetalLBSample.Facts(With("tls.crt", "nothing that is one"u8.ToArray())) with { Callers = [] },
        ["KeyNotPkcs1"] = () => Down(MetalLBSample.Controller()) with { Secret = MetalLBSample.Secret(With("ca.key", Pkcs8())) },
        ["ControllerNotReady"] = () => Down(MetalLBSample.Controller()),
        ["NoEndpoints"] = () => MetalLBSample.Facts() with { Services = [new("metallb-webhook-service", true, 0)], Trial = new(false, "no endpoints") },
        ["ChainInvalid"] = () => MetalLBSample.Facts(With("ca.crt", new TestPair().Data()["ca.crt"]!)),
        ["NameMismatch"] = () => MetalLBSample.Facts(new TestPair { Names = ["webhook.metallb-system.svc.cluster.local"] }.Data()),
        ["UsageMismatch"] = () => MetalLBSample.Facts(new TestPair { Usage = "1.3.6.1.5.5.7.3.2" }.Data()),
        ["NotYetValid"] = () => MetalLBSample.Facts(new TestPair { From = TestPair.Now.AddDays(1) }.Data()),
        ["Expired"] = () => MetalLBSample.Facts(new TestPair { From = TestPair.Now.AddYears(-1), Until = TestPair.Now.AddDays(-3) }.Data()),
        ["ExpiresSoon"] = () => MetalLBSample.Facts(new TestPair { Until = TestPair.Now.AddDays(80) }.Data()),
        ["CaNotInjected"] = () => MetalLBSample.Facts() with { Callers = [MetalLBSample.Caller([], hasBundle: false)] },
        ["CaMismatch"] = () => MetalLBSample.Facts() with { Callers = [MetalLBSample.Caller(new TestPair().Data())], Trial = new(false, "x509: certificate signed by unknown authority") },
        ["DryRunRefused"] = () => MetalLBSample.Facts() with { Trial = new(false, "failed calling webhook: context deadline exceeded") },
    };

    [Theory]
    [InlineData("Expired", true)]
    [InlineData("CaMismatch", true)]
    [InlineData("WebhookConfigurationLeft", true)]
    [InlineData("SecretMissing", false)]
    [InlineData("ControllerNotReady", false)]
    [InlineData("ExpiresSoon", false)]
    [InlineData("NoMetalLB", false)]
    [InlineData("NamespaceTerminating", false)]
    public void A_homelab_without_BGP_may_choose_to_do_without(string reason, bool can)
    {
        var facts = Broken[reason]() with { UsesBgp = false };
        Assert.Equal(can ? [HomelabRepairKind.DisableWebhook] : [], Judge(facts).Choices.Select(choice => choice.Kind));
        Assert.Empty(Judge(facts with { UsesBgp = true }).Choices);
        Assert.Empty(Judge(facts with { UsesBgp = null }).Choices);
        Assert.Empty(Judge(facts with { Controller = facts.Controller is { } controller ? controller with { Settings = controller.Settings with { Version = new(0, 13, 1) } } : null }).Choices);
    }

    [Fact]
    public void One_that_is_switched_off_is_well_where_the_server_does_not_insist()
    {
        var facts = MetalLBSample.Facts(null, "--webhook-mode=disabled");
        Assert.Equal(("WebhookDisabled", true), (Judge(facts with { Callers = [.. facts.Callers!.Select(caller => caller with { IsOptional = true })] }).Reason, Judge(facts with { Callers = [] }).Healthy));
        Assert.False(Judge(facts).Healthy);
    }

    [Fact]
    public void What_works_has_nothing_to_say()
    {
        var status = Judge(MetalLBSample.Facts());
        Assert.Equal(("", "", ""), (status.Reason, status.Message, status.Remedy));
        Assert.Equal((true, true, true, true, true), (status.Healthy, status.Rotation, status.SecretExists, status.CaMatches, status.DryRun));
        Assert.Equal(("Deployment/metallb-system/controller", "metallb-webhook-cert", "metallb-webhook-cert", "enabled"), ($"{status}", status.SecretName, status.ExpectedSecretName, status.WebhookMode));
        Assert.Equal([TestPair.Host], status.Sans);
        Assert.Equal(TestPair.Now.AddYears(1).UtcDateTime, status.NotAfter?.ToUniversalTime());
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void The_cause_is_told_with_a_sentence_and_a_remedy(string reason)
    {
        var status = Judge(Broken[reason]());
        Assert.Equal((reason, false), (status.Reason, status.Healthy));
        Assert.All([status.Message, status.Remedy], text => Assert.DoesNotMatch("MetalLBRe|\\{[0-9]", text));
    }

    [Theory]
    [InlineData("tls.key", "KeysMissing")]
    [InlineData("tls.crt", "KeysMissing")]
    [InlineData("ca.key", "")]
    [InlineData("ca.crt", "")]
    public void Without_rotation_only_the_pair_itself_is_needed(string field, string reason)
    {
        var status = Judge(MetalLBSample.Facts(Without(field), Fixed) with { Callers = [] });
        Assert.Equal((reason, false), (status.Reason, status.Rotation));
        Assert.Equal(reason.Length > 0, status.Message.Contains("nobody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(85, "ExpiresSoon", Fixed)]
    [InlineData(95, "", Fixed)]
    [InlineData(89.5, "ExpiresSoon", Fixed)]
    [InlineData(89.5, "", "--port=7472")]
    [InlineData(85, "ExpiresSoon", "--port=7472")]
    public void Soon_is_when_the_rotator_ought_to_have_been_there(double days, string reason, string argument) =>
        Assert.Equal(reason, Judge(MetalLBSample.Facts(new TestPair { Until = TestPair.Now.AddDays(days) }.Data(), argument)).Reason);

    [Fact]
    public void What_does_not_work_now_comes_before_what_ends_soon()
    {
        var status = Judge(MetalLBSample.Facts(new TestPair { Until = TestPair.Now.AddDays(60) }.Data()) with { Callers = [MetalLBSample.Caller(new TestPair().Data())] });
        Assert.Equal(("CaMismatch", false), (status.Reason, status.CaMatches));
    }

    [Theory]
    [InlineData("Expired", "applied from Git by Kustomization/flux-system/metallb")]
    [InlineData("NameMismatch", "applied from Git by Kustomization/flux-system/metallb")]
    [InlineData("SecretImmutable", "applied from Git by Kustomization/flux-system/metallb")]
    [InlineData("CaMismatch", "Restart the controller")]
    public void What_Flux_owns_is_not_offered_to_be_replaced(string reason, string words)
    {
        var facts = Broken[reason]() with { Applier = new("test", "Kustomization", "flux-system", "metallb") };
        Assert.Contains(words, Judge(facts).Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("New-MetalLBWebhookCert -Force", Judge(facts).Remedy, StringComparison.Ordinal);
        Assert.Equal(reason != "CaMismatch", Judge(facts with { Applier = null }).Remedy.Contains("New-MetalLBWebhookCert -Force", StringComparison.Ordinal));

        // Where Flux is told to leave it alone, a new one stays.
        var leftAlone = facts.Secret! with { Annotations = new Dictionary<string, string> { ["kustomize.toolkit.fluxcd.io/reconcile"] = "disabled" } };
        Assert.Equal(Judge(facts with { Applier = null }).Remedy, Judge(facts with { Secret = leftAlone }).Remedy);
    }

    [Fact]
    public void An_authority_that_is_none_is_told_as_such()
    {
        var status = Judge(MetalLBSample.Facts(new TestPair { IsAuthority = false }.Data()));
        Assert.Equal("ChainInvalid", status.Reason);
        Assert.Contains("CA:TRUE", status.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("was not signed", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v0.13.12", false)]
    [InlineData("v0.14.9", true)]
    public void Another_name_is_offered_where_the_version_takes_one(string version, bool isOffered)
    {
        var settings = ControllerSettings.Of($"quay.io/metallb/controller:{version}", []);
        var status = Judge(MetalLBSample.Facts() with { Controller = MetalLBSample.Controller() with { Settings = settings, MountedSecret = "other" } });
        Assert.Equal(("SecretNameMismatch", isOffered), (status.Reason, status.Remedy.Contains("--webhook-secret", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_authority_may_end_before_what_it_signed()
    {
        var status = Judge(MetalLBSample.Facts(new TestPair { Until = TestPair.Now.AddDays(20), AuthorityUntil = TestPair.Now.AddDays(20) }.Data(), Fixed));
        Assert.Equal("ExpiresSoon", status.Reason);
    }

    [Fact]
    public void A_key_of_another_pair_is_told()
    {
        var status = Judge(MetalLBSample.Facts(With("tls.key", new TestPair().Data()["tls.key"]!)));
        Assert.Equal("KeysInvalid", status.Reason);
        Assert.Contains("not the key of tls.crt", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_another_form_serves_where_nobody_rotates()
    {
        var data = new TestPair().Data();
        using var key = RSA.Create();
        key.ImportFromPem(Encoding.UTF8.GetString(data["tls.key"]!));
        data["tls.key"] = Encoding.UTF8.GetBytes(key.ExportPkcs8PrivateKeyPem());
        data["ca.key"] = Pkcs8();
        Assert.Equal("", Judge(MetalLBSample.Facts(data, Fixed)).Reason);
        Assert.Equal("KeyNotPkcs1", Judge(MetalLBSample.Facts(data)).Reason);
    }

    [Fact]
    public void A_webhook_that_is_switched_off_needs_nothing()
    {
        var facts = MetalLBSample.Facts(null, "--webhook-mode=disabled") with { Callers = [], SecretNames = new HashSet<string>(), Secret = null, Services = [new("metallb-webhook-service", false, null)] };
        Assert.Equal("SecretMissing", Judge(facts).Reason);
        var status = Judge(facts with { Controller = facts.Controller! with { HasMount = false, MountedSecret = null } });
        Assert.Equal(("WebhookDisabled", true, "disabled", ""), (status.Reason, status.Healthy, status.WebhookMode, status.Remedy));
    }

    [Fact]
    public void Without_BGP_switching_the_webhook_off_is_a_way_out()
    {
        Assert.Contains("--webhook-mode=disabled", Judge(Broken["Expired"]() with { UsesBgp = false }).Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("--webhook-mode=disabled", Judge(Broken["Expired"]()).Remedy, StringComparison.Ordinal);

        // Without what it mounts its pod does not start, whatever its arguments are.
        Assert.DoesNotContain("--webhook-mode=disabled", Judge(Broken["SecretMissing"]() with { UsesBgp = false }).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_controller_that_starts_has_not_filled_the_Secret_yet() =>
        Assert.Equal("ControllerNotReady", Judge(Down(MetalLBSample.Controller()) with { Secret = MetalLBSample.Secret([]) }).Reason);

    [Fact]
    public void Nothing_is_concluded_from_what_may_not_be_read()
    {
        var status = Judge(MetalLBSample.Facts() with { SecretNames = null, Secret = null, Rights = null, ClusterRights = null, Callers = null, Services = null, Trial = null, NamespaceExists = null, UsesBgp = null });
        Assert.Equal((true, ""), (status.Healthy, status.Reason));
        Assert.Equal(((bool?)null, (bool?)null, (bool?)null), (status.SecretExists, status.CaMatches, status.DryRun));
    }

    [Fact]
    public void Who_may_not_tell_the_callers_is_the_cause_of_their_not_knowing()
    {
        var status = Judge(Broken["CaNotInjected"]() with { ClusterRights = MetalLBSample.Rights("get", "list", "watch") });
        Assert.Equal("MissingRights", status.Reason);
        Assert.Contains("update validatingwebhookconfigurations.admissionregistration.k8s.io", status.Message, StringComparison.Ordinal);
    }

    private static MetalLBWebhookStatus Judge(MetalLBWebhookFacts facts) => MetalLBWebhookJudge.Judge(facts, TestPair.Now);

    private static MetalLBWebhookFacts Down(MetalLBController controller) =>
        MetalLBSample.Facts() with { Controller = controller with { ReadyReplicas = 0 }, Services = [new("metallb-webhook-service", true, 0)], Trial = new(false, "no endpoints"), PodTrouble = "controller-1: CrashLoopBackOff" };

    private static Dictionary<string, byte[]?> Without(string field) => With(field, []);

    private static Dictionary<string, byte[]?> With(string field, byte[] value)
    {
        var data = new TestPair().Data();
        data[field] = value;
        return data;
    }

    private static byte[] Pkcs8()
    {
        using var key = RSA.Create(2048);
        return Encoding.UTF8.GetBytes(key.ExportPkcs8PrivateKeyPem());
    }
}
