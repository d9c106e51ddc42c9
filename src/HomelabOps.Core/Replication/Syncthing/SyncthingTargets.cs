using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Replication.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Finds the Syncthings of a cluster: those of VolSync by what owns them, others by the labels of their pods.</summary>
/// <param name="Targets">Those that are meant, by namespace and name.</param>
/// <param name="Notices">What could not be read, and names that led to none.</param>
internal sealed record SyncthingTargets(IReadOnlyList<SyncthingTarget> Targets, IReadOnlyList<Notice> Notices)
{
    private const string RoleLabel = "syncthing.io/role";

    private static readonly ResourceType Service = new("", "v1", "services", "Service", true);

    /// <summary>Reads what the cluster says.</summary>
    /// <exception cref="HomelabException">AccessDenied.</exception>
    public static async Task<SyncthingTargets> FindAsync(ClusterClient client, SyncthingQuery query, CancellationToken cancellationToken)
    {
        var space = query.References.Count > 0 ? null : query.Objects.ToListQuery().Namespace;
        var reading = query.Pods ?? ReplicationPods.ReadAsync(client, space, cancellationToken);
        var labelled = LabelledAsync(client, space, query.PodSelector ?? query.Config.SyncthingSelector, cancellationToken);
        var sources = await SourcesAsync(client, space, cancellationToken);
        var services = await ServicesAsync(client, space, sources.Count, cancellationToken);
        var pods = await reading;
        var apps = new ReplicatedApps(pods, query.Config);
        var found = sources.Select(item => OfVolSync(item, sources, services, pods, apps, query.Config, client.Name)).ToList();
        var chosen = await labelled;
        var own = found.SelectMany(target => target.Pods).Select(pod => pod.Reference).ToHashSet();
        if (query.PodSelector is not null)
        {
            var selected = chosen.Select(pod => pod.Pod.Reference).ToHashSet();
            found = found.ConvertAll(target => target with { Pods = [.. target.Pods.Where(pod => selected.Contains(pod.Reference))] }).FindAll(target => target.Pods.Count > 0);
        }

        found.AddRange(chosen.Where(pod => !own.Contains(pod.Pod.Reference)).Select(pod => OfPod(pod.Pod, pod.Claims, pods)));
        var selection = new SyncthingSelection(client, query, pods);
        SyncthingTarget[] targets = [.. found.Where(selection.Accepts).OrderBy(target => target.Source.Namespace, StringComparer.Ordinal).ThenBy(target => target.Source.Name, StringComparer.Ordinal)];
        return new(targets, [.. pods.Notices, .. (await selection.MissingAsync(cancellationToken)).Select(error => new FailureNotice(error))]);
    }

    private static SyncthingTarget OfVolSync(
        ReplicationWire item,
        IReadOnlyList<ReplicationWire> all,
        IReadOnlyDictionary<(string? Namespace, string Name), ServiceWire> services,
        ReplicationPods pods,
        ReplicatedApps apps,
        HomelabConfig config,
        string cluster)
    {
        var (space, claim) = (item.Metadata.Namespace ?? "", item.Spec?.SourcePvc ?? "");
        var partner = PartnerOf(item, all, apps);
        var movers = pods.MoversOf(space, MoverNames.OfSyncthing(item.Metadata.Name));
        var labelled = Labelled(movers.Select(pod => pod.Labels).Append(item.Spec?.Syncthing?.MoverPodLabels ?? []).FirstOrDefault(labels => labels.ContainsKey(RoleLabel)));
        var role = labelled
            ?? (pods.UsersOf(space, claim).Count > 0 ? SyncthingRole.Source
                : partner is not null && pods.UsersOf(space, partner.Spec?.SourcePvc ?? "").Count > 0 ? SyncthingRole.Destination
                : ReplicatedApps.IsBackup(claim, config) ? SyncthingRole.Destination : SyncthingRole.Source);
        return new(new(cluster, ReplicationTypes.SourceKind, space, item.Metadata.Name), apps.Of(item, claim), role, movers)
        {
            Item = item,
            Partner = partner,
            Peers = PeerCheck.Of(item, partner, partner is null ? null : services.GetValueOrDefault((space, MoverNames.DataService(partner.Metadata.Name)))),
        };
    }

