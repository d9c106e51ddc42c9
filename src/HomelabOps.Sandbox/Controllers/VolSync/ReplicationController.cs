using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Leads ReplicationSources, or ReplicationDestinations, from run to run.</summary>
internal sealed class ReplicationController : Controller
{
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(5);

    private readonly ResourceType _type;
    private readonly Informer _owners;
    private readonly VolSyncInformers _cluster;
    private readonly ReplicationWorld _world;
    private readonly VolSyncOptions _options;
    private readonly Dictionary<string, IMover> _movers;

    /// <param name="host">What all controllers share.</param>
    /// <param name="type">Sources or destinations.</param>
    /// <param name="cluster">What the movers read.</param>
    /// <param name="world">What the movers find.</param>
    /// <param name="options">How VolSync runs.</param>
    public ReplicationController(ControllerHost host, ResourceType type, VolSyncInformers cluster, ReplicationWorld world, VolSyncOptions options)
        : base(host, VolSyncNames.Manager, options.Tenure)
    {
        (_type, _cluster, _world, _options) = (type, cluster, world, options);
        _movers = new(StringComparer.Ordinal)
        {
            ["rsync"] = new RsyncMover(isTls: false),
            ["rsyncTLS"] = new RsyncMover(isTls: true),
            ["rclone"] = new RcloneMover(),
            ["restic"] = new ResticMover(),
        };
        if (IsSource)
        {
            _movers["syncthing"] = new SyncthingMover();
        }

        _owners = Watch(type);
        foreach (var owned in cluster.Owned)
        {
            Watch(owned.Type, OwnersOf);
        }

        Watch(ResourceType.Pod, ConcernedByPod);
        Watch(Types.PersistentVolumeClaim, item => UsersOf(ObjectName.Of(item)));
        Watch(Types.Secret, item => _owners.In(Text(item, "metadata.namespace")).Where(owner => Items(owner, "status.conditions").Any(condition => Text(condition, "reason") == "Error")).Select(ObjectName.Of));
        Watch(ResourceType.Namespace, item => _owners.In(Text(item, "metadata.name")).Select(ObjectName.Of));
        world.OnChange(Enqueue);
    }

    protected override int Workers => 4;

    private bool IsSource => _type == Types.ReplicationSource;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (!_options.Covers(name.Namespace) || _owners.Find(name) is not { } present)
        {
            if (IsSource)
            {
                _world.Syncthing.Remove(name);
            }

            return null;
        }

        if (At(present, "metadata.deletionTimestamp") is not null)
        {
            return null;
        }

        var owner = present.DeepClone().AsObject();
        if (owner["status"] is not JsonObject status)
        {
            owner["status"] = status = [];
        }

        var machine = new ReplicationMachine(owner, status, Clock.GetUtcNow());
        var again = default(TimeSpan?);
        try
        {
            again = await StepAsync(owner, machine, cancellationToken);
        }
        catch (MoverException error)
        {
            machine.Fail(error.Message);
            again = AfterError;
        }

        if (!JsonNode.DeepEquals(status, present["status"] ?? new JsonObject()))
        {
            await Objects.ReplaceStatusAsync(_type, owner, cancellationToken);
        }

        return again;
    }

    private async Task<TimeSpan?> StepAsync(JsonObject owner, ReplicationMachine machine, CancellationToken cancellationToken)
    {
        var spec = owner["spec"] as JsonObject ?? [];
        var methods = _movers.Keys.Where(method => spec[method] is JsonObject).ToArray();
        if (methods.Length + (spec["external"] is JsonObject ? 1 : 0) > 1)
        {
            throw new MoverException("only one replication method can be supplied");
        }

        if (methods.Length == 0)
        {
            return spec["external"] is JsonObject ? null : throw new MoverException($"a replication method must be specified - enabled movers: [{string.Join(' ', _movers.Keys)}]");
        }

        var context = new MoverContext(owner, methods[0], IsSource, _cluster, new(Objects, _type, owner), Objects.Client, _world, _options, Clock.GetUtcNow());
        var mover = _movers[methods[0]];
        _world.SetMissed(context.Key, machine.HasMissed);
        if (machine.IsInitial)
        {
            machine.Begin();
        }

        if (machine.IsSynchronizing)
        {
            var result = await mover.SynchronizeAsync(context, cancellationToken);
            if (result.Image is not null)
            {
                context.Status["latestImage"] = result.Image;
            }

            if (result.IsComplete)
            {
                machine.Complete();
            }
            else
            {
                machine.SetRunning();
            }

            return result.RetryAfter;
        }

        await mover.CleanUpAsync(context, cancellationToken);
        return machine.Rest() is { } wait ? wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1) : null;
    }

    private IEnumerable<ObjectName> OwnersOf(JsonObject item) => Items(item, "metadata.ownerReferences")
        .Where(owner => Text(owner, "kind") == _type.Kind && Text(owner, "apiVersion") == _type.ApiVersion)
        .Select(owner => new ObjectName(Text(item, "metadata.namespace"), Text(owner, "name")));

    // Most changes of most pods have nothing to do with volumes that are replicated.
    private IEnumerable<ObjectName> ConcernedByPod(ObjectChange change)
    {
        if (change is ({ } before, { } after) && State(before) == State(after))
        {
            return [];
        }

        var pod = change.Latest;
        return VolSyncNames.SyncthingSourceOf(pod) is { } source ? [new(Text(pod, "metadata.namespace"), source)] : ClaimUsers.ClaimsOf(pod).SelectMany(UsersOf);
    }

    private IEnumerable<ObjectName> UsersOf(ObjectName claim) => _owners.In(claim.Namespace)
        .Where(owner => (IsSource ? Text(owner, "spec.sourcePVC") : (owner["spec"] as JsonObject ?? []).Select(field => Text(field.Value, "destinationPVC")).FirstOrDefault(name => name.Length > 0)) == claim.Name)
        .Select(ObjectName.Of);

    private static (string, string, bool, string) State(JsonObject pod) => (
        Text(pod, "status.phase"),
        Text(pod, "spec.nodeName"),
        At(pod, "metadata.deletionTimestamp") is not null,
        Text(Conditions.Find(pod, "Ready"), "status"));
}
