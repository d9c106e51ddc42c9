using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Tracing;

/// <summary>Follows objects to where they come from: owners, HelmRelease, Kustomization, its parents, source, commit, file and line.</summary>
internal sealed class FluxTracer
{
    private readonly ClusterClient _client;
    private readonly ObjectShelf _shelf;
    private readonly ApplierFinder _appliers;
    private readonly TracedRepository _repository;

    // What applies hundreds of objects is read once.
    private readonly Dictionary<JsonObject, FluxResource> _mapped = [];

    /// <param name="client">The cluster.</param>
    /// <param name="repository">The clone that the cluster follows.</param>
    public FluxTracer(ClusterClient client, TracedRepository repository)
    {
        (_client, _repository) = (client, repository);
        _shelf = new(client, type => !FluxKind.Groups.Contains(type.Group));
        _appliers = new(client, _shelf);
    }

    /// <summary>Gives a trace for each object, while they arrive.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which objects.</param>
    /// <param name="repository">Folder of the clone that the cluster follows; null when none is known.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<FluxTrace>> ReadAsync(ClusterClient client, RawObjectQuery query, string? repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var traced = new TracedRepository(repository);
        var tracer = new FluxTracer(client, traced);
        if (query.Kind is null)
        {
            query = query with { Objects = query.Objects with { Names = await FluxKindNames.SpellAsync(client, query.Objects.Names, cancellationToken) } };
        }

