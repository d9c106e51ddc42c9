using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Keeps the numbered pods of a StatefulSet, each with its own claims: one after the other upwards, and back in reverse.</summary>
internal sealed class StatefulSetController : Controller
{
    private const string Revision = "controller-revision-hash";
    private readonly Informer _sets;
    private readonly Informer _pods;
    private readonly Informer _claims;
    private readonly PodChanges _changes;
    private readonly Adoption _adoption;
    private readonly RevisionHistory _history;

    public StatefulSetController(ControllerHost host)
        : base(host, "statefulset-controller")
    {
        _changes = new PodChanges(host, Objects, Types.StatefulSet);
        _sets = Watch(Types.StatefulSet);
        _pods = Watch(ResourceType.Pod, OfPod);
        _claims = host.Informer(Types.PersistentVolumeClaim);
        var revisions = host.Informer(Types.ControllerRevision);
        _ = (_pods.ByController, revisions.ByController);
        _adoption = new(Objects, _pods);
        _history = new(Objects, revisions, Types.StatefulSet, "controller.kubernetes.io/hash");
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_sets.Find(name) is not { } set || Ownership.IsDeleting(set) || !_changes.Expectations.AreMet(Ownership.Uid(set)))
        {
            return null;
        }

        var known = await _history.SyncAsync(set, cancellationToken);
        var former = known.All.FirstOrDefault(item => NameOf(item) == Text(set, "status.currentRevision")) ?? known.Present;
        var own = await _adoption.ClaimAsync(Types.StatefulSet, set, cancellationToken, pod => Ordinal(set, pod) >= 0);
        var pods = own.Where(pod => Ordinal(set, pod) >= 0).ToDictionary(pod => Ordinal(set, pod));
        HomelabException? failure = null;
        try
        {
            await StepAsync(set, pods, (former, known.Present), cancellationToken);
        }
        catch (HomelabException error)
        {
            failure = error;
        }

