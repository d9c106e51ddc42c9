using HomelabOps.Core.Applications;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Whether the cluster has an application with the claims of the target.</summary>
internal static class MovedTemplate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether it has now.</summary>
    public static bool Is(Workload workload, OperationApp app) => workload.Claims.ToHashSet(StringComparer.Ordinal) is var claims && app.Claims.Values.All(claims.Contains) && !app.Claims.Keys.Any(claims.Contains);

    /// <summary>Whether it has the claims of before.</summary>
    public static bool IsFormer(Workload workload, OperationApp app) => workload.Claims.ToHashSet(StringComparer.Ordinal) is var claims && app.Claims.Keys.All(claims.Contains) && !app.Claims.Values.Any(claims.Contains);

    /// <summary>Lets Flux apply a stopped application again and waits until the cluster has what is wanted; what Flux does not come to is applied as it would do it.</summary>
    /// <exception cref="HomelabException">RolloutTimeout, DirectApplyImpossible, and those of the repository and the cluster.</exception>
    public static async Task BringAsync(OperationContext context, OperationApp app, HomelabApp found, Func<Workload, OperationApp, bool> holds, CancellationToken cancellationToken)
    {
        var options = context.Options;
        await AppStopper.ReleaseAsync(options.Client, found, options.Journal, cancellationToken);

        // Flux that is held applies nothing, so that waiting for it only keeps the application down.
        if (context.Record.Suspended.Count == 0 && await WaitAsync(context, app, holds, Patience, cancellationToken))
        {
            return;
        }

        await new DirectApply(options.Client, options.Committer, options.Patterns, options.Journal).RunAsync([context.Reference(app)], [], null, cancellationToken);
        if (!await WaitAsync(context, app, holds, options.Timeout, cancellationToken))
        {
            throw Errors.RolloutTimeout(context.Reference(app), options.Timeout, Errors.Text("Detail_OldClaims", string.Join(", ", found.Volumes)));
        }
    }

    /// <summary>Waits until it has.</summary>
    /// <returns>False when the time is over.</returns>
    public static Task<bool> WaitAsync(OperationContext context, OperationApp app, TimeSpan patience, CancellationToken cancellationToken) => WaitAsync(context, app, Is, patience, cancellationToken);

    /// <summary>Waits until it has what is wanted.</summary>
    /// <returns>False when the time is over.</returns>
    public static async Task<bool> WaitAsync(OperationContext context, OperationApp app, Func<Workload, OperationApp, bool> holds, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reference = context.Reference(app);
        var type = await WorkloadTypes.FindAsync(context.Options.Client, reference.Kind, cancellationToken) ?? throw Errors.RolloutGone(reference);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await foreach (var change in context.Options.Client.WatchAsync(type, new ListQuery { Namespace = reference.Namespace, FieldSelector = $"metadata.name={reference.Name}" }, ObjectNodeContext.Default.ObjectNode, limit.Token))
            {
                if (change.Object is not null && await WorkloadReader.FindAsync(context.Options.Client, reference, limit.Token) is { } workload && holds(workload, app))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }

        return false;
    }
}
