using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace HomelabOps.Core.MetalLB;

/// <summary>What can be wrong with MetalLB's webhook, causes before what they bring about. The first rule that finds something is the root.</summary>
internal static class MetalLBWebhookRules
{
    /// <summary>The rotator of MetalLB renews what ends within this time; where nobody rotates, it is the time to act.</summary>
    public static readonly TimeSpan Lookahead = TimeSpan.FromDays(90);

    // The first with --webhook-secret.
    private static readonly Version Nameable = new(0, 14, 0);

    // The rotator looks twice a day.
    private static readonly TimeSpan Leeway = TimeSpan.FromDays(1);
    private static readonly string[] ReadingVerbs = ["list", "watch"];
    private static readonly string[] WritingVerbs = ["update"];

    private static readonly Func<MetalLBWebhookFacts, DateTimeOffset, WebhookProblem?>[] All =
    [
        NoMetalLB,
        Namespace,
        NameMismatch,
        Missing,
        Disabled,
        NotMounted,
        Definitions,
        Immutable,
        Rights,
        Service,
        OtherService,
        Keys,
        AuthorityKey,
        Unready,
        Endpoints,
        Chain,
        Name,
        Usage,
        Expiry,
        Injection,
        Refused,

        // What ends later may wait until all works that is there.
        EndsSoon,
    ];

    /// <summary>The root of what is wrong; null when nothing is.</summary>
    public static WebhookProblem? First(MetalLBWebhookFacts facts, DateTimeOffset now) => All.Select(rule => rule(facts, now)).FirstOrDefault(problem => problem is not null);