        // Its status tells what was seen, also where a pod was refused.
        await Objects.SetStatusAsync(Types.StatefulSet, set, Status(set, pods, (NameOf(former), NameOf(known.Present)), known.Collisions), cancellationToken);
        await _history.TruncateAsync(set, known, item => item == former || pods.Values.Any(pod => RevisionOf(pod) == NameOf(item)), cancellationToken);
        return failure is null ? null : throw failure;
    }

    // One change at a time, unless the pods may be managed in parallel.
    private async Task StepAsync(JsonObject set, Dictionary<int, JsonObject> pods, (JsonObject Former, JsonObject Present) revisions, CancellationToken cancellationToken)
    {
        var (wanted, isParallel) = ((int)Number(set, "spec.replicas"), Text(set, "spec.podManagementPolicy") == "Parallel");
        for (var ordinal = 0; ordinal < wanted; ordinal++)
        {
            if (!pods.TryGetValue(ordinal, out var pod))
            {
                await CreateClaimsAsync(set, ordinal, cancellationToken);
                await _changes.CreateAsync(set, Pod(set, ordinal, IsKept(set, ordinal) ? revisions.Former : revisions.Present), cancellationToken);
            }
            else if (PodState.HasEnded(pod) && !Ownership.IsDeleting(pod))
            {
                await _changes.DeleteAsync(set, pod, cancellationToken);
            }

            if (!isParallel && (pod is null || !Conditions.IsReady(pod) || Ownership.IsDeleting(pod)))
            {
                return;
            }
        }

        foreach (var (_, pod) in pods.Where(pod => pod.Key >= wanted).OrderByDescending(pod => pod.Key))
        {
            if (!Ownership.IsDeleting(pod))
            {
                await _changes.DeleteAsync(set, pod, cancellationToken);
            }

            if (!isParallel)
            {
                return;
            }
        }

        await UpdateAsync(set, pods, wanted, NameOf(revisions.Present), cancellationToken);
    }

    // From the highest number down, each when those above are ready again.
    private async Task UpdateAsync(JsonObject set, Dictionary<int, JsonObject> pods, int wanted, string revision, CancellationToken cancellationToken)
    {
        if (!IsRolling(set))
        {
            return;
        }

        for (var ordinal = wanted - 1; ordinal >= Number(set, "spec.updateStrategy.rollingUpdate.partition"); ordinal--)
        {
            if (!pods.TryGetValue(ordinal, out var pod) || Ownership.IsDeleting(pod))
            {
                return;
            }

            if (RevisionOf(pod) != revision)
            {
                await _changes.DeleteAsync(set, pod, cancellationToken);
                return;
            }

            if (!Conditions.IsReady(pod))
            {
                return;
            }
        }
    }

    private async Task CreateClaimsAsync(JsonObject set, int ordinal, CancellationToken cancellationToken)
    {
        foreach (var template in Items(set, "spec.volumeClaimTemplates"))
        {
            var name = new ObjectName(Text(set, "metadata.namespace"), ClaimName(set, template, ordinal));
            if (_claims.Find(name) is null)
            {
                var claim = template.DeepClone().AsObject();
                claim.Remove("status");
                claim["metadata"]!["name"] = name.Name;
                claim["metadata"]!["namespace"] = name.Namespace;
                claim["metadata"]!["labels"] = (At(set, "spec.selector.matchLabels") as JsonObject ?? []).DeepClone();
                if (await Objects.CreateAsync(Types.PersistentVolumeClaim, claim, cancellationToken) is not null)
                {
                    Objects.Record(set, "Normal", "SuccessfulCreate", $"create Claim {name.Name} Pod {PodName(set, ordinal)} in StatefulSet {Text(set, "metadata.name")} success");
                }
            }
        }
    }

    private static bool IsRolling(JsonObject set) => Text(set, "spec.updateStrategy.type", "RollingUpdate") == "RollingUpdate";

    // Below the partition a pod stays of the former template, also one that is made anew.
    private static bool IsKept(JsonObject set, int ordinal) => IsRolling(set) && ordinal < Number(set, "spec.updateStrategy.rollingUpdate.partition");

    private static JsonObject Pod(JsonObject set, int ordinal, JsonObject revision)
    {
        var pod = PodBlueprint.Of(Types.StatefulSet, set, RevisionHistory.Template(revision), PodName(set, ordinal));
        var metadata = pod["metadata"]!.AsObject();
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[Revision] = NameOf(revision);
        labels["statefulset.kubernetes.io/pod-name"] = PodName(set, ordinal);
        labels["apps.kubernetes.io/pod-index"] = ordinal.ToString(CultureInfo.InvariantCulture);
        var spec = pod["spec"]!.AsObject();
        spec["hostname"] = PodName(set, ordinal);
        spec["subdomain"] = Text(set, "spec.serviceName");
        var templates = Items(set, "spec.volumeClaimTemplates").ToList();
        var others = Items(spec, "volumes").Where(volume => !templates.Exists(template => Text(template, "metadata.name") == Text(volume, "name"))).Select(volume => volume.DeepClone());
        var own = templates.Select(template => new JsonObject
        {
            ["name"] = Text(template, "metadata.name"),
            ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = ClaimName(set, template, ordinal) },
        });
        spec["volumes"] = new JsonArray([.. own, .. others]);
        return pod;
    }

    private static JsonObject Status(JsonObject set, Dictionary<int, JsonObject> pods, (string Former, string Present) revisions, long collisions)
    {
        var live = pods.Values.Where(PodState.IsActive).ToList();
        var (updated, ready) = (live.Count(pod => RevisionOf(pod) == revisions.Present), live.Count(Conditions.IsReady));

        // Where pods are only replaced when somebody deletes them, the former revision stays the current one.
        var isComplete = IsRolling(set) && updated == Number(set, "spec.replicas") && ready == updated && live.Count == updated;
        return new()
        {
            ["observedGeneration"] = Number(set, "metadata.generation"),
            ["replicas"] = live.Count,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
            ["updatedReplicas"] = updated,
            ["currentReplicas"] = isComplete ? updated : live.Count(pod => RevisionOf(pod) == revisions.Former),
            ["currentRevision"] = isComplete ? revisions.Present : revisions.Former,
            ["updateRevision"] = revisions.Present,
            ["collisionCount"] = collisions,
        };
    }

    private static string NameOf(JsonObject item) => Text(item, "metadata.name");

    private static string? RevisionOf(JsonObject pod) => (string?)Selection.Labels(pod)?[Revision];

    private static string PodName(JsonObject set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{Text(set, "metadata.name")}-{ordinal}");

    private static string ClaimName(JsonObject set, JsonObject template, int ordinal) => $"{Text(template, "metadata.name")}-{PodName(set, ordinal)}";

    private static int Ordinal(JsonObject set, JsonObject pod) =>
        Text(pod, "metadata.name") is var name && name.StartsWith(Text(set, "metadata.name") + "-", StringComparison.Ordinal)
            && int.TryParse(name[(Text(set, "metadata.name").Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) && name == PodName(set, ordinal) ? ordinal : -1;

    private IEnumerable<ObjectName> OfPod(ObjectChange change)
    {
        _changes.Expectations.Observe(change);
        return Ownership.ControllerOf(change.Latest) is { } owner && Text(owner, "kind") == "StatefulSet" ? [new(Text(change.Latest, "metadata.namespace"), Text(owner, "name"))] : [];
    }
}
