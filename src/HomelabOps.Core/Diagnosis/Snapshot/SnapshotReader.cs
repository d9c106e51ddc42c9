using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Ingresses;
using HomelabOps.Core.Diagnosis.Links;
using HomelabOps.Core.Diagnosis.Nodes;
using HomelabOps.Core.Diagnosis.Secrets;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Mounts;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>Reads all that the checks look at, all kinds at the same time. The number of requests does not depend on that of the objects.</summary>
internal sealed partial class SnapshotReader(ClusterClient client, HomelabTestQuery query)
{
    /// <summary>What cannot be read of MetalLB's webhook, as a part of <see cref="HomelabSnapshot.Unread"/>.</summary>
    public const string WebhookPart = "the webhook of MetalLB";

    /// <summary>The same of one kind that it depends on.</summary>
    public static string WebhookPartOf(string kind) => $"{WebhookPart}: {kind}";

    private const string LeaseNamespace = "kube-node-lease";
    private static readonly TimeSpan WatchTrial = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentBag<(string What, HomelabException Error)> _failures = [];
    private readonly ConcurrentBag<Notice> _notices = [];
    private readonly ConcurrentDictionary<ResourceType, bool> _refused = [];
    private readonly ConcurrentDictionary<UnreadPart, bool> _unread = new((query.Known?.Unread ?? new HashSet<UnreadPart>()).Where(part => part.IsDear).Select(part => KeyValuePair.Create(part, true)));

    /// <summary>What has to be told of the reading, each once: rights that are missing, and what answered with an error.</summary>
    public IReadOnlyCollection<Notice> Notices => [.. _notices.Distinct()];

