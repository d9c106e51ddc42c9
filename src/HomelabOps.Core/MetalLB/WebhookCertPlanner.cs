namespace HomelabOps.Core.MetalLB;

/// <summary>Decides what has to be done to the webhook's Secret.</summary>
internal static class WebhookCertPlanner
{
    /// <summary>The Secret that is meant: what was typed, else what the controller wants, or only mounts; null when it needs none.</summary>
    /// <exception cref="HomelabException">NamespaceNotFound, NamespaceTerminating, MetalLBNotFound.</exception>
    public static string? Target(MetalLBWebhookFacts facts, WebhookCertOptions options) =>
        facts.NamespaceExists == false ? throw Errors.ObjectNotFound(facts.Cluster, "Namespace", "namespace", facts.Namespace, null)
        : facts.IsNamespaceTerminating ? throw Errors.NamespaceTerminating(facts.Cluster, facts.Namespace)
        : options.SecretName ?? (facts.Controller is not { } controller ? throw Errors.MetalLBNotFound(facts.Cluster, facts.Namespace)
            : controller.Settings.HasWebhook ? controller.Settings.Secret : controller.MountedSecret);

    /// <summary>Decides.</summary>
    /// <param name="facts">What is known of the webhook.</param>
    /// <param name="name">The Secret that is meant.</param>
    /// <param name="present">It, as it is; null when it is not there.</param>
    /// <param name="owner">What applies it from Git; null when nothing does.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="HomelabException">MetalLBSecretOwned, MetalLBSecretUnfit.</exception>
    public static WebhookCertPlan Make(MetalLBWebhookFacts facts, string name, WebhookSecret? present, ResourceReference? owner, WebhookCertOptions options, DateTimeOffset now)
    {
        var isRotated = facts.Controller is null || facts.Settings is { HasWebhook: true, Rotates: true };
        var wantsCertificate = options.WantsCertificate ?? !(isRotated || !facts.Settings.HasWebhook);
        var plan = new WebhookCertPlan
        {
            Facts = facts with { Secret = present },
            SecretName = name,
            Options = options,
            Present = present,
            WantsCertificate = wantsCertificate,
            Type = present?.Type is WebhookCertPlan.Tls or WebhookCertPlan.Opaque ? present.Type : wantsCertificate && !isRotated ? WebhookCertPlan.Tls : WebhookCertPlan.Opaque,
            Warnings = [.. Warnings(facts, name, wantsCertificate, isRotated, options)],
        };
        var fault = present is null ? null : Fault(plan, now);
        var action = present is null ? WebhookCertAction.Create
            : fault is null && !options.Force ? WebhookCertAction.Keep
            : present.IsImmutable || !IsUsable(present) ? WebhookCertAction.Recreate
            : WebhookCertAction.Replace;
        if (action is WebhookCertAction.Replace or WebhookCertAction.Recreate)
        {
            if ((owner ?? Certificate(facts, present!)) is { } other)
            {
                throw Errors.MetalLBSecretOwned(plan.Secret, other);
            }

            if (options is { Force: false, ReplaceFaulty: false })
            {
                throw Errors.MetalLBSecretUnfit(plan.Secret, fault!);
            }
        }

        // Who calls is to trust what the controller serves, and nothing else that is made.
        return plan with { Action = action, Callers = wantsCertificate && !isRotated && name == facts.Settings.Secret ? [.. Callers(plan, action)] : [] };
    }

    private static bool IsUsable(WebhookSecret secret) => secret.Type is WebhookCertPlan.Tls or WebhookCertPlan.Opaque;

    // Why what is there will not do; null when it does. An empty Secret is all that a controller wants that rotates.
    private static string? Fault(WebhookCertPlan plan, DateTimeOffset now)
    {
        var present = plan.Present!;
        if (!IsUsable(present))
        {
            return Errors.Text("Detail_SecretType", present.Type);
        }

        return !plan.WantsCertificate && (!plan.Facts.Settings.HasWebhook || present is { IsEmpty: true, IsImmutable: false }) ? null
            : plan.WantsCertificate && present.Certificate is null ? Errors.Text("Detail_SecretEmpty")
            : MetalLBWebhookRules.OfSecret(plan.Facts, now)?.Message;
    }

    private static IEnumerable<WebhookCaller> Callers(WebhookCertPlan plan, WebhookCertAction action) =>
        (action == WebhookCertAction.Keep ? MetalLBWebhookRules.UnmatchedCallers(plan.Facts) : plan.Facts.Callers ?? []).Where(caller => !caller.IsInjected);

    // What cert-manager issues comes back whatever is put in its place.
    private static ResourceReference? Certificate(MetalLBWebhookFacts facts, WebhookSecret present) =>
        present.Issued is { } name ? new(facts.Cluster, "Certificate", facts.Namespace, name) : null;

    private static IEnumerable<string> Warnings(MetalLBWebhookFacts facts, string name, bool wantsCertificate, bool isRotated, WebhookCertOptions options)
    {
        if (facts.Controller is not { } controller)
        {
            yield return Errors.Text("MetalLBNotThereYet", facts.Namespace, name);
            yield break;
        }

        if (controller.Settings.HasWebhook && name != controller.Settings.Secret)
        {
            yield return Errors.Text("MetalLBOtherSecret", controller.Name, controller.Settings.Secret, name);
        }

        if (controller.Settings.HasWebhook && controller.MountedSecret is { } mounted && mounted != controller.Settings.Secret)
        {
            yield return Errors.Text("MetalLBReason_SecretNameMismatch", controller.Name, mounted, controller.Settings.Secret, controller.Image);
        }

        if (wantsCertificate && isRotated)
        {
            yield return options.ValidDays <= MetalLBWebhookRules.Lookahead.TotalDays ? Errors.Text("MetalLBWillRotate_Soon", controller.Name, options.ValidDays) : Errors.Text("MetalLBWillRotate", controller.Name);
        }
        else if (!wantsCertificate && !isRotated && controller.Settings.HasWebhook)
        {
            yield return Errors.Text("MetalLBNobodyFills", controller.Name);
        }
    }
}