    // By the IDs that one of both names, else the only other one that has the same application's data.
    private static ReplicationWire? PartnerOf(ReplicationWire item, IReadOnlyList<ReplicationWire> all, ReplicatedApps apps)
    {
        var others = all.Where(other => other != item && other.Metadata.Namespace == item.Metadata.Namespace).ToList();
        if ((others.Find(other => Names(item, other)) ?? others.Find(other => Names(other, item))) is { } named)
        {
            return named;
        }

        var app = apps.Of(item, item.Spec?.SourcePvc ?? "");
        return app.Length > 0 && others.FindAll(other => other.Spec?.SourcePvc != item.Spec?.SourcePvc && apps.Of(other, other.Spec?.SourcePvc ?? "") == app) is [var only] ? only : null;
    }

    private static bool Names(ReplicationWire item, ReplicationWire other) =>
        other.Status?.Syncthing?.Id is { Length: > 0 } id && item.Spec?.Syncthing?.Peers?.Exists(peer => peer.Id == id) == true;

    private static SyncthingTarget OfPod(HomelabPod pod, IReadOnlyList<string> claims, ReplicationPods pods)
    {
        var users = claims.SelectMany(claim => pods.UsersOf(pod.Namespace, claim)).Where(user => user.Reference != pod.Reference && user.Owner != pod.Owner).ToList();
        var app = users is [var user, ..] && user.App.Length > 0 ? user.App : pod.App;
        return new(pod.Reference, app, Labelled(pod.Labels) ?? (users.Count > 0 ? SyncthingRole.Source : SyncthingRole.Destination), [pod]);
    }

    private static SyncthingRole? Labelled(IReadOnlyDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(RoleLabel, out var text) && Enum.TryParse<SyncthingRole>(text, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : null;

    private static async Task<List<ReplicationWire>> SourcesAsync(ClusterClient client, string? space, CancellationToken cancellationToken)
    {
        var found = new List<ReplicationWire>();
        if (await ReplicationTypes.TryFindAsync(client, cancellationToken) is { } types)
        {
            await foreach (var item in client.ListAsync(types.Source, new ListQuery { Namespace = space }, ReplicationWireContext.Default.ReplicationWire, cancellationToken: cancellationToken))
            {
                if (item.Spec?.Syncthing is not null)
                {
                    found.Add(item);
                }
            }
        }

        return found;
    }

    // Without them the addresses are those that VolSync has written into its status.
    private static async Task<IReadOnlyDictionary<(string?, string), ServiceWire>> ServicesAsync(ClusterClient client, string? space, int sources, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string?, string), ServiceWire>();
        if (sources < 2)
        {
            return found;
        }

        try
        {
            var query = new ListQuery { Namespace = space, LabelSelector = $"{MoverNames.CreatedBy}=volsync" };
            await foreach (var item in client.ListAsync(Service, query, ReplicationWireContext.Default.ServiceWire, cancellationToken: cancellationToken))
            {
                found[(item.Metadata.Namespace, item.Metadata.Name)] = item;
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return found;
        }

        return found;
    }

    private static async Task<List<(HomelabPod Pod, IReadOnlyList<string> Claims)>> LabelledAsync(ClusterClient client, string? space, string selector, CancellationToken cancellationToken)
    {
        var found = new List<(HomelabPod, IReadOnlyList<string>)>();
        try
        {
            await foreach (var pod in client.ListAsync(ResourceType.Pod, new ListQuery { Namespace = space, LabelSelector = selector }, WireContext.Default.PodWire, cancellationToken: cancellationToken))
            {
                found.Add((PodMapper.Map(pod, client.Name, Ownership.Top(pod.Metadata, client.Name)), ReplicationPods.ClaimsOf(pod)));
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return found;
        }

        return found;
    }
}
