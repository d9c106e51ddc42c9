using HomelabOps.Core.MetalLB;
using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>What is known of a webhook that works, for tests to break one thing of it.</summary>
internal static class MetalLBSample
{
    public const string Image = "quay.io/metallb/controller:v0.14.9";
    public const string Space = "metallb-system";

    private static readonly Lazy<Dictionary<string, byte[]?>> Good = new(() => new TestPair().Data());

    public static MetalLBWebhookFacts Facts(Dictionary<string, byte[]?>? data = null, params string[] arguments)
    {
        var secret = Secret(data ?? Good.Value);
        return new()
        {
            Cluster = "test",
            Namespace = Space,
            NamespaceExists = true,
            Controller = Controller(arguments),
            SecretNames = new HashSet<string> { "metallb-webhook-cert" },
            Secret = secret,
            Rights = Rights("*"),
            ClusterRights = Rights("*"),
            Callers = [Caller(data ?? Good.Value)],
            Services = [new("metallb-webhook-service", true, 1)],
            HasKinds = true,
            UsesBgp = true,
            Trial = new(true, ""),
        };
    }

    public static MetalLBController Controller(params string[] arguments) => new()
    {
        Namespace = Space,
        Name = "controller",
        Image = Image,
        Settings = ControllerSettings.Of(Image, arguments),
        HasMount = true,
        MountedSecret = "metallb-webhook-cert",
        ServiceAccount = "controller",
        ReadyReplicas = 1,
    };

    /// <summary>Reading wipes what it reads, so it is given a copy.</summary>
    public static WebhookSecret Secret(Dictionary<string, byte[]?> data, string type = "Opaque") =>
        WebhookSecret.Of(new SecretWire { Metadata = new() { Name = "metallb-webhook-cert" }, Type = type, Data = data.ToDictionary(field => field.Key, field => (byte[]?)field.Value?.Clone()) });

    public static WebhookCaller Caller(Dictionary<string, byte[]?> data, string service = "metallb-webhook-service", bool hasBundle = true) => WebhookCaller.Of(
        new("test", "ValidatingWebhookConfiguration", "", "metallb-webhook-configuration"),
        new() { Name = "metallb-webhook-configuration" },
        "ipaddresspoolvalidationwebhook.metallb.io",
        new() { Service = new() { Name = service, Namespace = Space }, CaBundle = hasBundle ? data["ca.crt"] : null });

    public static AccountRights Rights(params string[] verbs) => new([new() { ApiGroups = ["*"], Resources = ["*"], Verbs = [.. verbs] }]);
}
