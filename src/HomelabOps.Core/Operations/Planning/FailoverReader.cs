using System.Text.Json.Nodes;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Mounts;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>Reads what the gates look at. Nothing is changed, but that pods look at the target for a moment.</summary>
internal sealed class FailoverReader(FailoverOptions options)
{
    private readonly ClusterClient _client = options.Client;
    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, NodeWire> _known = new Dictionary<string, NodeWire>();

    /// <summary>What could not be read and does not keep the rest from being read.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>The cases of applications.</summary>
    /// <param name="apps">The applications.</param>
    /// <param name="from">The node that they are to leave; null for the one that each is on.</param>
    /// <param name="to">The node that they are to come to; null for the other side.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">NodeNotFound, AccessDenied.</exception>
    public async Task<IReadOnlyList<FailoverCase>> ReadCasesAsync(IReadOnlyList<HomelabApp> apps, string? from, string? to, CancellationToken cancellationToken)
    {
        var nodes = _known = await NodeNames.ReadAsync(_client, cancellationToken);
        NodeNames.Check(_client.Name, nodes, options.Config, apps, from, to);
        var cases = await WithSurvivorsAsync(await FindCasesAsync(apps, from, to, cancellationToken), cancellationToken);
        return [.. cases.Select(item => item with { IsStranded = item.AtTarget && !(nodes.GetValueOrDefault(item.To) is { } node && NodeTerms.IsReady(node)) })];
    }

    /// <summary>Whether the cluster had a node when cases were read last.</summary>
    public bool Knows(string node) => _known.ContainsKey(node);

    /// <summary>As <see cref="ReadCasesAsync"/>, without asking the copies how complete they are.</summary>
    public async Task<List<FailoverCase>> FindCasesAsync(IReadOnlyList<HomelabApp> apps, string? from, string? to, CancellationToken cancellationToken)
    {
        var reading = VolumeFacts.ReadAsync(_client, new(), cancellationToken);
        var replications = await ReplicationsAsync(cancellationToken);
        var volumes = new VolumeMapper(await reading, options.Config, _client.Name).Map();
        var cases = new FailoverCases(volumes, replications, options.Config);
        var found = new List<FailoverCase>();
        foreach (var app in apps)
        {
            var item = await WorkloadReader.FindAsync(_client, app.Reference, cancellationToken) is { } workload ? cases.Of(app, workload, from, to) : null;
            if (item is null || (item.From == item.To && !item.AtTarget))
            {
                Notices.Add(new FailureNotice(item is null ? Errors.RolloutGone(app.Reference) : Errors.FailoverSameNode(app.Reference, item.To)));
            }
            else
            {
                found.Add(item);
            }
        }

        return found;
    }

    /// <summary>All that the gates look at.</summary>
    public async Task<FailoverFacts> ReadFactsAsync(IReadOnlyList<FailoverCase> cases, OperationKind kind, CancellationToken cancellationToken)
    {
        // Where one cannot be read nobody waits for the others.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await ReadAllAsync(cases, kind, stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task<FailoverFacts> ReadAllAsync(IReadOnlyList<FailoverCase> cases, OperationKind kind, CancellationToken cancellationToken)
    {
        var nodes = NodeNames.ReadAsync(_client, cancellationToken);
        var pods = PodsAsync(cancellationToken);
        var apps = AppsAsync(cancellationToken);
        var scaled = AutoscaledAsync(cancellationToken);
        var flux = FluxAsync(cases, cancellationToken);
        var changes = ChangesAsync(cases, kind, cancellationToken);
        var readNodes = await nodes;
        var look = new TargetReader(options, readNodes);
        var mounts = MountsAsync(cases, readNodes, cancellationToken);
        var databases = DatabaseReader.ReadAsync(options, cases, kind, cancellationToken);
        var (targets, images) = await look.ReadAsync(cases, kind, cancellationToken);
        return new()
        {
            Cluster = _client.Name,
            Config = options.Config,
            Kind = kind,
            Nodes = readNodes,
            Cases = cases,
            Pods = await pods,
            Apps = await apps,
            Autoscaled = await scaled,
            Flux = await flux,
            Changes = await changes,
            Branch = BranchOf(options.Repository.Folder),
            Mounts = await mounts,
            Targets = targets,
            Images = images,
            Databases = await databases,
        };
    }

    private async Task<List<ReplicationStatus>> ReplicationsAsync(CancellationToken cancellationToken)
    {
        var found = new List<ReplicationStatus>();
        try
        {
            await foreach (var item in ReplicationReader.ReadAsync(_client, new() { Config = options.Config }, cancellationToken))
            {
                Take(item, found);
            }
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.VolSyncNotInstalled))
        {
            // Then nothing is replicated, which a gate says of each application.
        }

        return found;
    }

