using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>
/// kustomize-controller: builds what a Kustomization's path says at the revision of its source, applies it, deletes what is gone, and
/// waits until it is healthy.
/// </summary>
internal sealed class KustomizationController : FluxController
{
    private const string Finalizer = "finalizers.fluxcd.io";
    private const string Manager = "kustomize-controller";
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DependencyInterval = TimeSpan.FromSeconds(30);

    private readonly ServedTypes _served;
    private readonly KustomizationSource _source;
    private readonly KustomizationDependencies _dependencies;
    private readonly ObjectApplier _applier;
    private readonly HealthWatch _health;
    private int _waiting;

    public KustomizationController(ControllerHost host, FluxOptions options, GitCache cache)
        : base(host, Manager, Types.Kustomization, options)
    {
        var served = _served = new ServedTypes(host.Client);
        _source = new KustomizationSource(host, cache);
        _dependencies = new KustomizationDependencies(Informer);
        _applier = new ObjectApplier(Objects, served, new WebhookTypes(host), Manager);
        _health = new HealthWatch(host, served);

        // A new artifact, or a dependency that became ready, is not waited for until the interval.
        Watch(Types.GitRepository, change => KustomizationSource.HasNewArtifact(change) ? KustomizationSource.UsersOf(change.Latest, Informer) : []);
        Informer.OnChange(change =>
        {
            if (change is { Before: not null, After: { } after } && KustomizationDependencies.BecameReady(change))
            {
                foreach (var name in _dependencies.DependentsOf(after))
                {
                    Enqueue(name);
                }
            }
        });
    }

    /// <summary>True when all that it is at is waiting for the health of what others do.</summary>
    public bool IsWaiting => IsIdleBut(Volatile.Read(ref _waiting));

    // Each waits for health while it works, so there are more than a handful.
    protected override int Workers => 8;

