using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Wire;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Reconciling;

/// <summary>
/// Asks Flux to reconcile and waits for the answer to this very request: each attempt carries a token of its own, so that
/// a request of somebody else at the same time is not taken for ours. It is waited for by a watch.
/// </summary>
public static class FluxReconciler
{
    private const string RequestedAt = "reconcile.fluxcd.io/requestedAt";
    private const string ForceAt = "reconcile.fluxcd.io/forceAt";
    private const string ResetAt = "reconcile.fluxcd.io/resetAt";

    /// <summary>Carries out a plan: what does not wait for each other runs at the same time.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="plan">What is reconciled, in which order.</param>
    /// <param name="options">How.</param>
    /// <param name="journal">Where the requests are written down.</param>
    /// <param name="cancellationToken">Ends the waiting. What was asked for by then stays asked for.</param>
    /// <returns>A result for each object that was asked for, as they end; one that failed is followed by its error.</returns>
    internal static async IAsyncEnumerable<Streamed<FluxReconcileResult>> RunAsync(
        ClusterClient client,
        FluxReconcilePlan plan,
        FluxReconcileOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (user, source) in plan.Unread)
        {
            yield return new WarningNotice(Errors.Text("FluxSourceUnread", user, source));
        }

        var types = (await FluxTypes.FindAsync(client, cancellationToken)).ToDictionary(type => type.Kind, StringComparer.Ordinal);
        var steps = plan.Steps.ToDictionary(step => step.Resource.Reference, step => (Step: step, Done: new TaskCompletionSource<HomelabException?>(TaskCreationOptions.RunContinuationsAsynchronously)));
        await using var watch = options.NoWait
            ? null
            : new FluxObjectWatch(client, [.. plan.Steps.Select(step => (step.Resource, types[step.Resource.Kind]))], cancellationToken);
        var revisions = new ConcurrentDictionary<ResourceReference, string>();
        var running = plan.Steps.Select(step => RunStepAsync(step, reference => steps[reference].Done, new Run(client, types[step.Resource.Kind], watch, options, journal, revisions), cancellationToken));
        await foreach (var item in Merge.All([.. running], cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Asks for a reconciliation and does not wait for it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="type">The object's type.</param>
    /// <param name="resource">The object.</param>
    /// <param name="options">How it is reconciled.</param>
    /// <param name="journal">Where the request is written down.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The token that the answer to this very request carries.</returns>
    internal static async Task<string> RequestAsync(ClusterClient client, ResourceType type, FluxResource resource, FluxReconcileOptions options, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var token = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture) + "-" + Guid.NewGuid().ToString("N")[..8];
        await FluxWrite.MergeAsync(client, type, resource, Request(resource, token, options), journal, JournalUndo.None("FluxReconcileRequest"), cancellationToken);
        return token;
    }

    private static async IAsyncEnumerable<Streamed<FluxReconcileResult>> RunStepAsync(
        FluxReconcileStep step,
        Func<ResourceReference, TaskCompletionSource<HomelabException?>> done,
        Run run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = await Task.WhenAll(step.After.Select(before => done(before).Task)).WaitAsync(cancellationToken);
        if (Array.Find(failures, failure => failure is not null) is { } cause)
        {
            var blocked = cause.Id == nameof(Errors.FluxReconcileSkipped) ? cause : Errors.FluxReconcileSkipped(step.Resource.Reference, cause);
            done(step.Resource.Reference).TrySetResult(blocked);
            if (step.IsTarget)
            {
                yield return new FailureNotice(blocked);
            }

            yield break;
        }

        yield return new VerboseNotice(Errors.Text("FluxReconcileRequested", step.Resource.Reference));
        if (!run.Options.NoWait)
        {
            yield return Waiting(isDone: false);
        }

        HomelabException? failure = null;
        FluxReconcileResult? result = null;
        await foreach (var item in AttemptAsync(step, run, cancellationToken))
        {
            failure = (item.Notice as FailureNotice)?.Error ?? failure;
            result = item.Value ?? result;
            if (step.IsTarget || item.Notice is not null)
            {
                yield return item;
            }
        }

        if (!run.Options.NoWait)
        {
            yield return Waiting(isDone: true);
        }

        // What a parent applied has arrived, also where it does not become healthy: perhaps by what comes now it will.
        done(step.Resource.Reference).TrySetResult(failure?.Id == nameof(Errors.FluxReconcileFailed) && result?.Reason == "HealthCheckFailed" ? null : failure);

        ProgressNotice Waiting(bool isDone) => new(Errors.Text("FluxReconcileWaiting", step.Resource.Reference), Errors.Text("FluxReconcileWaitingHow"), isDone);
    }

    private static async IAsyncEnumerable<Streamed<FluxReconcileResult>> AttemptAsync(FluxReconcileStep step, Run run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resource = step.Resource;
        var clock = Stopwatch.StartNew();
        var token = "";
        HomelabException? refused = null;
        try
        {
            token = await RequestAsync(run.Client, run.Type, resource, run.Options, run.Journal, cancellationToken);
        }
        catch (HomelabException error)
        {
            refused = error;
        }

        if (refused is not null)
        {
            yield return new FailureNotice(refused);
            yield break;
        }

        if (run.Watch is null)
        {
            yield return Result(resource, Errors.Text("FluxReconcileNotAwaited"), clock.Elapsed);
            yield break;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(run.Options.Timeout);
        await using var states = run.Watch.StatesAsync(resource, limit.Token).GetAsyncEnumerator(limit.Token);
        var (last, blocker) = (resource, "");
        while (true)
        {
            var (wire, failure, isLate) = await NextAsync(states, cancellationToken);
            if (wire is null)
            {
                yield return new FailureNotice(isLate ? Errors.FluxReconcileTimeout(last.Reference, run.Options.Timeout, last.Message) : failure ?? Errors.FluxResourceDeleted(resource.Reference));
                yield break;
            }

            last = FluxMapper.Map(wire, resource.Kind, run.Client.Name);
            switch (ReconcileAttempt.Of(wire, token))
            {
                // The controller had not heard of what its source has by now. It will, and looks again by itself.
                case AttemptState.Succeeded when last is { Kind: FluxKind.Kustomization, Source: { } source, Revision: { } revision } && revision == resource.Revision && run.Revisions.TryGetValue(source, out var fetched) && fetched != revision:
                    break;
                case AttemptState.Succeeded:
                    run.Revisions[last.Reference] = last.Revision ?? "";
                    yield return Result(last, last.Message, clock.Elapsed);
                    yield break;
                case AttemptState.Failed:
                    yield return Result(last, last.Message, clock.Elapsed);
                    yield return new FailureNotice(Errors.FluxReconcileFailed(last.Reference, last.Reason, last.Message));
                    yield break;
                case AttemptState.Blocked when blocker != last.Message:
                    blocker = last.Message;
                    yield return new WarningNotice(await BlockedAsync(run.Client, last, cancellationToken));
                    break;
                default:
                    break;
            }
        }
    }

    private static async Task<(FluxWire? Wire, HomelabException? Failure, bool IsLate)> NextAsync(IAsyncEnumerator<FluxWire?> states, CancellationToken cancellationToken)
    {
        try
        {
            return await states.MoveNextAsync() ? (states.Current, null, false) : (null, null, false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, null, true);
        }
        catch (HomelabException error)
        {
            return (null, error, false);
        }
    }

    // What it waits for, as the controller says, and the end of the chain behind that. The objects are read later than the
    // message was written: the dependency may be ready by then, or was all along and is only at an older revision.
    private static async Task<string> BlockedAsync(ClusterClient client, FluxResource blocked, CancellationToken cancellationToken)
    {
        var named = blocked.DependsOn.FirstOrDefault(dependency => dependency != blocked.Reference && blocked.Message.Contains($"'{dependency.Namespace}/{dependency.Name}'", StringComparison.Ordinal));
        if (named is null)
        {
            return Errors.Text("FluxReconcileBlocked_Unnamed", blocked.Reference, blocked.Message);
        }

        var query = new FluxQuery { Objects = new ObjectQuery { Names = [new ResourcePattern(named)] } };
        await foreach (var item in FluxReader.ReadAsync(client, query, cancellationToken))
        {
            // In a circle the end of the chain may be the object itself.
            if (item.Value is { RootCause: { } root } && root != blocked.Reference)
            {
                named = root;
            }
        }

        return Errors.Text("FluxReconcileBlocked", blocked.Reference, named, blocked.Message);
    }

    private static JsonObject Request(FluxResource resource, string token, FluxReconcileOptions options)
    {
        var annotations = new JsonObject { [RequestedAt] = token };
        if (resource.Kind == FluxKind.HelmRelease)
        {
            // The controller heeds these only with the very value of the request.
            foreach (var (wanted, key) in (ReadOnlySpan<(bool, string)>)[(options.Force, ForceAt), (options.Reset, ResetAt)])
            {
                if (wanted)
                {
                    annotations[key] = token;
                }
            }
        }

        return new() { ["metadata"] = new JsonObject { ["annotations"] = annotations } };
    }

    private static FluxReconcileResult Result(FluxResource resource, string message, TimeSpan duration) => new()
    {
        Cluster = resource.Cluster,
        Kind = resource.Kind,
        Namespace = resource.Namespace,
        Name = resource.Name,
        Ready = resource.Ready,
        Revision = resource.Revision,
        Reason = resource.Reason,
        Message = message,
        RootCause = resource.RootCause,
        Duration = duration,
        Conditions = resource.Conditions,
    };

    private sealed record Run(ClusterClient Client, ResourceType Type, FluxObjectWatch? Watch, FluxReconcileOptions Options, ChangeJournal Journal, ConcurrentDictionary<ResourceReference, string> Revisions);
}
