using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Base of Flux' controllers: which objects are theirs, suspension, intervals, and how a status is written.</summary>
internal abstract class FluxController : Controller
{
    /// <summary>The annotation by which a reconciliation is asked for.</summary>
    public const string RequestedAt = "reconcile.fluxcd.io/requestedAt";

    private readonly string _name;
    private readonly FluxOptions _options;

    /// <param name="host">What all controllers share.</param>
    /// <param name="name">The controller, such as <c>kustomize-controller</c>.</param>
    /// <param name="type">What it reconciles.</param>
    /// <param name="options">Which objects are theirs.</param>
    protected FluxController(ControllerHost host, string name, ResourceType type, FluxOptions options)
        : base(host, name, options.TenureOf(name))
    {
        (_name, _options, Type) = (name, options, type);
        Informer = Watch(type, Concerned);
        options.World.Changed += LookAtAll;
        if (Tenure is not null)
        {
            Tenure.Begun += LookAtAll;
        }
    }

    protected ResourceType Type { get; }

    protected Informer Informer { get; }

    protected FluxWorld World => _options.World;

    public override async ValueTask DisposeAsync()
    {
        _options.World.Changed -= LookAtAll;
        if (Tenure is not null)
        {
            Tenure.Begun -= LookAtAll;
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An attempt at one object that is there and not suspended.</summary>
    /// <returns>When to try again.</returns>
    protected abstract Task<TimeSpan?> AttemptAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken);

    /// <summary>An object that was deleted, or is about to be.</summary>
    protected virtual Task EndAsync(ObjectName name, JsonObject? item, CancellationToken cancellationToken) => Task.CompletedTask;

    protected sealed override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (!_options.IsOurs(name.Namespace) || World.IsStopped(_name))
        {
            return null;
        }

        // Asked once: one that appears in between is not about to go.
        var item = Informer.Find(name);
        if (item is null || item["metadata"]?["deletionTimestamp"] is not null)
        {
            await EndAsync(name, item, cancellationToken);
            return null;
        }

        // Suspended objects keep every field of their status.
        if (item["spec"]?["suspend"]?.GetValue<bool>() == true)
        {
            return null;
        }

        var (status, attempt, started) = (new FluxStatus(item, Clock), _options.Log.NewAttempt(Host.Seed), Clock.GetTimestamp());
        var again = await AttemptAsync(item, status, cancellationToken);
        foreach (var line in FluxLines.Of(Type, item, status, Clock.GetElapsedTime(started), again))
        {
            _options.Log.Write(_name, Clock.GetUtcNow(), line.Level, line.Message, Type, name, attempt, line.Further);
        }

        return again;
    }

    /// <summary>Writes what has changed of a status.</summary>
    protected async Task WriteAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        if (status.Changes() is { } changes)
        {
            await Objects.MergeStatusAsync(Type, ObjectName.Of(item), changes, cancellationToken);
            status.Written();
        }
    }

    /// <summary>A duration of a spec.</summary>
    protected static TimeSpan Interval(JsonObject item, string field, TimeSpan absent) => Cells.Text(item, "spec." + field) is { Length: > 0 } text && GoDuration.Parse(text) is { } time && time > TimeSpan.Zero ? time : absent;

    // A status of our own making is no reason to look again; a change of spec or annotations is.
    private static IEnumerable<ObjectName> Concerned(ObjectChange change)
    {
        if (change is { Before: { } before, After: { } after } && Same("generation") && JsonNode.DeepEquals(before["metadata"]?["annotations"], after["metadata"]?["annotations"]) && Same("deletionTimestamp"))
        {
            yield break;
        }

        yield return ObjectName.Of(change.Latest);

        bool Same(string field) => JsonNode.DeepEquals(change.Before!["metadata"]?[field], change.After!["metadata"]?[field]);
    }

    private void LookAtAll(object? sender, EventArgs change)
    {
        foreach (var item in Informer.All)
        {
            Enqueue(ObjectName.Of(item));
        }
    }
}