        await foreach (var item in ObjectReader.ReadAsync(client, query, cancellationToken))
        {
            if (item.Notice is { } notice)
            {
                yield return notice;
            }
            else
            {
                yield return await tracer.TraceAsync(JsonObject.Create(item.Value!.Json)!, cancellationToken);
            }
        }
    }

    /// <summary>The trace of one object.</summary>
    /// <param name="item">The object, with its apiVersion and kind.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<FluxTrace> TraceAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        var chain = await _appliers.ClimbAsync(item, notes, cancellationToken);
        var trace = new FluxTrace
        {
            Cluster = _client.Name,
            Kind = chain[0].Key.Kind,
            Namespace = chain[0].Key.Namespace,
            Name = chain[0].Key.Name,
            Owners = [.. chain.Skip(1).Select(link => link.Key.Reference(_client.Name))],
        };
        if (await _appliers.FindAsync(chain, notes, cancellationToken) is not { } applied)
        {
            notes.Insert(0, Errors.Text("Detail_TraceUnmanaged"));
            return trace with { Notes = notes };
        }

        trace = trace with { InInventory = applied.IsListed };
        if (applied.Applier.Kind == FluxKind.HelmRelease)
        {
            (trace, applied) = await ThroughReleaseAsync(trace, applied, notes, cancellationToken);
        }

        if (applied.Applier.Kind == FluxKind.Kustomization)
        {
            trace = await ThroughKustomizationAsync(trace, applied, notes, cancellationToken);
        }

        return trace with { Notes = notes };
    }

    // A chart may itself bring HelmReleases; what Git has is the topmost of them.
    private async Task<(FluxTrace Trace, AppliedObject Applied)> ThroughReleaseAsync(FluxTrace trace, AppliedObject applied, List<string> notes, CancellationToken cancellationToken)
    {
        trace = trace with { HelmRelease = applied.Applier };
        var seen = new HashSet<ResourceReference>();
        while (applied.Applier.Kind == FluxKind.HelmRelease && seen.Add(applied.Applier))
        {
            var key = FluxKind.ApplierKey(applied.Applier)!;
            var entry = await _shelf.FindAsync(key, cancellationToken);
            if (entry.Json is not { } json)
            {
                notes.Add(_appliers.Absence(key, entry));
                break;
            }

            var release = (FluxHelmRelease)FluxMapper.Map(json, _client.Name);
            if (seen.Count == 1)
            {
                trace = trace with { Chart = release.Version is null ? release.Chart : $"{release.Chart}@{release.Version}", ChartSource = release.Source };
            }

            if (release.Owner is { } owner)
            {
                applied = new(key, owner, null);
                continue;
            }

            var source = await SourceAsync(release.Source, notes, cancellationToken);
            trace = trace with { Source = release.Source, SourceUrl = source?.Record.Url, Revision = release.Revision };
            notes.Add(Errors.Text("Detail_TraceReleaseUnmanaged", release.Reference));
            break;
        }

        return (trace, applied);
    }

    private async Task<FluxTrace> ThroughKustomizationAsync(FluxTrace trace, AppliedObject applied, List<string> notes, CancellationToken cancellationToken)
    {
        trace = trace with { Kustomization = applied.Applier };
        var key = FluxKind.ApplierKey(applied.Applier)!;
        var entry = await _shelf.FindAsync(key, cancellationToken);
        if (entry.Json is not { } json)
        {
            notes.Add(_appliers.Absence(key, entry));
            return trace;
        }

        var kustomization = (FluxKustomization)Map(json);
        AddState(kustomization, notes);
        var source = await SourceAsync(kustomization.Source, notes, cancellationToken);
        var origin = GitOrigin.Of(json, kustomization, source?.Json);
        trace = trace with
        {
            Parents = await ParentsAsync(kustomization, notes, cancellationToken),
            Source = kustomization.Source,
            SourceUrl = source?.Record.Url,
            Revision = kustomization.Revision,
            Commit = origin.Commit,
        };
        return _repository.Complete(trace, json, applied.Key, origin, notes);
    }

    private FluxResource Map(JsonObject json)
    {
        ref var mapped = ref CollectionsMarshal.GetValueRefOrAddDefault(_mapped, json, out _);
        return mapped ??= FluxMapper.Map(json, _client.Name);
    }

    private static void AddState(FluxKustomization kustomization, List<string> notes)
    {
        if (kustomization.Suspended)
        {
            notes.Add(Errors.Text("Detail_TraceSuspended", kustomization.Reference));
        }

        if (kustomization.Revision is null)
        {
            notes.Add(Errors.Text("Detail_TraceNotApplied", kustomization.Reference, kustomization.Message));
        }
        else if (kustomization.AttemptedRevision is { } attempted && attempted != kustomization.Revision)
        {
            notes.Add(Errors.Text("Detail_TraceBehind", kustomization.Reference, Display.Revision(attempted), kustomization.Message));
        }
    }

    // The root applies itself, and ends the chain by that.
    private async Task<IReadOnlyList<ResourceReference>> ParentsAsync(FluxResource child, List<string> notes, CancellationToken cancellationToken)
    {
        var (parents, seen) = (new List<ResourceReference>(), new HashSet<ResourceReference> { child.Reference });
        for (var owner = child.Owner; owner is not null && seen.Add(owner);)
        {
            parents.Add(owner);
            var key = FluxKind.ApplierKey(owner)!;
            var entry = await _shelf.FindAsync(key, cancellationToken);
            if (entry.Json is null)
            {
                notes.Add(_appliers.Absence(key, entry));
                break;
            }

            var parent = Map(entry.Json);
            if (parent.Suspended)
            {
                notes.Add(Errors.Text("Detail_TraceSuspended", parent.Reference));
            }

            owner = parent.Owner;
        }

        return parents;
    }

    private async Task<(FluxSource Record, JsonObject Json)?> SourceAsync(ResourceReference? reference, List<string> notes, CancellationToken cancellationToken)
    {
        if (reference is null)
        {
            return null;
        }

        var key = new ObjectKey(FluxKind.SourceGroup, reference.Kind, reference.Namespace, reference.Name);
        var entry = await _shelf.FindAsync(key, cancellationToken);
        if (entry.Json is null)
        {
            notes.Add(_appliers.Absence(key, entry));
        }

        return entry.Json is not null && Map(entry.Json) is FluxSource source ? (source, entry.Json) : null;
    }
}