    /// <summary>Reads everything.</summary>
    public async Task<HomelabSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await ReadAllAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task<HomelabSnapshot> ReadAllAsync(CancellationToken stop)
    {
        var mounts = query.Wants(HomelabArea.Mount) ? MountsAsync(stop) : Task.FromResult<List<NfsMountStatus>?>(null);
        var readable = Task.Run(() => ReadableSecrets(stop), stop);
        var pods = PodsAsync(stop);
        var nodes = ListAsync(ResourceType.Node, WireContext.Default.NodeWire, stop);
        var began = TimeProvider.System.GetTimestamp();
        var leases = ListAsync(SnapshotTypes.Lease, DiagnosisWireContext.Default.LeaseWire, stop, LeaseNamespace);
        var latency = leases.ContinueWith(TimeSpan? (list) => list is { IsCompletedSuccessfully: true, Result: not null } ? TimeProvider.System.GetElapsedTime(began) : null, stop, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var keeps = KeepsWatchesAsync(stop);
        var namespaces = ListAsync(ResourceType.Namespace, DiagnosisWireContext.Default.NamespaceWire, stop);
        var workloads = WorkloadsAsync(stop);
        var jobs = ListAsync(ResourceType.Job, DiagnosisWireContext.Default.JobWire, stop);
        var claims = ListAsync(VolumeTypes.Claim, VolumeWireContext.Default.ClaimWire, stop);
        var volumes = ListAsync(VolumeTypes.Volume, VolumeWireContext.Default.VolumeWire, stop);
        var classes = ListAsync(VolumeTypes.Class, VolumeWireContext.Default.StorageClassWire, stop);
        var configMaps = NamesAsync(SnapshotTypes.ConfigMap, stop);
        var secrets = NamesAsync(SnapshotTypes.Secret, stop);
        var accounts = NamesAsync(SnapshotTypes.ServiceAccount, stop);
        var services = ListAsync(SnapshotTypes.Service, DiagnosisWireContext.Default.ServiceWire, stop);
        var endpoints = ListAsync(SnapshotTypes.Endpoints, DiagnosisWireContext.Default.EndpointsWire, stop);
        var ingresses = ListAsync(SnapshotTypes.Ingress, DiagnosisWireContext.Default.IngressWire, stop);
        var ingressClasses = NamesAsync(SnapshotTypes.IngressClass, stop);
        var (middlewares, middlewareGroups) = (ListServedAsync(IngressGuard.Group, IngressGuard.Kind, DiagnosisWireContext.Default.MiddlewareWire, stop), GroupsAsync(IngressGuard.Kind, [IngressGuard.Group, IngressGuard.FormerGroup], stop));
        var pools = ListServedAsync("metallb.io", "IPAddressPool", DiagnosisWireContext.Default.AddressPoolWire, stop);
        var usage = query.Wants(HomelabArea.Pod) ? UsageFacts.ReadAsync(client, () => Unread("metrics"), stop) : Task.FromResult<IReadOnlyDictionary<(string, string, string), long>?>(null);
        var flux = CollectAsync(FluxReader.ReadAsync(client, new FluxQuery(), stop), nameof(Errors.FluxNotInstalled));
        var operations = query.Operations is { } open && query.Wants(HomelabArea.Pod) ? TryAsync("operations", () => open(stop)) : Task.FromResult<IReadOnlyList<OpenOperation>?>(null);
        var users = UsersAsync(pods);
        var replications = ReplicationsAsync(leases, users, stop);
        var links = LinksAsync(nodes, replications, services, stop);
        var syncthings = query.Wants(HomelabArea.Replication) ? SyncthingsAsync(users, stop) : Task.FromResult<List<SyncthingStatus>?>(null);
        var webhook = WebhookAsync(leases, stop);
        var certificates = query.Wants(HomelabArea.Certificate) ? CertificatesAsync(ingresses, NodeCertificatesAsync(nodes, stop), stop) : Task.FromResult<IReadOnlyList<CertificateFacts>?>(null);
        var (readPods, readNodes, readLeases, readWorkloads) = (await pods, await nodes, await leases, await workloads);
        var now = LeaseClock.Now(readLeases);
        var details = await new DetailReader(client, () => Unread("events")).ReadAsync(readPods ?? [], now, readWorkloads?.Exists(workload => workload.Available < workload.Desired) == true || (await services)?.Exists(AddressRefusal.IsPending) == true, stop);
        return new()
        {
            Cluster = client.Name,
            Now = now,
            Config = query.Config,
            Latency = await latency,
            CutsWatches = !await keeps,
            Nodes = readNodes,
            Namespaces = await namespaces,
            Leases = readLeases,
            Pods = readPods,
            Workloads = readWorkloads,
            Jobs = await jobs,
            Storage = await claims is { } readClaims && await volumes is { } readVolumes ? VolumeFacts.Of(readClaims, readVolumes, await classes, readNodes, readPods?.Select(pod => pod.ToConsumer()).OfType<Consumer>().ToList()) : null,
            ConfigMaps = await configMaps,
            Secrets = await secrets,
            ServiceAccounts = await accounts,
            Services = await services,
            Endpoints = await endpoints,
            Ingresses = await ingresses,
            IngressClasses = (await ingressClasses)?.Select(item => item.Item2).ToHashSet(StringComparer.Ordinal),
            Flux = await flux,
            Replications = await replications,
            Syncthings = await syncthings,
            Stalled = await new StallWatch(client, query.Config).FindAsync(await syncthings ?? [], now, stop),
            Mounts = await mounts,
            Links = await links,
            Webhook = (await webhook).Status,
            WebhookSecret = (await webhook).Secret,
            Warnings = details.Warnings,
            LastWords = details.LastWords,
            Keys = details.Keys,
            Middlewares = await middlewares,
            MiddlewareGroups = await middlewareGroups,
            MemoryUsage = await usage,
            Certificates = await certificates,
            AddressPools = await pools,
            Deleted = query.Known?.Deleted ?? (query is { Repository: { } folder } && query.Wants(HomelabArea.Network) ? await DeletedManifest.FindAsync(folder, await services ?? [], readWorkloads ?? [], readPods ?? [], stop) : new Dictionary<(string, string), DeletedManifest>()),
            RepositorySecrets = await readable,
            Operations = await operations ?? [],
            FluxOfRepository = await flux is { Count: 0 } ? FluxOfRepository(stop) : [],
            Failures = [.. _failures],
            Unread = _unread.Keys.ToHashSet(),
        };
    }

    private async Task<bool> KeepsWatchesAsync(CancellationToken stop)
    {
        try
        {
            // It takes its time, and is told of the cluster only.
            return !query.Wants(HomelabArea.Cluster) || await client.KeepsWatchAsync(SnapshotTypes.Lease, LeaseNamespace, WatchTrial, stop);
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            Unread("watches");
            return true;
        }
    }

    private RepositorySecrets? ReadableSecrets(CancellationToken stop)
    {
        if (query.Known is { } known)
        {
            return known.RepositorySecrets;
        }

        if (query is not { Repository: { } folder, Apps.Count: 0 } || !query.Wants(HomelabArea.Security))
        {
            return null;
        }

        try
        {
            return RepositorySecrets.Find(folder, stop);
        }
        catch (Exception error) when (error is HomelabException or IOException or UnauthorizedAccessException or RegexMatchTimeoutException)
        {
            _notices.Add(new WarningNotice(Errors.Text("DiagnosisRepositoryNotRead", folder, error.Message)));
            Unread("repository", isDear: true);
            return null;
        }
    }

    // A cluster that was set up anew has nothing that could be broken. That it ought to have something only Git knows.
    private IReadOnlyList<string> FluxOfRepository(CancellationToken stop)
    {
        if (query.Known is { } known)
        {
            return known.FluxOfRepository;
        }

        if (query is not { Repository: { } folder, Apps.Count: 0 } || !query.Wants(HomelabArea.Flux) || _unread.Keys.Any(part => part.Name.StartsWith(nameof(FluxResource), StringComparison.Ordinal)))
        {
            return [];
        }

        try
        {
            return TrackedFiles.Read<string>(folder, FluxManifestFolder.IsSync, (path, _) => [path], stop);
        }
        catch (Exception error) when (error is HomelabException or IOException or UnauthorizedAccessException)
        {
            _notices.Add(new WarningNotice(Errors.Text("DiagnosisRepositoryNotRead", folder, error.Message)));
            Unread("repository", isDear: true);
            return [];
        }
    }

    private async Task<List<PodFacts>?> PodsAsync(CancellationToken stop)
    {
        if (await ListAsync(ResourceType.Pod, DiagnosisWireContext.Default.DiagnosedPodWire, stop) is not { } wires)
        {
            return null;
        }

        var (owners, pods) = (new PodReader.JobOwners(client), new List<PodFacts>(wires.Count));
        foreach (var wire in wires.Where(wire => wire.Metadata.Label(ProbePodSpec.NameLabel) != ProbePodSpec.NameValue))
        {
            var owner = await TryAsync("jobs.batch", async () => await owners.TopAsync(wire.Metadata, stop));
            pods.Add(new(wire, new(client.Name, "Pod", wire.Metadata.Namespace ?? "", wire.Metadata.Name), owner));
        }

        return pods;
    }

    private async Task<List<WorkloadFacts>?> WorkloadsAsync(CancellationToken stop)
    {
        if (await TryAsync("deployments.apps", () => WorkloadTypes.FindAsync(client, stop)) is not { } types)
        {
            return null;
        }

        var lists = await Task.WhenAll(types.Select(async type => (type.Kind, Items: await ListAsync(type, DiagnosisWireContext.Default.WorkloadWire, stop))));
        return lists.Any(list => list.Items is null) ? null
            : [.. lists.SelectMany(list => list.Items!.Select(item => new WorkloadFacts(new(client.Name, list.Kind, item.Metadata.Namespace ?? "", item.Metadata.Name), item)))];
    }

    private async Task<ReplicationPods> UsersAsync(Task<List<PodFacts>?> pods) => ReplicationPods.Of(
        client.Name, (await pods)?.Select(pod => (pod.ToPod(), pod.Owner)), _failures.FirstOrDefault(failure => failure.What == ResourceType.Pod.QualifiedName).Error?.Message);

    // What is late depends on whose clock is asked.
    private async Task<List<ReplicationStatus>?> ReplicationsAsync(Task<List<LeaseWire>?> leases, Task<ReplicationPods> users, CancellationToken stop) =>
        await CollectAsync(ReplicationReader.ReadAsync(client, new ReplicationQuery { Config = query.Config, Pods = users, Now = LeaseClock.Now(await leases) }, stop), nameof(Errors.VolSyncNotInstalled));

    private async Task<List<SyncthingStatus>?> SyncthingsAsync(Task<ReplicationPods> users, CancellationToken stop)
    {
        var found = await CollectAsync(SyncthingReader.ReadAsync(client, new SyncthingQuery { Config = query.Config, Pods = users }, stop), nameof(Errors.VolSyncNotInstalled));
        if (found?.FindAll(status => status.State == SyncthingState.Unread) is { Count: > 0 } unread)
        {
            Unread(nameof(SyncthingStatus));
            _notices.Add(new WarningNotice(Errors.Text("DiagnosisSyncthingsNotRead", unread.Select(status => status.Reference).Distinct().Count(), client.Name, Display.FirstLine(unread[0].Message))));
        }

        return found;
    }

    private async Task<List<NfsMountStatus>?> MountsAsync(CancellationToken stop)
    {
        if (query.Known is not null || query.Config.Mounts.Count == 0)
        {
            return query.Known is { } known ? known.Mounts?.ToList() : [];
        }

        var mounts = await CollectAsync(NfsMountTester.TestAsync(client, new NfsMountQuery { Config = query.Config, Probe = query.Probe }, stop), null, isDear: true);
        mounts?.Where(mount => mount.State == NfsMountState.Unreachable).ToList().ForEach(mount => Unread($"{mount.Path} of {mount.Node}", isDear: true));

        // Where nobody has said that something ought to be mounted, and nowhere anything is, nothing is missing.
        return query.Config.Path is null && mounts?.TrueForAll(mount => mount.State is NfsMountState.Missing or NfsMountState.Unreachable) == true ? [] : mounts;
    }

    // Who says that nothing is mounted wants no pods on his nodes.
    private async Task<List<NodeLink>?> LinksAsync(Task<List<NodeWire>?> nodes, Task<List<ReplicationStatus>?> replications, Task<List<ServiceWire>?> services, CancellationToken stop)
    {
        if (query.Known is not null || !query.Links || !query.Wants(HomelabArea.Network) || query.Config.Mounts.Count == 0 || await nodes is not { } ready)
        {
            return query.Known?.Links?.ToList();
        }

        var links = LinkPlan.Of(ready, await replications ?? [], await services ?? []);
        var looked = links.Count == 0 ? [] : await CollectAsync(LinkTester.TestAsync(client, ready, links, query.Probe, stop), null, isDear: true);
        links.Where(link => looked?.Exists(found => found.From == link.From) != true).ToList().ForEach(link => Unread($"links of {link.From}", isDear: true));
        return looked;
    }

    // A homelab without MetalLB lacks nothing, and one that does without the webhook has said so.
    private async Task<(MetalLBWebhookStatus? Status, WebhookSecret? Secret)> WebhookAsync(Task<List<LeaseWire>?> leases, CancellationToken stop)
    {
        if (!query.Wants(HomelabArea.MetalLB))
        {
            return default;
        }

        try
        {
            var facts = await MetalLBWebhookReader.ReadAsync(client, query.Config.MetalLBNamespace, stop);
            facts.Notices.ToList().ForEach(_notices.Add);
            facts.Unread.ToList().ForEach(type => Unread(WebhookPartOf(type.QualifiedName)));
            return facts.Controller is null ? default : (MetalLBWebhookJudge.Judge(facts, LeaseClock.Now(await leases)), facts.Secret);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            _notices.Add(new WarningNotice(error.Message));
            Unread(WebhookPart);
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            Failed(WebhookPart, error);
        }

        return default;
    }

    private async Task<IReadOnlyList<CertificateFacts>?> CertificatesAsync(Task<List<IngressWire>?> ingresses, Task<List<CertificateFacts>?> ofNodes, CancellationToken stop) =>
        query.Known is { } known ? known.Certificates : [.. await new CertificateReader(client, Refused, secret => Unread($"{secret}", isDear: true)).ReadAsync(await ingresses ?? [], stop), .. await ofNodes ?? []];

    // As for links: nobody else would look into the nodes.
    private async Task<List<CertificateFacts>?> NodeCertificatesAsync(Task<List<NodeWire>?> nodes, CancellationToken stop) =>
        query.Known is not null || !query.Links || query.Config.Mounts.Count == 0 || await nodes is not { } ready ? null : await CollectAsync(NodeCertificateReader.ReadAsync(client, ready, query.Probe, node => Unread($"certificates of {node}", isDear: true), stop), null, isDear: true);

    private void Unread(string part, bool isDear = false) => _unread.TryAdd(new(part, isDear), true);

    private void Failed(string what, HomelabException error, bool isDear = false)
    {
        _failures.Add((what, error));
        Unread(what, isDear);
    }

    private void Refused(ResourceType type)
    {
        Unread(type.QualifiedName);
        if (_refused.TryAdd(type, true))
        {
            _notices.Add(new WarningNotice(Errors.Text("DiagnosisPartNotRead", type.QualifiedName, client.Name)));
        }
    }
}
