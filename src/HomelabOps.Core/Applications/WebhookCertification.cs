using System.Runtime.CompilerServices;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Applications;

/// <summary>Makes the Secret of MetalLB's webhook, with respect for what Git says of it, and restarts the controller afterwards.</summary>
internal static class WebhookCertification
{
    private static readonly TimeSpan FillInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FillPatience = TimeSpan.FromSeconds(30);

    /// <summary>Decides what has to be done; null when the controller needs no Secret.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="facts">What is known of the webhook.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">NamespaceNotFound, NamespaceTerminating, MetalLBNotFound, MetalLBSecretOwned, MetalLBSecretUnfit, AccessDenied.</exception>
    public static async Task<WebhookCertPlan?> PrepareAsync(ClusterClient client, MetalLBWebhookFacts facts, WebhookCertOptions options, CancellationToken cancellationToken)
    {
        if (WebhookCertPlanner.Target(facts, options) is not { } name)
        {
            return null;
        }

        var present = await WebhookSecretWriter.FindAsync(client, facts.Namespace, name, cancellationToken);
        var owner = await OwnerAsync(client, facts.Namespace, name, present, cancellationToken);
        var plan = WebhookCertPlanner.Make(facts, name, present, owner, options, DateTimeOffset.UtcNow);
        return present is null && owner is not null ? plan with { Warnings = [.. plan.Warnings, Errors.Text("MetalLBSecretInGit", plan.Secret, owner)] } : plan;
    }

    /// <summary>Carries it out, and gives the Secret as it is afterwards.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="plan">What has to be done.</param>
    /// <param name="restart">How the controller is restarted and waited for; null to leave it alone.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the waiting; what was changed stays changed.</param>
    public static async IAsyncEnumerable<Streamed<MetalLBWebhookCert>> RunAsync(ClusterClient client, WebhookCertPlan plan, AppOptions? restart, ChangeJournal journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var activity = Errors.Text("MetalLBCertMaking", plan.Secret);
        yield return new ProgressNotice(activity, activity, IsDone: false);
        var authority = await new WebhookSecretWriter(client, journal).ApplyAsync(plan, cancellationToken);
        yield return new ProgressNotice(activity, activity, IsDone: true);
        var trusting = new List<ResourceReference>();
        foreach (var caller in plan.Callers.GroupBy(caller => caller.Object))
        {
            if (await TellAsync(new(client, journal), caller.Key, [.. caller], authority, cancellationToken) is { } notice)
            {
                yield return notice;
            }
            else
            {
                trusting.Add(caller.Key);
            }
        }

        var isRestarted = restart is not null && plan.Controller is not null;
        if (isRestarted)
        {
            await foreach (var notice in RestartAsync(client, plan.Controller!, restart!, journal, cancellationToken))
            {
                isRestarted &= notice is not FailureNotice;
                yield return notice;
            }
        }

        var secret = await ReadAsync(client, plan, isRestarted && restart?.NoWait == false, cancellationToken);
        yield return WebhookSecretWriter.Map(plan, secret) with { Created = plan.Action != WebhookCertAction.Keep, Trusting = trusting, Restarted = isRestarted };
    }

    private static async Task<Notice?> TellAsync(CaBundleWriter bundles, ResourceReference item, IReadOnlyList<WebhookCaller> callers, byte[] authority, CancellationToken cancellationToken)
    {
        try
        {
            if (await bundles.IsFromGitAsync(item, cancellationToken))
            {
                return new WarningNotice(Errors.Text("MetalLBBundleInGit", item));
            }

            await bundles.WriteAsync(item, callers, authority, cancellationToken);
            return null;
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return new FailureNotice(error);
        }
    }

    private static async IAsyncEnumerable<Notice> RestartAsync(ClusterClient client, ResourceReference controller, AppOptions options, ChangeJournal journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in AppReader.ReadAsync(client, new AppQuery { References = [controller], Config = options.Config, Repository = options.Repository }, cancellationToken))
        {
            if (found.Value is not { } app)
            {
                continue;
            }

            if (Refusal(app) is { } refusal)
            {
                yield return refusal;
                continue;
            }

            await foreach (var item in AppRestarter.RestartAsync(client, app, options, journal, cancellationToken))
            {
                if (item.Notice is { } notice)
                {
                    yield return notice;
                }
            }
        }
    }

    // The Secret is made all the same.
    private static FailureNotice? Refusal(HomelabApp app)
    {
        try
        {
            AppRestarter.Check(app);
            return null;
        }
        catch (HomelabException error)
        {
            return new FailureNotice(error);
        }
    }

    // A controller that rotates fills the Secret as soon as it runs.
    private static async Task<WebhookSecret> ReadAsync(ClusterClient client, WebhookCertPlan plan, bool waitForContent, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var secret = await WebhookSecretWriter.FindAsync(client, plan.Facts.Namespace, plan.SecretName, cancellationToken)
                ?? throw Errors.ResourceNotFound(client.Name, MetalLBTypes.Secret.QualifiedName, plan.Facts.Namespace, plan.SecretName);
            if (!waitForContent || plan.WantsCertificate || !plan.Facts.Settings.Rotates || !secret.IsEmpty || TimeProvider.System.GetElapsedTime(start) > FillPatience)
            {
                return secret;
            }

            await Task.Delay(FillInterval, cancellationToken);
        }
    }

    private static async Task<ResourceReference?> OwnerAsync(ClusterClient client, string space, string name, WebhookSecret? secret, CancellationToken cancellationToken) =>
        secret?.IsLeftAlone == true ? null : await FluxApplier.FindAsync(client, new("", MetalLBTypes.Secret.Kind, space, name), secret?.Labels, cancellationToken);
}
