using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>
/// Applies objects on the server's side as Flux does: all are tried first, and nothing is changed when one is refused; what is as it
/// should be is not written.
/// </summary>
internal sealed class ObjectApplier(ObjectClient objects, ServedTypes types, WebhookTypes webhooks, string manager)
{
    private const string Prefix = "kustomize.toolkit.fluxcd.io/";
    private const int AtOnce = 8;
    private static readonly TimeSpan DefinitionPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DefinitionPatience = TimeSpan.FromSeconds(10);

    // What was applied last and what the server made of it: as long as both are the same, nothing has to be tried but what webhooks are asked about.
    private readonly ConcurrentDictionary<InventoryEntry, (string Wanted, string Version)> _applied = new();

    /// <summary>Applies them, definitions and namespaces before the rest.</summary>
    /// <returns>What was changed, in words such as <c>Deployment/media/sonarr configured</c>.</returns>
    /// <exception cref="ReconcileException">The server refuses one.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(IReadOnlyList<JsonObject> items, bool force, CancellationToken cancellationToken)
    {
        var changes = new List<string>();
        foreach (var stage in items.GroupBy(item => IsDefinition(item) ? 0 : 1).OrderBy(stage => stage.Key))
        {
            var ordered = stage.OrderBy(ApplyOrder.Of).ToList();
            var trials = new Trial?[ordered.Count];
            await EachAsync(ordered, async (index, stop) => trials[index] = await TryAsync(ordered[index], force, stop), cancellationToken);
            var wanted = trials.OfType<Trial>().ToList();
            foreach (var phase in wanted.GroupBy(trial => ApplyOrder.PhaseOf(trial.Entry.Kind)).OrderBy(phase => phase.Key).Select(phase => phase.ToList()))
            {
                await EachAsync(phase, (index, stop) => ApplyAsync(phase[index], stop), cancellationToken);
            }

            changes.AddRange(wanted.Select(trial => $"{trial.Entry} {(trial.IsNew ? "created" : "configured")}"));
            if (wanted.Exists(trial => trial.Entry.Kind == "CustomResourceDefinition"))
            {
                await EstablishedAsync(wanted, cancellationToken);
            }
        }

        return changes;
    }

    /// <summary>Deletes an object that is no longer in the manifests, unless somebody said to keep it.</summary>
    /// <returns>Whether it was deleted.</returns>
    public async Task<bool> DeleteAsync(InventoryEntry entry, string ownerName, string ownerNamespace, CancellationToken cancellationToken)
    {
        _applied.TryRemove(entry, out _);
        if (await types.FindAsync(entry.Group, entry.Version, entry.Kind, cancellationToken) is not { } type
            || await objects.Client.FindObjectAsync(type, entry.Namespace, entry.Name, cancellationToken) is not { } live)
        {
            return false;
        }

        var isKept = Marked(live, "prune") == "disabled" || Marked(live, "reconcile") == "disabled"
            || Label(live, Prefix + "name") != ownerName || Label(live, Prefix + "namespace") != ownerNamespace;
        if (!isKept)
        {
            await objects.DeleteAsync(type, new(entry.Namespace, entry.Name), cancellationToken, new DeleteRequest { Propagation = "Background" });
        }

        return !isKept;
    }

