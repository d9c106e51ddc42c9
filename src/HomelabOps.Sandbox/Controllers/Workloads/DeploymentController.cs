using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Leads a Deployment from one template to the next, by way of ReplicaSets.</summary>
internal sealed class DeploymentController : Controller
{
    private readonly Informer _deployments;
    private readonly Informer _sets;
    private readonly Informer _pods;
    private readonly Adoption _adoption;

    public DeploymentController(ControllerHost host)
        : base(host, "deployment-controller")
    {
        _deployments = Watch(Types.Deployment);
        _sets = Watch(Types.ReplicaSet, OfSet);
        _pods = Watch(ResourceType.Pod, OfPod);
        _ = (_sets.ByController, _pods.ByController);
        _adoption = new Adoption(Objects, _sets);
    }

    protected override int Workers => 4;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_deployments.Find(name) is not { } deployment)
        {
            return null;
        }

        var sets = await _adoption.ClaimAsync(Types.Deployment, deployment, cancellationToken);
        var work = new Work(deployment, sets);
        if (!Ownership.IsDeleting(deployment))
        {
            SetPaused(work);
            if ((bool?)At(deployment, "spec.paused") == true || IsScaling(work))
            {
                await FindCurrentAsync(work, create: false, cancellationToken);
                await ScaleAllAsync(work, cancellationToken);
            }
            else if (Text(deployment, "spec.strategy.type") == "Recreate")
            {
                await RecreateAsync(work, cancellationToken);
            }
            else
            {
                await RollAsync(work, cancellationToken);
            }
        }

        var now = Clock.GetUtcNow();
        var status = (bool?)At(deployment, "spec.paused") == true || Ownership.IsDeleting(deployment)
            ? DeploymentStatus.Counts(work.Deployment, work.Sets, work.Current, now)
            : DeploymentStatus.Of(work.Deployment, work.Sets, work.Current, now);

        // The number goes with the status, as the real controller writes it.
        await Objects.SetStatusAsync(Types.Deployment, work.Numbered(), status.DeepClone().AsObject(), cancellationToken, isChanged: work.IsNumbered);
        return DeploymentStatus.UntilDeadline(work.Deployment, status, now);
    }

    private IEnumerable<ObjectName> OfSet(JsonObject set)
    {
        if (Ownership.ControllerOf(set) is { } owner)
        {
            return Text(owner, "kind") == Types.Deployment.Kind ? [new(Text(set, "metadata.namespace"), Text(owner, "name"))] : [];
        }

        return _deployments.In(Text(set, "metadata.namespace")).Where(item => Selection.Fits(At(item, "spec.selector"), Selection.Labels(set))).Select(ObjectName.Of);
    }

    // Pods matter only to those that wait for the old ones to end.
    private IEnumerable<ObjectName> OfPod(ObjectChange change)
    {
        var pod = change.Latest;
        return (change.After is null || PodState.HasEnded(pod))
            && Ownership.ControllerOf(pod) is { } owner && Text(owner, "kind") == Types.ReplicaSet.Kind
            && _sets.Find(Text(pod, "metadata.namespace"), Text(owner, "name")) is { } set
            ? OfSet(set).Where(name => _deployments.Find(name) is { } deployment && Text(deployment, "spec.strategy.type") == "Recreate")
            : [];
    }

    private static bool IsScaling(Work work) => work.Sets.Where(set => Rollout.Wanted(set) > 0)
        .Any(set => ReplicaSetBlueprint.AnnotatedNumber(set, ReplicaSetBlueprint.DesiredReplicas) is { } desired && desired != work.Replicas);

    private async Task RollAsync(Work work, CancellationToken cancellationToken)
    {
        await FindCurrentAsync(work, create: true, cancellationToken);
        if (work.Current is not { } current)
        {
            return;
        }

        var present = Rollout.Wanted(current);
        var next = present > work.Replicas ? work.Replicas : Rollout.NextOfCurrent(work.Deployment, work.Sets, present);
        if (next != present)
        {
            await ScaleAsync(work, current, next, cancellationToken);
            return;
        }

        var changed = false;
        foreach (var (set, replicas) in Rollout.Shrink(work.Deployment, current, [.. work.Old]).ToList())
        {
            changed |= await ScaleAsync(work, set, replicas, cancellationToken);
        }

        if (!changed)
        {
            await CleanUpAsync(work, cancellationToken);
        }
    }

    private async Task RecreateAsync(Work work, CancellationToken cancellationToken)
    {
        await FindCurrentAsync(work, create: false, cancellationToken);
        var changed = false;
        foreach (var set in work.Old.Where(set => Rollout.Wanted(set) > 0).ToList())
        {
            changed |= await ScaleAsync(work, set, 0, cancellationToken);
        }

        // Any old pod that may still write holds the new ones back, also one that is ending on a node that is dead.
        if (changed || work.Old.SelectMany(set => _pods.ByController[Ownership.Uid(set)]).Any(pod => !PodState.HasEnded(pod)))
        {
            return;
        }

        if (work.Current is null)
        {
            await FindCurrentAsync(work, create: true, cancellationToken);
        }

        if (work.Current is { } current && !await ScaleAsync(work, current, work.Replicas, cancellationToken))
        {
            await CleanUpAsync(work, cancellationToken);
        }
    }

    /// <summary>Finds the ReplicaSet of the present template, numbers it, and makes it where it is wanted.</summary>
    private async Task FindCurrentAsync(Work work, bool create, CancellationToken cancellationToken)
    {
        var current = work.Current ?? work.Sets.Where(set => ReplicaSetBlueprint.IsOfTemplate(work.Deployment, set)).OrderBy(Rollout.Created).ThenBy(set => Text(set, "metadata.name"), StringComparer.Ordinal).FirstOrDefault();
        work.Current = current;
        var revision = work.Old.Select(ReplicaSetBlueprint.RevisionOf).DefaultIfEmpty().Max() + 1;
        if (current is not null)
        {
            await NumberAsync(work, current, revision, cancellationToken);
            SetFoundCondition(work);
        }
        else if (create)
        {
            await CreateCurrentAsync(work, revision, cancellationToken);
        }
    }

    private async Task NumberAsync(Work work, JsonObject current, long revision, CancellationToken cancellationToken)
    {
        var annotations = ReplicaSetBlueprint.Annotations(work.Deployment, current, revision);
        var spec = new JsonObject();
        if (Number(current, "spec.minReadySeconds") != Number(work.Deployment, "spec.minReadySeconds"))
        {
            spec["minReadySeconds"] = Number(work.Deployment, "spec.minReadySeconds");
        }

        if (spec.Count > 0 || !JsonNode.DeepEquals(annotations, At(current, "metadata.annotations") ?? new JsonObject()))
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations }, ["spec"] = spec };
            work.Replace(current, await Objects.MergeAsync(Types.ReplicaSet, ObjectName.Of(current), patch, cancellationToken));
        }

        if (work.Current is { } numbered)
        {
            work.SetRevision(ReplicaSetBlueprint.RevisionOf(numbered));
        }
    }

    private async Task CreateCurrentAsync(Work work, long revision, CancellationToken cancellationToken)
    {
        var blueprint = ReplicaSetBlueprint.Of(work.Deployment, Rollout.NextOfCurrent(work.Deployment, work.Sets, 0), revision);
        var name = ObjectName.Of(blueprint);
        var replicas = Rollout.Wanted(blueprint);
        if (await Objects.CreateAsync(Types.ReplicaSet, blueprint, cancellationToken) is { } created)
        {
            work.Add(created);
            if (replicas > 0)
            {
                RecordScale(work, "up", name.Name, 0, replicas);
            }
        }
        else if (await Objects.Client.FindObjectAsync(Types.ReplicaSet, name.Namespace, name.Name, cancellationToken) is { } present)
        {
            if (Ownership.ControllerUid(present) != Ownership.Uid(work.Deployment) || !ReplicaSetBlueprint.IsOfTemplate(work.Deployment, present))
            {
                // Another template has the same hash: a new one will be found with this count.
                await Objects.MergeStatusAsync(Types.Deployment, ObjectName.Of(work.Deployment), new JsonObject { ["collisionCount"] = Number(work.Deployment, "status.collisionCount") + 1 }, cancellationToken);
                return;
            }

            present["apiVersion"] = Types.ReplicaSet.ApiVersion;
            present["kind"] = Types.ReplicaSet.Kind;
            work.Add(present);
        }

        work.SetRevision(revision);
        if (DeploymentStatus.HasDeadline(work.Deployment))
        {
            work.SetCondition("True", "NewReplicaSetCreated", $"Created new replica set \"{name.Name}\"", Clock.GetUtcNow());
        }
    }

    private void SetFoundCondition(Work work)
    {
        if (DeploymentStatus.HasDeadline(work.Deployment) && Conditions.Find(work.Deployment, DeploymentStatus.Progressing) is null)
        {
            work.SetCondition("True", "FoundNewReplicaSet", $"Found new replica set \"{Text(work.Current, "metadata.name")}\"", Clock.GetUtcNow());
        }
    }

    // A Deployment that is paused does not progress, and is not late either.
    private void SetPaused(Work work)
    {
        var (reason, isPaused) = (Text(Conditions.Find(work.Deployment, DeploymentStatus.Progressing), "reason"), (bool?)At(work.Deployment, "spec.paused") == true);
        if (DeploymentStatus.HasDeadline(work.Deployment) && reason != DeploymentStatus.TimedOut && isPaused != (reason == DeploymentStatus.Paused))
        {
            work.SetCondition("Unknown", isPaused ? DeploymentStatus.Paused : "DeploymentResumed", isPaused ? "Deployment is paused" : "Deployment is resumed", Clock.GetUtcNow());
        }
    }

    private async Task ScaleAllAsync(Work work, CancellationToken cancellationToken)
    {
        var active = work.Sets.Where(set => Rollout.Wanted(set) > 0).ToList();
        var only = active.Count == 1 ? active[0] : active.Count == 0 ? work.Current ?? work.Sets.MaxBy(Rollout.Created) : null;
        var sizes = only is not null ? [(only, work.Replicas)]
            : work.Current is { } current && IsSaturated(work, current) ? work.Old.Where(set => Rollout.Wanted(set) > 0).Select(set => (set, 0L))
            : Text(work.Deployment, "spec.strategy.type") != "Recreate" ? Rollout.Share(work.Deployment, active) : [];
        foreach (var (set, replicas) in sizes.ToList())
        {
            await ScaleAsync(work, set, replicas, cancellationToken);
        }
    }

    private static bool IsSaturated(Work work, JsonObject set) => Rollout.Wanted(set) == work.Replicas
        && ReplicaSetBlueprint.AnnotatedNumber(set, ReplicaSetBlueprint.DesiredReplicas) == work.Replicas && Number(set, "status.availableReplicas") == work.Replicas;

    private async Task<bool> ScaleAsync(Work work, JsonObject set, long replicas, CancellationToken cancellationToken)
    {
        var (before, annotations) = (Rollout.Wanted(set), At(set, "metadata.annotations")?.DeepClone() as JsonObject ?? []);
        var isAnnotated = ReplicaSetBlueprint.SetReplicaAnnotations(annotations, work.Deployment);
        if (before == replicas && !isAnnotated)
        {
            return false;
        }

        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations, ["resourceVersion"] = Text(set, "metadata.resourceVersion") }, ["spec"] = new JsonObject { ["replicas"] = replicas } };
        work.Replace(set, await Objects.MergeAsync(Types.ReplicaSet, ObjectName.Of(set), patch, cancellationToken));
        if (before != replicas)
        {
            RecordScale(work, before < replicas ? "up" : "down", Text(set, "metadata.name"), before, replicas);
        }

        return before != replicas;
    }

    private void RecordScale(Work work, string direction, string set, long before, long after) =>
        Objects.Record(work.Deployment, "Normal", "ScalingReplicaSet", Invariant($"Scaled {direction} replica set {set} from {before} to {after}"));

    private async Task CleanUpAsync(Work work, CancellationToken cancellationToken)
    {
        if (!DeploymentStatus.IsComplete(work.Deployment, work.Deployment["status"]))
        {
            return;
        }

        var idle = work.Old.Where(set => Rollout.Wanted(set) == 0 && Number(set, "status.replicas") == 0 && !Ownership.IsDeleting(set) && Number(set, "status.observedGeneration") >= Number(set, "metadata.generation")).OrderBy(ReplicaSetBlueprint.RevisionOf).ToList();
        var kept = work.Old.Count() - Number(work.Deployment, "spec.revisionHistoryLimit");
        foreach (var set in idle.Take((int)Math.Max(0, kept)))
        {
            await Objects.DeleteAsync(Types.ReplicaSet, ObjectName.Of(set), cancellationToken, new DeleteRequest { Uid = Ownership.Uid(set) });
            work.Replace(set, null);
        }
    }

    /// <summary>One look at a Deployment: what is known of it, and of its ReplicaSets after each change.</summary>
    private sealed class Work(JsonObject deployment, List<JsonObject> sets)
    {
        // As the server has it.
        private readonly JsonObject _stored = deployment;

        /// <summary>The same, with the conditions and the revision that are still to be written.</summary>
        public JsonObject Deployment { get; private set; } = deployment;

        public List<JsonObject> Sets { get; } = sets;

        public JsonObject? Current { get; set; }

        public IEnumerable<JsonObject> Old => Sets.Where(set => set != Current);

        public long Replicas => Number(Deployment, "spec.replicas");

        public void Add(JsonObject set)
        {
            Sets.Add(set);
            Current = set;
        }

        public void Replace(JsonObject before, JsonObject? after)
        {
            Sets.Remove(before);
            if (after is not null)
            {
                Sets.Add(after);
            }

            Current = Current == before ? after : Current;
        }

        /// <summary>Whether the Deployment has another revision than the server knows.</summary>
        public bool IsNumbered => ReplicaSetBlueprint.RevisionOf(Deployment) != ReplicaSetBlueprint.RevisionOf(_stored);

        /// <summary>The Deployment as the server has it, with its revision.</summary>
        public JsonObject Numbered()
        {
            if (!IsNumbered)
            {
                return _stored;
            }

            var numbered = _stored.DeepClone().AsObject();
            numbered["metadata"]!["annotations"] = At(Deployment, "metadata.annotations")!.DeepClone();
            return numbered;
        }

        public void SetRevision(long revision)
        {
            if (ReplicaSetBlueprint.RevisionOf(Deployment) == revision)
            {
                return;
            }

            var changed = Deployment.DeepClone().AsObject();
            if (At(changed, "metadata.annotations") is not JsonObject annotations)
            {
                changed["metadata"]!["annotations"] = annotations = [];
            }

            annotations[ReplicaSetBlueprint.Revision] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Deployment = changed;
        }

        public void SetCondition(string value, string reason, string message, DateTimeOffset now)
        {
            var changed = Deployment.DeepClone().AsObject();
            if (changed["status"] is not JsonObject status)
            {
                changed["status"] = status = [];
            }

            DeploymentStatus.Set(status, DeploymentStatus.Progressing, value, reason, message, now);
            Deployment = changed;
        }
    }
}