    /// <summary>What is wrong with a Secret by itself: keys, names, dates. Null when a server could use it.</summary>
    public static WebhookProblem? OfSecret(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        new[] { Immutable, Keys, AuthorityKey, Chain, Name, Usage, Expiry, EndsSoon }.Select(rule => rule(facts, now)).FirstOrDefault(problem => problem is not null);

    private static WebhookProblem? NoMetalLB(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Controller is null ? new("NoMetalLB", facts.Namespace) { Variant = facts.NamespaceExists == false ? "_Namespace" : "" } : null;

    private static WebhookProblem? Namespace(MetalLBWebhookFacts facts, DateTimeOffset now) => facts.IsNamespaceTerminating ? new("NamespaceTerminating", facts.Namespace) : null;

    // Manifests of one version and an image of another; either name may exist.
    private static WebhookProblem? NameMismatch(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Settings.HasWebhook && facts.Controller!.MountedSecret is { } mounted && mounted != facts.Settings.Secret
            ? new("SecretNameMismatch", facts.Controller.Name, mounted, facts.Settings.Secret, facts.Controller.Image) { Variant = facts.Settings.Version is { } version && version < Nameable ? "_HardCoded" : "" }
            : null;

    private static WebhookProblem? Missing(MetalLBWebhookFacts facts, DateTimeOffset now)
    {
        var (controller, settings) = (facts.Controller!, facts.Settings);
        var mounted = controller is { MountedSecret: { } name, IsMountOptional: false } ? name : null;
        return (settings.HasWebhook ? settings.Secret : mounted) is not { } wanted || facts.SecretNames?.Contains(wanted) != false ? null
            : new("SecretMissing", wanted, facts.Namespace, controller.Name)
            {
                Variant = !settings.HasWebhook ? "_Unused" : !controller.HasMount ? "_Unmounted" : settings.Rotates ? "" : "_Fixed",
            };
    }

    private static WebhookProblem? Disabled(MetalLBWebhookFacts facts, DateTimeOffset now) => facts.Settings.HasWebhook ? null
        : (facts.Callers ?? []).Where(caller => caller is { Entry.Length: > 0, IsOptional: false }).Select(caller => caller.Object.Name).FirstOrDefault() is { } left ? new("WebhookConfigurationLeft", left)
        : facts.Controller!.IsReady ? new("WebhookDisabled", facts.Controller.Name) { IsHarmless = true }
        : Unready(facts, now);

    private static WebhookProblem? NotMounted(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        !facts.Controller!.HasMount ? new("NotMounted", facts.Controller.Name, facts.Settings.Secret, facts.Settings.CertificateFolder) : null;

    private static WebhookProblem? Definitions(MetalLBWebhookFacts facts, DateTimeOffset now) => facts.HasKinds ? null : new("DefinitionsMissing", facts.Controller!.Name);

    private static WebhookProblem? Immutable(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Settings.Rotates && facts.Secret is { IsImmutable: true } secret ? new("SecretImmutable", secret.Name) : null;

    private static WebhookProblem? Rights(MetalLBWebhookFacts facts, DateTimeOffset now)
    {
        if (!facts.Settings.Rotates)
        {
            return null;
        }

        var lacks = facts.Rights?.Lacks("", "secrets", facts.Settings.Secret, [.. ReadingVerbs, .. WritingVerbs]).Select(verb => $"{verb} secrets") ?? [];
        if (facts.ClusterRights is { } rights)
        {
            lacks = lacks.Concat(UnmatchedCallers(facts).Select(caller => caller.Object).Distinct().SelectMany(item => Lacks(rights, item)));
        }

        return lacks.ToList() is { Count: > 0 } missing ? new("MissingRights", facts.Controller!.ServiceAccount, string.Join(", ", missing.Distinct())) : null;
    }

    private static IEnumerable<string> Lacks(AccountRights rights, ResourceReference item)
    {
        var type = MetalLBTypes.OfCaller(item);
        return rights.Lacks(type.Group, type.Plural, item.Name, WritingVerbs).Select(verb => $"{verb} {type.QualifiedName}");
    }

    private static WebhookProblem? Service(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Services?.FirstOrDefault(service => !service.Exists) is { } missing ? new("ServiceMissing", missing.Name, facts.Namespace) : null;

    // The rotator makes a certificate for one Service, and somebody calls another.
    private static WebhookProblem? OtherService(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Settings.Rotates && facts.Callers?.FirstOrDefault(caller => caller.Service.Length > 0 && caller.Service != facts.Settings.Service) is { } caller
            ? new("ServiceNameMismatch", caller.Text, caller.Service, facts.Settings.Service)
            : null;

    // A controller that rotates fills them in as soon as it runs.
    private static WebhookProblem? Keys(MetalLBWebhookFacts facts, DateTimeOffset now)
    {
        if (facts.Secret is not { } secret || (facts.Settings.Rotates && facts.Controller is { IsReady: false } && secret.Missing.Count > 0))
        {
            return null;
        }

        IEnumerable<string> needed = facts.Settings.Rotates ? WebhookSecret.Fields : [WebhookSecret.CertificateField, WebhookSecret.KeyField];
        if (needed.Intersect(secret.Missing).ToList() is { Count: > 0 } missing)
        {
            return new("KeysMissing", secret.Name, string.Join(", ", missing)) { Variant = facts.Settings.Rotates ? "" : "_Fixed" };
        }

        var unreadable = new[]
        {
            (WebhookSecret.CertificateField, secret.Certificate is null),
            (WebhookSecret.KeyField, secret.Key == KeyForm.Invalid),
            (WebhookSecret.AuthorityField, facts.Settings.Rotates && secret.Authority is null),
        }.Where(field => field.Item2).Select(field => field.Item1).ToList();
        return unreadable.Count > 0 ? new("KeysInvalid", secret.Name, string.Join(", ", unreadable))
            : secret.IsKeyOfCertificate ? null
            : new("KeysInvalid", secret.Name) { Variant = "_Pair" };
    }

    // The rotator reads PKCS#1 only: it neither renews nor injects anything with another key.
    private static WebhookProblem? AuthorityKey(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Settings.Rotates && facts.Secret is { AuthorityKey: KeyForm.Other or KeyForm.Invalid } secret ? new("KeyNotPkcs1", secret.Name) : null;

    private static WebhookProblem? Unready(MetalLBWebhookFacts facts, DateTimeOffset now) => facts.Controller is not { IsReady: false } controller ? null
        : controller.Replicas == 0 ? new("ControllerNotReady", controller.Name) { Variant = "_None" }
        : new("ControllerNotReady", controller.Name, facts.PodTrouble) { Variant = facts.PodTrouble.Length == 0 ? "_Unknown" : "" };

    private static WebhookProblem? Endpoints(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Services?.FirstOrDefault(service => service.ReadyEndpoints == 0) is { } service ? new("NoEndpoints", service.Name) : null;

    private static WebhookProblem? Chain(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Secret is { Certificate: not null, Authority: { } authority } secret && ServerVerifier.Path(secret.Chain, [authority]).Count == 0
            ? new("ChainInvalid", secret.Name) { Variant = ServerVerifier.IsAuthority(authority) ? "" : "_NoAuthority" }
            : null;

    private static WebhookProblem? Name(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Secret is { Certificate: { } certificate } secret && facts.CalledHosts.FirstOrDefault(host => !ServerVerifier.HasName(certificate, host)) is { } host
            ? new("NameMismatch", secret.Name, host, ServerVerifier.Names(certificate) is { Count: > 0 } names ? string.Join(", ", names) : "-")
            : null;

    private static WebhookProblem? Usage(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Secret is { Chain.Count: > 0 } secret && !Path(secret).All(ServerVerifier.IsForServers) ? new("UsageMismatch", secret.Name) : null;

    private static WebhookProblem? Expiry(MetalLBWebhookFacts facts, DateTimeOffset now)
    {
        if (facts.Secret is not { Chain.Count: > 0 } secret)
        {
            return null;
        }

        var path = Path(secret);
        var (start, end) = (path.Max(item => item.NotBefore.ToUniversalTime()), path.Min(item => item.NotAfter.ToUniversalTime()));
        return now.UtcDateTime < start ? new("NotYetValid", secret.Name, Day(start))
            : now.UtcDateTime > end ? new("Expired", secret.Name, Day(end)) { Variant = facts.Settings.Rotates ? "" : "_Fixed" }
            : null;
    }

    private static WebhookProblem? EndsSoon(MetalLBWebhookFacts facts, DateTimeOffset now) =>
        facts.Secret is { Chain.Count: > 0 } secret && Path(secret).Min(item => item.NotAfter.ToUniversalTime()) is var end && now.UtcDateTime + Lookahead - (facts.Settings.Rotates ? Leeway : TimeSpan.Zero) > end
            ? new("ExpiresSoon", secret.Name, Day(end)) { Variant = facts.Settings.Rotates ? "" : "_Fixed" }
            : null;

    private static WebhookProblem? Injection(MetalLBWebhookFacts facts, DateTimeOffset now) => UnmatchedCallers(facts).FirstOrDefault() is { } caller
        ? new(caller.HasBundle ? "CaMismatch" : "CaNotInjected", caller.Text, facts.Settings.Secret) { Variant = facts.Settings.Rotates || caller.IsInjected ? "" : "_Fixed" }
        : null;

    private static WebhookProblem? Refused(MetalLBWebhookFacts facts, DateTimeOffset now) => facts.Trial is { IsAnswered: false, Text: var text } ? new("DryRunRefused", text) : null;

    /// <summary>Those that do not trust the certificate of the Secret.</summary>
    public static IEnumerable<WebhookCaller> UnmatchedCallers(MetalLBWebhookFacts facts) =>
        facts.Secret is { Chain.Count: > 0 } secret ? (facts.Callers ?? []).Where(caller => ServerVerifier.Path(secret.Chain, caller.Bundle).Count == 0) : [];

    // To its authority, where the Secret has the one that signed it.
    private static IReadOnlyList<X509Certificate2> Path(WebhookSecret secret) =>
        secret.Authority is { } authority && ServerVerifier.Path(secret.Chain, [authority]) is { Count: > 0 } path ? path : [secret.Certificate!];

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
