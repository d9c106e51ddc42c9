using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox;

/// <summary>
/// A whole homelab in this process: an API server, nodes, the controllers of Kubernetes, Flux, VolSync and MetalLB, and a real Git
/// repository that it is built from. Disposing of it leaves nothing behind.
/// </summary>
public sealed class EmbeddedHomelab : IAsyncDisposable, IDisposable
{
    private const int AtOnce = 8;
    private const double StartRate = 20;

    // The faster it runs the more leases are renewed meanwhile, and many nodes have enough to do: theirs keeps the real time.
    private const int FewNodes = 10;
    private const string KubernetesVersion = "v1.32.4+k3s1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PodPatience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RestPoll = TimeSpan.FromMilliseconds(5);

    // The homelab was switched on this long ago: it starts faster than a real one would, and has caught up when it is given out. What is
    // left then is jumped over, and must be less than what a node may be silent.
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly SimulatedCluster _cluster;
    private readonly HomelabRepository _repository;
    private readonly ControllerHost _host;
    private int _disposed;

    private EmbeddedHomelab(SandboxOption option, HomelabPlan plan, bool isFresh, Func<string, string>? remoteOf)
    {
        Option = option;
        Clock = option.Nodes > FewNodes ? new SandboxClock() : SandboxClock.StartedBefore(Age);
        var folder = new RuntimeFolder();
        var repository = Task.Run(() => HomelabRepository.Create(Path.Combine(folder.Path, "git"), plan));
        var places = new HomelabPlaces { FirstAddress = plan.Addresses.Find, IsBuilt = !isFresh, IsAwaited = isFresh ? (_, _) => false : plan.IsUsed, RemoteOf = remoteOf ?? (address => address) };
        _cluster = new SimulatedCluster(folder, new SandboxOptions { Clock = Clock, Seed = option.Seed, KubernetesVersion = KubernetesVersion }, HomelabNodes.Of(plan).Select(node => node.ToSimulated()), places);
        _host = _cluster.Host;
        _repository = repository.GetAwaiter().GetResult();
        Faults = new HomelabFaults(this, plan);
    }

    /// <summary>The kubeconfig, which only its owner can read.</summary>
    public string KubeConfigPath => _cluster.Server.KubeConfigPath;

    /// <summary>The working copy of its Git repository; its origin is what Flux reads.</summary>
    public string RepositoryPath => _repository.ClonePath;

    /// <summary>Its time, which can run faster or jump ahead.</summary>
    public SandboxClock Clock { get; }

    /// <summary>All that can go wrong in it, by names.</summary>
    public HomelabFaults Faults { get; }

    /// <summary>Faults of the wire between a client and the API server, in more detail.</summary>
    public FaultSet WireFaults => _cluster.Server.Faults;

    /// <summary>What it was asked to be.</summary>
    internal SandboxOption Option { get; }

    internal SimulatedCluster Cluster => _cluster;

    internal ClusterClient Client => _cluster.Client;

    internal NodeWorld Nodes => _cluster.Nodes;

    internal NodeRuntime Runtime => _cluster.Runtime;

    internal FluxWorld Flux => _cluster.Flux;

    internal ReplicationWorld Replication => _cluster.Replication;

    internal HomelabRepository Repository => _repository;

    internal ControllerHost Host => _host;

    /// <summary>Starts the homelab and waits until all that Git says is running.</summary>
    /// <param name="option">How large it is; null for the usual size.</param>
    /// <param name="cancellationToken">Ends the start; nothing is left then.</param>
    /// <exception cref="HomelabException">SandboxOptionInvalid, SandboxNotReady.</exception>
    public static Task<EmbeddedHomelab> StartAsync(SandboxOption? option, CancellationToken cancellationToken) => StartAsync(option, Patience + (PodPatience * (option?.Pods ?? 0)), cancellationToken);

    /// <summary>Starts nodes and k3s, with the Secrets that are not in Git and without Flux: what somebody has who brings his homelab back.</summary>
    /// <param name="option">How large it is.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="remoteOf">Where the repository of an address is; null for where the address says.</param>
    internal static Task<EmbeddedHomelab> StartFreshAsync(SandboxOption option, CancellationToken cancellationToken, Func<string, string>? remoteOf = null) =>
        StartAsync(option, Patience, cancellationToken, isFresh: true, remoteOf);