    protected override async Task EndAsync(ObjectName name, JsonObject? item, CancellationToken cancellationToken)
    {
        _source.Forget(name);
        if (item is null || !HasFinalizer(item))
        {
            return;
        }

        var policy = Cells.Text(item, "spec.deletionPolicy", "MirrorPrune");
        var prunes = policy == "Delete" || (policy == "MirrorPrune" && item["spec"]?["prune"]?.GetValue<bool>() == true);
        if (prunes && item["spec"]?["suspend"]?.GetValue<bool>() != true)
        {
            await PruneAsync(item, InventoryEntry.Read(item["status"] as JsonObject ?? []), cancellationToken);
        }

        var kept = new JsonArray([.. (item["metadata"]!["finalizers"] as JsonArray ?? []).Where(finalizer => (string?)finalizer != Finalizer).Select(finalizer => finalizer!.DeepClone())]);
        await Objects.MergeAsync(Type, name, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = kept } }, cancellationToken);
    }

    protected override async Task<TimeSpan?> AttemptAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        if (!HasFinalizer(item))
        {
            var finalizers = (item["metadata"]!["finalizers"] as JsonArray ?? []).Select(finalizer => finalizer!.DeepClone()).Append(Finalizer);
            await Objects.MergeAsync(Type, ObjectName.Of(item), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. finalizers]) } }, cancellationToken);
        }

        var interval = Interval(item, "interval", UsualInterval);
        var retry = Interval(item, "retryInterval", interval);
        var started = Clock.GetTimestamp();
        string? revision = null;
        try
        {
            var artifact = _source.Find(item);
            revision = artifact.Revision;
            _dependencies.Check(item, artifact);
            if (status.IsNewGeneration || status.IsRequested || !status.IsReady || Cells.Text(status.Fields, "lastAppliedRevision") != revision)
            {
                status.Begin($"Fetching manifests for revision {revision} with a timeout of {GoDuration.Text(Timeout(item))}");
                await WriteAsync(item, status, cancellationToken);
            }

            status.Fields["lastAttemptedRevision"] = revision;
            await ReconcileAsync(item, status, artifact, started, cancellationToken);

            // A dependency that became ready was told, so what was planned while it was not is done.
            CancelPlanned(ObjectName.Of(item));
            return interval;
        }
        catch (ReconcileException error)
        {
            status.Fail(error.Reason, error.Message);
            if (revision is not null)
            {
                KustomizationHistory.Add(status, null, revision, error.Reason, Clock.GetElapsedTime(started));
            }

            await WriteAsync(item, status, cancellationToken);
            Objects.Record(item, error.Reason == "DependencyNotReady" ? "Normal" : "Warning", error.Reason, error.Message);
            return error.Reason == "DependencyNotReady" ? DependencyInterval : retry;
        }
    }

    private async Task ReconcileAsync(JsonObject item, FluxStatus status, KustomizationArtifact artifact, long started, CancellationToken cancellationToken)
    {
        var former = Cells.Text(status.Fields, "lastAppliedRevision");
        await CheckKubeConfigAsync(item, cancellationToken);
        var built = await _source.BuildAsync(item, artifact, cancellationToken);
        await CheckAccountAsync(item, built.Objects, cancellationToken);
        var changes = await _applier.ApplyAsync(built.Objects, item["spec"]?["force"]?.GetValue<bool>() == true, cancellationToken);
        var inventory = built.Objects.Select(InventoryEntry.Of).ToList();
        var gone = InventoryEntry.Read(status.Fields).Where(entry => !inventory.Exists(entry.IsSame)).ToList();
        status.Fields["inventory"] = new JsonObject { ["entries"] = new JsonArray([.. inventory.OrderBy(entry => entry.ToString(), StringComparer.Ordinal).Select(entry => entry.ToJson())]) };
        var deleted = item["spec"]?["prune"]?.GetValue<bool>() == true ? await PruneAsync(item, gone, cancellationToken) : [];
        if (changes.Count + deleted.Count > 0)
        {
            Objects.Record(item, "Normal", "Progressing", string.Join('\n', changes.Concat(deleted.Select(entry => $"{entry} deleted"))));
        }

        await CheckHealthAsync(item, status, artifact.Revision, inventory, cancellationToken);
        var message = $"Applied revision: {artifact.Revision}";
        status.Fields["lastAppliedRevision"] = artifact.Revision;
        KustomizationHistory.Add(status, built.Digest, artifact.Revision, "ReconciliationSucceeded", Clock.GetElapsedTime(started));
        var wasReady = former == artifact.Revision && changes.Count == 0;
        status.Succeed("ReconciliationSucceeded", message);
        await WriteAsync(item, status, cancellationToken);
        if (!wasReady)
        {
            var text = $"Reconciliation finished in {GoDuration.Text(Clock.GetElapsedTime(started))}, next run in {GoDuration.Text(Interval(item, "interval", UsualInterval))}";
            Objects.Record(item, "Normal", "ReconciliationSucceeded", text);
        }
    }

    // What is applied elsewhere needs to know where that is. Here it is always this cluster.
    private async Task CheckKubeConfigAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var name = Cells.Text(item, "spec.kubeConfig.secretRef.name");
        var space = ObjectName.Of(item).Namespace;
        if (name.Length == 0)
        {
            return;
        }

        var secret = await Objects.Client.FindObjectAsync(Types.Secret, space, name, cancellationToken)
            ?? throw new ReconcileException("ReconciliationFailed", $"unable to read KubeConfig secret '{space}/{name}' error: secrets \"{name}\" not found");
        string[] keys = Cells.Text(item, "spec.kubeConfig.secretRef.key") is { Length: > 0 } asked ? [asked] : ["value", "value.yaml"];
        if (!Array.Exists(keys, key => secret["data"]?[key] is not null))
        {
            throw new ReconcileException("ReconciliationFailed", $"KubeConfig secret '{space}/{name}' does not contain a '{string.Join("' nor '", keys)}' key with a kubeconfig");
        }
    }

    // Flux takes on the account by its name, so one that does not exist has no rights, and the first object is refused.
    private async Task CheckAccountAsync(JsonObject item, IReadOnlyList<JsonObject> objects, CancellationToken cancellationToken)
    {
        var (account, space) = (Cells.Text(item, "spec.serviceAccountName"), ObjectName.Of(item).Namespace);
        if (account.Length == 0 || objects.Count == 0 || await Objects.Client.FindObjectAsync(Types.ServiceAccount, space, account, cancellationToken) is not null)
        {
            return;
        }

        var entry = InventoryEntry.Of(objects.MinBy(ApplyOrder.Of)!);
        var plural = (await _served.FindAsync(entry.Group, entry.Version, entry.Kind, cancellationToken))?.Plural ?? entry.Kind.ToLowerInvariant() + "s";
        var scope = entry.Namespace.Length > 0 ? $"in the namespace \"{entry.Namespace}\"" : "at the cluster scope";
        throw new ReconcileException("ReconciliationFailed", $"{entry} dry-run failed (Forbidden): {plural}{(entry.Group.Length > 0 ? $".{entry.Group}" : "")} \"{entry.Name}\" is forbidden: User \"system:serviceaccount:{space}:{account}\" cannot patch resource \"{plural}\" in API group \"{entry.Group}\" {scope}");
    }

    private async Task CheckHealthAsync(JsonObject item, FluxStatus status, string revision, List<InventoryEntry> inventory, CancellationToken cancellationToken)
    {
        var wanted = item["spec"]?["wait"]?.GetValue<bool>() == true
            ? inventory
            : Cells.Items(item, "spec.healthChecks").Select(check => InventoryEntry.Of(new JsonObject
            {
                ["apiVersion"] = Cells.Text(check, "apiVersion", Cells.Text(check, "kind") is "Deployment" or "StatefulSet" or "DaemonSet" ? "apps/v1" : "v1"),
                ["kind"] = Cells.Text(check, "kind"),
                ["metadata"] = new JsonObject { ["name"] = Cells.Text(check, "name"), ["namespace"] = Cells.Text(check, "namespace") },
            })).ToList();
        if (wanted.Count == 0)
        {
            status.Remove("Healthy");
            return;
        }

        if (!status.IsReady)
        {
            // Told by the real one as well: all has been applied by then.
            status.Begin($"Running health checks for revision {revision} with a timeout of {GoDuration.Text(Timeout(item))}");
            await WriteAsync(item, status, cancellationToken);
        }

        if (await WaitAsync(wanted, Timeout(item), cancellationToken) is { } failure)
        {
            status.Set("Healthy", "False", "HealthCheckFailed", failure);
            throw new ReconcileException("HealthCheckFailed", failure);
        }

        status.Set("Healthy", "True", "Succeeded", "Health check passed");
    }

    private async Task<string?> WaitAsync(List<InventoryEntry> wanted, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            return await _health.WaitAsync(wanted, timeout, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<List<InventoryEntry>> PruneAsync(JsonObject item, IReadOnlyList<InventoryEntry> entries, CancellationToken cancellationToken)
    {
        var (space, name) = ObjectName.Of(item);
        var deleted = new List<InventoryEntry>();
        foreach (var entry in entries.OrderByDescending(entry => ApplyOrder.Of(entry.Kind)))
        {
            try
            {
                if (await _applier.DeleteAsync(entry, name, space, cancellationToken))
                {
                    deleted.Add(entry);
                }
            }
            catch (HomelabException error) when (error.Kind != ErrorKind.ConnectionError)
            {
                throw new ReconcileException("PruneFailed", $"{entry} delete failed: {error.ServerText ?? error.Message}");
            }
        }

        return deleted;
    }

    private static TimeSpan Timeout(JsonObject item)
    {
        var usual = Interval(item, "interval", UsualInterval) - TimeSpan.FromSeconds(30);
        return Interval(item, "timeout", usual < TimeSpan.FromSeconds(30) ? TimeSpan.FromSeconds(30) : usual);
    }

    private static bool HasFinalizer(JsonObject item) => (item["metadata"]?["finalizers"] as JsonArray ?? []).Any(finalizer => (string?)finalizer == Finalizer);
}
