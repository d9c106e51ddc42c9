using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Keeps as many pods of a ReplicaSet as it asks for, or of a ReplicationController, which came before it.</summary>
internal sealed class ReplicaSetController : Controller
{
    private const int Burst = 500;
    private const int Together = 16;

    private readonly ResourceType _type;
    private readonly Informer _sets;
    private readonly Informer _pods;
    private readonly Adoption _adoption;
    private readonly PodChanges _changes;

    public ReplicaSetController(ControllerHost host, ResourceType type)
        : base(host, type == Types.ReplicaSet ? "replicaset-controller" : "replication-controller")
    {
        _type = type;
        _changes = new PodChanges(host, Objects, type);
        _sets = Watch(type, OfSet);
        _pods = Watch(ResourceType.Pod, OfPod);
        _ = (_pods.ByController, _sets.ByController);
        _adoption = new Adoption(Objects, _pods);
    }

    protected override int Workers => 4;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_sets.Find(name) is not { } set || !_changes.Expectations.AreMet(Ownership.Uid(set)))
        {
            return null;
        }

        var pods = (await _adoption.ClaimAsync(_type, set, cancellationToken, pod => !PodState.HasEnded(pod))).Where(PodState.IsActive).ToList();
        HomelabException? failure = null;
        if (!Ownership.IsDeleting(set))
        {
            try
            {
                await ScaleAsync(set, pods, cancellationToken);
                pods = [.. _pods.ByController[Ownership.Uid(set)].Where(PodState.IsActive)];
            }
            catch (HomelabException error)
            {
                failure = error;
            }
        }

        var now = Clock.GetUtcNow();
        var reason = Number(set, "spec.replicas") > pods.Count ? "FailedCreate" : "FailedDelete";
        await Objects.SetStatusAsync(_type, set, ReplicaSetStatus.Of(set, pods, failure is null ? null : (reason, failure.ServerText ?? failure.Message), now), cancellationToken);
        if (failure is not null)
        {
            throw failure;
        }

        return PodState.UntilAvailable(pods, Number(set, "spec.minReadySeconds"), now);
    }

    private IEnumerable<ObjectName> OfSet(ObjectChange change)
    {
        if (change.After is null)
        {
            _changes.Forget(Ownership.Uid(change.Latest));
        }

        return [ObjectName.Of(change.Latest)];
    }

    private IEnumerable<ObjectName> OfPod(ObjectChange change)
    {
        _changes.Expectations.Observe(change);
        var found = new HashSet<ObjectName>();
        foreach (var pod in new[] { change.Before, change.After }.OfType<JsonObject>())
        {
            var @namespace = Text(pod, "metadata.namespace");
            if (Ownership.ControllerOf(pod) is { } owner)
            {
                if (Text(owner, "kind") == _type.Kind)
                {
                    found.Add(new(@namespace, Text(owner, "name")));
                }
            }
            else
            {
                // Somebody may want to adopt it.
                found.UnionWith(_sets.In(@namespace).Where(set => Selection.Fits(Selection.Of(_type, set), Selection.Labels(pod))).Select(ObjectName.Of));
            }
        }

        return found;
    }

    private async Task ScaleAsync(JsonObject set, List<JsonObject> pods, CancellationToken cancellationToken)
    {
        var missing = (int)Number(set, "spec.replicas") - pods.Count;
        if (missing > 0)
        {
            await CreateAsync(set, Math.Min(missing, Burst), cancellationToken);
        }
        else if (missing < 0)
        {
            var victims = DeletionRanking.Victims(pods, Related(set), Math.Min(-missing, Burst)).ToList();
            foreach (var batch in victims.Chunk(Together))
            {
                await Task.WhenAll(batch.Select(pod => _changes.DeleteAsync(set, pod, cancellationToken)));
            }
        }
    }

    // Few at first: what refuses one pod refuses all.
    private async Task CreateAsync(JsonObject set, int count, CancellationToken cancellationToken)
    {
        var template = At(set, "spec.template");
        var size = 1;
        for (var done = 0; done < count; done += size, size = Math.Min(size * 2, Together))
        {
            size = Math.Min(size, count - done);
            await Task.WhenAll(Enumerable.Range(0, size).Select(async _ =>
            {
                while (await _changes.CreateAsync(set, PodBlueprint.Of(_type, set, template, _changes.NextName(set, _pods, $"{Text(set, "metadata.name")}-")), cancellationToken) is null)
                {
                    // The name is taken by a pod that the watch does not show yet.
                }
            }));
        }
    }

    private IEnumerable<JsonObject> Related(JsonObject set) =>
        (Ownership.ControllerUid(set) is { Length: > 0 } owner ? _sets.ByController[owner] : [set]).SelectMany(item => _pods.ByController[Ownership.Uid(item)]).Where(PodState.IsActive);
}