    internal static async Task<EmbeddedHomelab> StartAsync(SandboxOption? option, TimeSpan patience, CancellationToken cancellationToken, bool isFresh = false, Func<string, string>? remoteOf = null)
    {
        option ??= new();
        HomelabPlan plan;
        try
        {
            plan = new HomelabPlan(option);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw Errors.SandboxOptionInvalid(error.ParamName ?? "", error.ActualValue);
        }

        var homelab = new EmbeddedHomelab(option, plan, isFresh, remoteOf);
        try
        {
            if (option.Nodes > FewNodes)
            {
                await homelab.BuildAsync(plan, patience, isFresh, cancellationToken);
                return homelab;
            }

            using (homelab.Clock.CatchUp(StartRate))
            {
                await homelab.BuildAsync(plan, patience, isFresh, cancellationToken);
                await homelab.RestAsync(cancellationToken);
            }

            return homelab;
        }
        catch
        {
            await homelab.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // Its folder goes last, with the repository.
        await _cluster.DisposeAsync();
        Faults.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task BuildAsync(HomelabPlan plan, TimeSpan patience, bool isFresh, CancellationToken cancellationToken)
    {
        var health = new HealthWatch(_host, new ServedTypes(Client));

        // Definitions and namespaces are there before the controllers look for their objects, nodes, accounts and what pods mount before pods, and what Flux reads before what it builds.
        var objects = ClusterObjects.Of(plan).Concat(isFresh ? [] : _repository.FluxObjects()).ToList();
        foreach (var stage in objects.GroupBy(StageOf).OrderBy(stage => stage.Key))
        {
            await Parallel.ForEachAsync(stage, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (item, stop) => await ApplyAsync(item, stop));
            if (stage.Key == Stage.Definitions)
            {
                await _host.StartAsync(cancellationToken);
                await UntilAsync(health, ResourceType.Node, MissingNodes, patience, cancellationToken);
            }
            else if (stage.Key == Stage.Sources)
            {
                await UntilAsync(health, Types.GitRepository, () => Unready(Types.GitRepository), patience, cancellationToken);
            }
        }

        if (!isFresh)
        {
            await UntilAsync(health, Types.Kustomization, () => Unready(Types.Kustomization), patience, cancellationToken);
        }
    }

    // Flux does not wait for what VolSync makes of its objects. Where the clock jumped now, movers would look as if nobody had
    // cared for them all that time.
    private async Task RestAsync(CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while ((Clock.IsOverdue || !_host.IsIdle) && TimeProvider.System.GetElapsedTime(begin) < RestPatience)
        {
            await Task.Delay(RestPoll, cancellationToken);
        }
    }

    private static async Task UntilAsync(HealthWatch health, ResourceType type, Func<string> missing, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await health.UntilAsync(type, () => missing().Length == 0, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.SandboxNotReady(missing());
        }
    }

    private string MissingNodes() => string.Join("; ", Nodes.Nodes.Select(node => node.Name).Where(name => _host.Informer(ResourceType.Node).Find("", name) is null));

    private string Unready(ResourceType type)
    {
        var items = _host.Informer(type).All.ToList();
        return items.Count == 0 ? type.Kind : string.Join("; ", items.Where(item => !Items(item).Any(condition => Cells.Text(condition, "type") == "Ready" && Cells.Text(condition, "status") == "True"))
            .Select(item => $"{ObjectName.Of(item)}: {Items(item).Where(condition => Cells.Text(condition, "type") == "Ready").Select(condition => Cells.Text(condition, "message")).FirstOrDefault()}"));
    }

    private static IEnumerable<JsonObject> Items(JsonObject item) => Cells.Items(item, "status.conditions");

    private static Stage StageOf(JsonObject item) => Cells.Text(item, "kind") switch
    {
        "CustomResourceDefinition" or "Namespace" or "StorageClass" => Stage.Definitions,
        "ServiceAccount" or "ConfigMap" or "Secret" => Stage.Contents,
        "GitRepository" => Stage.Sources,
        "Kustomization" => Stage.Builds,
        _ => Stage.Objects,
    };

    private async Task ApplyAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var version = Cells.Text(item, "apiVersion").Split('/');
        var (group, kind) = (version.Length == 2 ? version[0] : "", Cells.Text(item, "kind"));
        var type = (await Client.Discovery.ResourcesAsync([group], cancellationToken)).First(served => served.Kind == kind).Type;
        await Client.PatchAsync(type, Cells.Text(item, "metadata.namespace"), Cells.Text(item, "metadata.name"), PatchKind.Apply, item, cancellationToken, new WriteOptions { FieldManager = "flux", Force = true });
    }

    /// <summary>In this order objects are applied: what others need comes first, and what sets Flux to work last.</summary>
    private enum Stage
    {
        Definitions,
        Contents,
        Objects,
        Sources,
        Builds,
    }
}
