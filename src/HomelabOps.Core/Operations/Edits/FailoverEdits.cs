using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations.Edits;

/// <summary>The commit of a failover: claims and nodes of the applications, and the replications that must not write any more, all in one.</summary>
internal static class FailoverEdits
{
    /// <summary>The edit for an application that may be moved.</summary>
    public static Task<IRepositoryEdit> MakeAsync(FailoverOptions options, FailoverCase item, CancellationToken cancellationToken) =>
        MakeAsync(options, [OperationPlan.App(item, null)], item.From, item.To, "", cancellationToken);

    /// <summary>The edit of an operation.</summary>
    public static Task<IRepositoryEdit> MakeAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        var overridden = record.Overridden.Count == 0 ? "" : $"Overridden: {string.Join(", ", record.Overridden)}\n";
        return MakeAsync(options, record.Apps, record.From, record.To, $"\n\n{overridden}{OperationCommit.Line(record.Id)}", cancellationToken);
    }

    private static async Task<IRepositoryEdit> MakeAsync(FailoverOptions options, IReadOnlyList<OperationApp> apps, string from, string to, string body, CancellationToken cancellationToken)
    {
        var (old, other) = (await NodeAsync(options.Client, from, cancellationToken), await NodeAsync(options.Client, to, cancellationToken));
        var move = new AppMove { From = old, To = other ?? throw Errors.ObjectNotFound(options.Client.Name, "Node", "node", to, null) };
        var moves = apps.Select(IRepositoryEdit (app) => new MoveAppEdit(
            new AppTarget { App = new ResourcePattern($"{app.Kind}/{app.Namespace}/{app.Name}"), Patterns = options.Patterns },
            move with { Claims = app.Claims }));
        var writers = apps.SelectMany(app => app.Writers).DistinctBy(writer => writer.ToString()).Select(writer => ReplicationWish.Silence(writer.Reference(null))).ToList();
        var subject = $"Fail over {string.Join(", ", apps.Select(app => app.Name))} to {to}";
        return new CombinedEdit(subject + body, writers.Count == 0 ? [.. moves] : [.. moves, new ReplicationEdit(subject, writers)]);
    }

    private static async Task<MoveNode?> NodeAsync(ClusterClient client, string name, CancellationToken cancellationToken)
    {
        await foreach (var node in client.ListAsync(ResourceType.Node, new ListQuery { FieldSelector = $"metadata.name={name}" }, WireContext.Default.NodeWire, cancellationToken: cancellationToken))
        {
            return new(name, node.Metadata.Labels ?? []);
        }

        return null;
    }
}