    // Only those are asked whose copy would be used.
    private async Task<IReadOnlyList<FailoverCase>> WithSurvivorsAsync(List<FailoverCase> cases, CancellationToken cancellationToken)
    {
        var sources = cases.SelectMany(item => item.Replications.Where(replication => replication.Method == "syncthing" && item.IsWriter(replication))).Select(replication => replication.Reference).Distinct().ToList();
        var found = new List<SyncthingStatus>();
        if (sources.Count > 0)
        {
            await foreach (var item in SyncthingReader.ReadAsync(_client, new() { References = sources, Config = options.Config }, cancellationToken))
            {
                Take(item, found);
            }
        }

        var bySource = found.ToLookup(status => status.Reference);
        return cases.ConvertAll(item => item with { Survivors = [.. item.Replications.Where(item.IsWriter).SelectMany(replication => bySource[replication.Reference])] });
    }

    private async Task<List<(PodWire, ResourceReference?)>> PodsAsync(CancellationToken cancellationToken)
    {
        var pods = new List<(PodWire, ResourceReference?)>();
        await foreach (var pod in PodReader.ReadWiresAsync(_client, new(), new(new()), new(_client), cancellationToken))
        {
            pods.Add(pod);
        }

        return pods;
    }

    private async Task<List<HomelabApp>> AppsAsync(CancellationToken cancellationToken)
    {
        var apps = new List<HomelabApp>();
        await foreach (var item in AppReader.ReadAsync(_client, new() { Config = options.Config }, cancellationToken))
        {
            Take(item, apps);
        }

        return apps;
    }

    private async Task<IReadOnlySet<ResourceReference>> AutoscaledAsync(CancellationToken cancellationToken)
    {
        var found = new HashSet<ResourceReference>();
        var served = await _client.Discovery.ResourcesAsync(["autoscaling"], cancellationToken);
        if (served.FirstOrDefault(type => type.Kind == "HorizontalPodAutoscaler")?.Type is { } type)
        {
            await foreach (var item in _client.ListAsync(type, new(), ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
            {
                var target = item.Json["spec"]?["scaleTargetRef"];
                found.Add(new(_client.Name, (string?)target?["kind"] ?? "", (string?)item.Json["metadata"]?["namespace"] ?? "", (string?)target?["name"] ?? ""));
            }
        }

        return found;
    }

    private async Task<Dictionary<ResourceReference, (IReadOnlyList<FluxResource>, HomelabException?)>> FluxAsync(IReadOnlyList<FailoverCase> cases, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ResourceReference, (IReadOnlyList<FluxResource>, HomelabException?)>();
        foreach (var item in cases)
        {
            try
            {
                found[item.App.Reference] = ((await DeliveryChain.FindAsync(_client, item.App.Reference, cancellationToken)).All, null);
            }
            catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
            {
                found[item.App.Reference] = ([], error);
            }
        }

        return found;
    }

    private async Task<Dictionary<ResourceReference, (GitOpsChange?, HomelabException?)>> ChangesAsync(IReadOnlyList<FailoverCase> cases, OperationKind kind, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ResourceReference, (GitOpsChange?, HomelabException?)>();
        foreach (var item in cases)
        {
            try
            {
                found[item.App.Reference] = (await options.Committer.PreviewAsync(await FailoverEdits.MakeAsync(options, kind, item, cancellationToken), cancellationToken), null);
            }
            catch (HomelabException error)
            {
                found[item.App.Reference] = (null, error);
            }
        }

        return found;
    }

    // Also of a clone that nothing can be committed in as it is: what is wrong with it may come of the branch.
    private static string BranchOf(string? folder)
    {
        try
        {
            using var tree = folder is null ? null : UserClone.OpenToRead(folder);
            var name = tree is null || tree.Info.IsHeadDetached ? "" : tree.Head.UpstreamBranchCanonicalName ?? tree.Head.CanonicalName;
            return BranchName.Of(name) ?? "";
        }
        catch (Exception error) when (error is HomelabException or LibGit2Sharp.LibGit2SharpException)
        {
            // The change that cannot be worked out says why.
            return "";
        }
    }

    private async Task<IReadOnlyList<NfsMountStatus>?> MountsAsync(IReadOnlyList<FailoverCase> cases, IReadOnlyDictionary<string, NodeWire> nodes, CancellationToken cancellationToken)
    {
        var needs = cases.SelectMany(item => MountNeeds.Of(item, options.Config).Select(path => (item.To, Path: path))).Where(need => nodes.ContainsKey(need.To)).Distinct().ToList();
        if (needs.Count == 0)
        {
            return null;
        }

        var found = new List<NfsMountStatus>();
        var query = new NfsMountQuery { Nodes = [.. needs.Select(need => need.To).Distinct().Select(node => new ResourcePattern(node))], Paths = [.. needs.Select(need => need.Path).Distinct()], Config = options.Config, Probe = options.Probe };
        await foreach (var item in NfsMountTester.TestAsync(_client, query, cancellationToken))
        {
            Take(item, found);
        }

        return found;
    }

    private void Take<T>(Streamed<T> item, List<T> found)
    {
        if (item.Notice is { } notice)
        {
            // Several kinds are read at the same time.
            lock (_gate)
            {
                Notices.Add(notice);
            }
        }
        else
        {
            found.Add(item.Value!);
        }
    }
}