    private static Task EachAsync<T>(IReadOnlyList<T> items, Func<int, CancellationToken, Task> work, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, items.Count),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (index, stop) => await work(index, stop));

    private static bool IsDefinition(JsonObject item) => Cells.Text(item, "kind") is "CustomResourceDefinition" or "Namespace";

    private static string? Label(JsonObject item, string key) => (string?)item["metadata"]?["labels"]?[key];

    // Flux reads its marks from annotations and from labels.
    private static string? Marked(JsonObject? item, string mark) => (string?)item?["metadata"]?["annotations"]?[Prefix + mark] ?? (string?)item?["metadata"]?["labels"]?[Prefix + mark];

    private async Task<Trial?> TryAsync(JsonObject item, bool force, CancellationToken cancellationToken)
    {
        var entry = InventoryEntry.Of(item);
        var type = await types.FindAsync(entry.Group, entry.Version, entry.Kind, cancellationToken)
            ?? throw new ReconcileException("ReconciliationFailed", $"{entry} dry-run failed: no matches for kind \"{entry.Kind}\" in version \"{Cells.Text(item, "apiVersion")}\"");
        var live = await objects.FindAsync(type, new(entry.Namespace, entry.Name), cancellationToken);
        var mode = Marked(item, "ssa");
        if (Marked(live, "reconcile") == "disabled" || mode == "Ignore" || (mode == "IfNotPresent" && live is not null))
        {
            return null;
        }

        var wanted = item.ToJsonString();
        if (live is not null && _applied.TryGetValue(entry, out var known) && known == (wanted, Cells.Text(live, "metadata.resourceVersion")) && !webhooks.Includes(type))
        {
            return null;
        }

        var trial = new Trial(entry, type, item, live is null, wanted, force || Marked(item, "force") == "enabled");
        if (live is not null && mode != "Merge" && FieldManagers.TakeOver(live, manager) is { } taken)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["managedFields"] = taken, ["resourceVersion"] = live["metadata"]!["resourceVersion"]!.DeepClone() } };
            live = await objects.MergeAsync(type, new(entry.Namespace, entry.Name), patch, cancellationToken);
        }

        try
        {
            var result = await objects.ApplyAsync(type, item, cancellationToken, dryRun: true);
            if (live is not null && IsSame(live, result))
            {
                _applied[entry] = (wanted, Cells.Text(live, "metadata.resourceVersion"));
                return null;
            }

            return trial;
        }
        catch (HomelabException error) when (trial.Force && IsImmutable(error))
        {
            return trial with { IsReplacement = true };
        }
        catch (HomelabException error) when (IsRefusal(error))
        {
            throw Refused(entry, error);
        }
    }

    private async Task ApplyAsync(Trial trial, CancellationToken cancellationToken)
    {
        try
        {
            if (trial.IsReplacement)
            {
                await objects.DeleteAsync(trial.Type, new(trial.Entry.Namespace, trial.Entry.Name), cancellationToken);
            }

            var applied = await objects.ApplyAsync(trial.Type, trial.Item, cancellationToken);
            _applied[trial.Entry] = (trial.Wanted, Cells.Text(applied, "metadata.resourceVersion"));
        }
        catch (HomelabException error) when (IsRefusal(error))
        {
            throw Refused(trial.Entry, error);
        }
    }

    private async Task EstablishedAsync(List<Trial> trials, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DefinitionPatience);
        foreach (var trial in trials.Where(trial => trial.Entry.Kind == "CustomResourceDefinition"))
        {
            while (await objects.Client.FindObjectAsync(trial.Type, null, trial.Entry.Name, limit.Token) is { } definition
                && !Cells.Items(definition, "status.conditions").Any(condition => Cells.Text(condition, "type") == "Established" && Cells.Text(condition, "status") == "True"))
            {
                await Task.Delay(DefinitionPoll, limit.Token);
            }
        }

        await types.ForgetAsync(cancellationToken);
    }

    private static ReconcileException Refused(InventoryEntry entry, HomelabException error) =>
        new("ReconciliationFailed", $"{entry} dry-run failed{(error.ServerReason is { Length: > 0 } reason ? $" ({reason})" : "")}: {error.ServerText ?? error.Message}");

    // A server that could not ask a webhook has answered; one that cannot be reached is asked again.
    private static bool IsRefusal(HomelabException error) => error.Kind is not ErrorKind.ConnectionError || error.ServerReason == "InternalError";

    private static bool IsImmutable(HomelabException error) => error.Kind == ErrorKind.InvalidData && (error.ServerText ?? "").Contains("immutable", StringComparison.OrdinalIgnoreCase);

    // What the server counts up by itself is no difference.
    private static bool IsSame(JsonObject live, JsonObject result)
    {
        return JsonNode.DeepEquals(Stripped(live), Stripped(result));

        static JsonObject Stripped(JsonObject item)
        {
            var copy = item.DeepClone().AsObject();
            copy.Remove("status");
            foreach (var field in new[] { "managedFields", "resourceVersion", "generation" })
            {
                (copy["metadata"] as JsonObject)?.Remove(field);
            }

            return copy;
        }
    }

    private sealed record Trial(InventoryEntry Entry, ResourceType Type, JsonObject Item, bool IsNew, string Wanted, bool Force)
    {
        public bool IsReplacement { get; init; }
    }
}
