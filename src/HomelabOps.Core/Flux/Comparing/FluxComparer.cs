using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Patching;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>Tells what applying Kustomizations from a folder of this machine would change. Nothing is changed.</summary>
internal static class FluxComparer
{
    // As many as kustomize-controller tries at the same time, or fewer.
    private const int AtOnce = 8;

    /// <summary>Compares Kustomizations, one after the other.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="names">Kustomizations, and what they apply; empty for all.</param>
    /// <param name="namespaces">Namespaces, with wildcards; empty for all.</param>
    /// <param name="files">The repository that their paths count from.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>A difference for each object that would be changed, and a failure for each that the server refuses.</returns>
    public static async IAsyncEnumerable<Streamed<FluxDifference>> RunAsync(
        ClusterClient client,
        IReadOnlyList<ResourcePattern> names,
        IReadOnlyList<string> namespaces,
        DiskFiles files,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await FluxTargets.FindAsync(client, names.Count > 0 ? names : [new("*")], namespaces, [], cancellationToken, allowSeveral: true, within: [FluxKind.Kustomization]);
        foreach (var failure in found.Failures)
        {
            yield return new FailureNotice(failure);
        }

        var type = (await FluxTypes.FindAsync(client, cancellationToken)).Single(type => type.Kind == FluxKind.Kustomization);
        foreach (var target in found.Targets)
        {
            if (target.Suspended)
            {
                yield return new WarningNotice(Errors.Text("FluxCompareSuspended", target.Reference));
            }

            await foreach (var item in Merge.Independent([RunAsync(client, type, target, files, cancellationToken)], cancellationToken))
            {
                yield return item;
            }
        }
    }

    private static async IAsyncEnumerable<Streamed<FluxDifference>> RunAsync(
        ClusterClient client,
        ResourceType type,
        FluxResource target,
        DiskFiles files,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kustomization = await client.FindObjectAsync(type, target.Namespace, target.Name, cancellationToken) ?? throw Errors.FluxResourceDeleted(target.Reference);
        if (kustomization["spec"]?["kubeConfig"] is not null)
        {
            throw Errors.FluxRemoteCluster(target.Reference);
        }

        var built = await LocalBuild.RunAsync(client, kustomization, files, cancellationToken);
        var inventory = (FluxInventory.Of(kustomization) ?? []).ToList();
        var types = await TypesAsync(client, built.Objects.Select(item => item.Key).Concat(inventory), cancellationToken);
        var keys = built.Objects.Select(item => types.TryGetValue((item.Key.Group, item.Key.Kind), out var served) && !served.Namespaced ? item.Key with { Namespace = "" } : item.Key).ToHashSet();
        var gone = Scalars.Text(kustomization["spec"]?["prune"]) == "true" ? inventory.Where(key => !keys.Contains(key)) : [];
        var trials = new ApplyTrials(client, types, built.Objects, kustomization);
        List<Work> work =
        [
            .. built.Objects.Select(item => new Work(item.Key, item.Mask, item.File, item.Line, stop => trials.RunAsync(item, stop))),
            .. gone.Select(key => new Work(key, built.MaskOf(key), null, 0, stop => trials.DeleteAsync(key, stop))),
        ];
        var told = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var (item, trial) in InOrderAsync(work, cancellationToken))
        {
            // Who may not read a type is told that once, not for each object.
            if (trial.Notice is { } notice && (notice is not FailureNotice failure || told.Add(failure.Error.Message)))
            {
                yield return notice;
            }

            if (Difference(item, item.Key.Reference(client.Name), trial) is { } difference)
            {
                yield return difference with { Kustomization = target.Reference };
            }
        }
    }

    private static FluxDifference? Difference(Work item, ResourceReference target, Trial trial)
    {
        if (trial.Action is not { } action)
        {
            return null;
        }

        var (before, after) = (ComparedObject.Of(trial.Before), ComparedObject.Of(trial.After));
        var paths = action == FluxDifferenceAction.Update ? JsonDifference.Paths(before, after) : [];
        if (action == FluxDifferenceAction.Update && paths.Count == 0)
        {
            return null;
        }

        item.Mask.Apply(before, after);
        return new()
        {
            Cluster = target.Cluster ?? "",
            Kind = target.Kind,
            Namespace = target.Namespace,
            Name = target.Name,
            Action = action,
            Recreate = trial.Recreate,
            FieldPaths = paths,
            Diff = UnifiedDiff.Of(ComparedObject.Yaml(before), ComparedObject.Yaml(after), before is null ? "/dev/null" : $"cluster/{target}", after is null ? "/dev/null" : item.File ?? target.ToString()),
            File = item.File,
            Line = item.Line,
        };
    }

    /// <summary>The served types by group and kind. Those that are missing may have been defined since they were remembered.</summary>
    public static async Task<Dictionary<(string Group, string Kind), ResourceType>> TypesAsync(ClusterClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        var wanted = keys.Select(key => (key.Group, key.Kind)).ToHashSet();
        var groups = wanted.Select(key => key.Group).Distinct(StringComparer.Ordinal).ToArray();
        var found = await ReadAsync();
        return wanted.All(found.ContainsKey) || !await client.Discovery.ForgetAsync(cancellationToken) ? found : await ReadAsync();

        async Task<Dictionary<(string, string), ResourceType>> ReadAsync() => (await client.Discovery.ResourcesAsync(groups, cancellationToken))
            .DistinctBy(type => (type.Group, type.Kind)).ToDictionary(type => (type.Group, type.Kind), type => type.Type);
    }

    // Several at a time, told in the order of the build.
    private static async IAsyncEnumerable<(Work Item, Trial Trial)> InOrderAsync(IReadOnlyList<Work> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<Task<Trial>>();
        try
        {
            for (var (index, next) = (0, 0); index < work.Count; index++)
            {
                while (next < work.Count && running.Count < AtOnce)
                {
                    running.Enqueue(work[next++].Run(stop.Token));
                }

                yield return (work[index], await running.Dequeue());
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed record Work(ObjectKey Key, SecretMask Mask, string? File, long Line, Func<CancellationToken, Task<Trial>> Run);
}
