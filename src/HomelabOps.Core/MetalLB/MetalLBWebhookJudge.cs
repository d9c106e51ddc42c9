namespace HomelabOps.Core.MetalLB;

/// <summary>Tells from what was read whether MetalLB's webhook works.</summary>
internal static class MetalLBWebhookJudge
{
    // What a homelab that needs no webhook can do about anything that is wrong with it.
    private static readonly HashSet<string> NoWayOut = ["NoMetalLB", "NamespaceTerminating", "WebhookDisabled", "WebhookConfigurationLeft", "ControllerNotReady", "DefinitionsMissing", "ExpiresSoon"];

    // Also where it is only half switched off.
    private static readonly HashSet<string> NoChoice = [.. NoWayOut.Where(reason => reason != "WebhookConfigurationLeft")];

    /// <summary>Judges.</summary>
    /// <param name="facts">What was read.</param>
    /// <param name="now">The time that certificates are held against.</param>
    public static MetalLBWebhookStatus Judge(MetalLBWebhookFacts facts, DateTimeOffset now)
    {
        var problem = MetalLBWebhookRules.First(facts, now);
        var secret = facts.Secret;
        return new()
        {
            Cluster = facts.Cluster,
            Kind = MetalLBTypes.Deployment.Kind,
            Namespace = facts.Namespace,
            Name = facts.Controller?.Name ?? "",
            Image = facts.Controller?.Image ?? "",
            SecretName = facts.Controller?.MountedSecret ?? "",
            ExpectedSecretName = facts.Controller is null ? "" : facts.Settings.Secret,
            SecretExists = facts.Controller is null ? null : facts.SecretNames?.Contains(facts.Settings.Secret) ?? (secret is null ? null : true),
            ServiceName = facts.Controller is null ? "" : facts.Settings.Service,
            ReadyEndpoints = facts.Services?.FirstOrDefault(service => service.Name == facts.Settings.Service)?.ReadyEndpoints,
            Rotation = facts.Controller is not null && facts.Settings.Rotates,
            WebhookMode = facts.Controller is null ? "" : facts.Settings.Mode,
            Healthy = problem is null or { IsHarmless: true },
            Reason = problem?.Reason ?? "",
            NotAfter = secret?.Certificate?.NotAfter,
            Sans = secret?.Certificate is { } certificate ? ServerVerifier.Names(certificate) : [],
            CaMatches = secret is { Chain.Count: > 0 } && facts.Callers is { Count: > 0 } ? !MetalLBWebhookRules.UnmatchedCallers(facts).Any() : null,
            ControllerReady = facts.Controller?.IsReady == true,
            DryRun = facts.Trial?.IsAnswered,
            Message = problem?.Message ?? "",
            Remedy = problem is null or { IsHarmless: true } ? "" : Remedy(problem, facts),
            Choices = problem is { IsHarmless: false } && !NoChoice.Contains(problem.Reason) && CanDoWithout(facts) ? [new() { Kind = HomelabRepairKind.DisableWebhook, Target = Controller(facts) }] : [],
        };
    }

    /// <summary>
    /// Whether a homelab can do without its webhook: nothing of BGP, of whose kinds it converts versions, a version that can be told, and a
    /// pod that starts, for which the Secret that it mounts has to be there all the same.
    /// </summary>
    public static bool CanDoWithout(MetalLBWebhookFacts facts) => facts is { UsesBgp: false, Controller: { } controller } && controller.Settings.CanDoWithout
        && (controller is { MountedSecret: null } or { IsMountOptional: true } || facts.SecretNames?.Contains(controller.MountedSecret) == true);

    private static ResourceReference Controller(MetalLBWebhookFacts facts) => new(facts.Cluster, MetalLBTypes.Deployment.Kind, facts.Namespace, facts.Controller!.Name);

    private static string Remedy(WebhookProblem problem, MetalLBWebhookFacts facts)
    {
        var remedy = SecretOwner.Remedy(problem.Reason, facts.Secret, facts.Applier) ?? problem.Remedy;
        return !NoWayOut.Contains(problem.Reason) && CanDoWithout(facts) ? $"{remedy} {Errors.Text("MetalLBWithoutWebhook", facts.Controller?.Name)}" : remedy;
    }
}
