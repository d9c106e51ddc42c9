using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Replication.Syncthing;

namespace HomelabOps.Core.Operations.Edits;

/// <summary>
/// The commits of operations: claims and nodes of the applications, and the replications that must not write any more or go on again, all
/// in one; and before that of a way home the one that brings the data home.
/// </summary>
internal static class FailoverEdits
{
    /// <summary>The edit for an application that may be moved.</summary>
    public static Task<IRepositoryEdit> MakeAsync(FailoverOptions options, OperationKind kind, FailoverCase item, CancellationToken cancellationToken) =>
        item.Stays ? ReviveAsync(options, new OperationRecord { To = item.To, Apps = [OperationPlan.App(kind, item, null)] }, cancellationToken)
            : MakeAsync(options, [OperationPlan.App(kind, item, null)], item.From, item.To, kind, "", cancellationToken);

    /// <summary>The edit that moves the applications of an operation.</summary>
    public static Task<IRepositoryEdit> MakeAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        var overridden = record.Overridden.Count == 0 ? "" : $"Overridden: {string.Join(", ", record.Overridden)}\n";
        return MakeAsync(options, record.Apps, record.From, record.To, record.Kind, $"\n\n{overridden}{OperationCommit.Line(record.Id)}", cancellationToken);
    }

    /// <summary>All that an operation will change, as one edit.</summary>
    public static async Task<IRepositoryEdit> PreviewAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        if (record.Stays)
        {
            return await ReviveAsync(options, record, cancellationToken);
        }

        var move = await MakeAsync(options, record, cancellationToken);
        return record.Kind == OperationKind.Failback ? new CombinedEdit(move.Message, await ReviveAsync(options, record, cancellationToken), move) : move;
    }

    /// <summary>The edit that lets the Syncthings of both sides talk again, each with the ID and the address that the other has now.</summary>
    /// <exception cref="HomelabException">FailbackPeerUnknown.</exception>
    public static async Task<IRepositoryEdit> ReviveAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        var wishes = (await PeersAsync(options, record, cancellationToken)).Where(entry => entry.Check.HasDrifted)
            .Select(entry => ReplicationWish.Revive(entry.Source with { Cluster = null }, entry.Check.Expected!)).ToList();
        return new ReplicationEdit($"Replicate {string.Join(", ", record.Apps.Select(app => app.Name))} to {record.To} again\n\n{OperationCommit.ReplicationLine(record.Id)}", wishes);
    }

    /// <summary>The Syncthings that are to talk again, with what each names and what it ought to name.</summary>
    /// <exception cref="HomelabException">FailbackPeerUnknown: one does not say who it is.</exception>
    public static async Task<IReadOnlyList<(ResourceReference Source, PeerCheck Check)>> PeersAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        var sources = record.References(options.Client.Name, app => app.Revived);
        if (sources.Count == 0)
        {
            return [];
        }

        var found = await SyncthingTargets.FindAsync(options.Client, new() { References = sources, Config = options.Config }, cancellationToken);
        var checks = found.Targets.ToDictionary(target => target.Source, target => target.Peers);
        return sources.ConvertAll(source => checks.GetValueOrDefault(source) is { Expected: { Address.Length: > 0 } } check ? (source, check) : throw Errors.FailbackPeerUnknown(source));
    }

    private static async Task<IRepositoryEdit> MakeAsync(FailoverOptions options, IReadOnlyList<OperationApp> apps, string from, string to, OperationKind kind, string body, CancellationToken cancellationToken)
    {
        var (old, other) = (await NodeAsync(options.Client, from, cancellationToken), await NodeAsync(options.Client, to, cancellationToken));
        var move = new AppMove { From = old, To = other ?? throw Errors.ObjectNotFound(options.Client.Name, "Node", "node", to, null) };
        var moves = apps.Select(IRepositoryEdit (app) => new MoveAppEdit(
            new AppTarget { App = new ResourcePattern($"{app.Kind}/{app.Namespace}/{app.Name}"), Patterns = options.Patterns },
            move with { Claims = app.Claims }));
        var subject = $"{(kind == OperationKind.Failback ? "Fail back" : "Fail over")} {string.Join(", ", apps.Select(app => app.Name))} to {to}";
        List<ReplicationWish> wishes = [.. Of(apps, app => app.Writers).Select(ReplicationWish.Silence), .. Of(apps, app => app.Halted).Select(halted => ReplicationWish.Revive(halted))];
        return new CombinedEdit(subject + body, wishes.Count == 0 ? [.. moves] : [.. moves, new ReplicationEdit(subject, wishes)]);
    }

    private static IEnumerable<ResourceReference> Of(IReadOnlyList<OperationApp> apps, Func<OperationApp, IEnumerable<OperationObject>> which) =>
        apps.SelectMany(which).DistinctBy(item => item.ToString()).Select(item => item.Reference(null));

    private static async Task<MoveNode?> NodeAsync(ClusterClient client, string name, CancellationToken cancellationToken)
    {
        await foreach (var node in client.ListAsync(ResourceType.Node, new ListQuery { FieldSelector = $"metadata.name={name}" }, WireContext.Default.NodeWire, cancellationToken: cancellationToken))
        {
            return new(name, node.Metadata.Labels ?? []);
        }

        return null;
    }
}
