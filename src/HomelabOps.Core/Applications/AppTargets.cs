using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Applications;

/// <summary>The applications that something was asked for.</summary>
internal sealed record AppTargets(IReadOnlyList<HomelabApp> Targets, IReadOnlyList<Notice> Notices)
{
    /// <summary>Finds what was asked for. A literal name must mean one application; a wildcard or a reference may mean several.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="names">Names as typed, and references.</param>
    /// <param name="query">Namespaces for the names that were typed, and settings.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<AppTargets> FindAsync(ClusterClient client, IReadOnlyList<ResourcePattern> names, AppQuery query, CancellationToken cancellationToken)
    {
        names = [.. names.Select(WorkloadKindNames.Spell)];
        var (targets, notices) = (new List<HomelabApp>(), new List<Notice>());
        foreach (var group in names.GroupBy(name => name.Cluster is null))
        {
            var own = group.Key
                ? query with { Objects = query.Objects with { Names = [.. group] } }
                : query with { Objects = new(), References = [.. group.Select(name => new ResourceReference(client.Name, name.Kind!, name.Namespace!, name.Name)).Distinct()] };
            await foreach (var item in AppReader.ReadAsync(client, own, cancellationToken))
            {
                if (item.Value is { } app)
                {
                    targets.Add(app);
                }
                else if (item.Notice is { } notice)
                {
                    notices.Add(notice);
                }
            }
        }

        foreach (var name in names.Where(name => name.Cluster is null && !name.IsWildcard))
        {
            var matches = targets.FindAll(app => name.Matches(app.Kind, app.Namespace, app.Name));
            if (matches.Count > 1)
            {
                notices.Add(new FailureNotice(Errors.NameAmbiguous(name.Text, matches.Select(match => match.Reference))));
                targets.RemoveAll(matches.Contains);
            }
        }

        return new([.. targets.DistinctBy(app => app.Reference)], notices);
    }
}
