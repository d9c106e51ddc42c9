using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Drills;
using LibGit2Sharp;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Copying;

/// <summary>A cluster of somebody's own and its repository, copied into this process. Whatever is done to it stays here, and disposing of it leaves nothing behind.</summary>
internal sealed class HomelabCopy : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    // In so much time controllers have begun with all that there is, and Syncthings have met.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(3);

    private static readonly ResourceType[] Workloads = [Types.Deployment, Types.StatefulSet, Types.DaemonSet];

    private readonly CopiedRepository _repository;
    private int _disposed;

    private HomelabCopy(CopyPlan plan, RuntimeFolder folder, CopiedRepository repository)
    {
        _repository = repository;
        // Before the cluster, which has a port from then on, and which nobody would end if these failed.
        Config = plan.Config with { Repository = repository.ClonePath };
        var ids = plan.Cluster.Of("volsync.backube", "ReplicationSource").Select(source => (Name: ObjectName.Of(source), Id: Text(source, "status.syncthing.ID"))).Where(source => source.Id.Length > 0).ToDictionary(source => source.Name, source => source.Id);
        var version = plan.Cluster.Of("", "Node").Select(node => Text(node, "status.nodeInfo.kubeletVersion")).FirstOrDefault(text => text.Length > 0);
        var options = new SandboxOptions { Clock = Clock, ContextName = "copy", ServiceNetwork = null };
        Cluster = new SimulatedCluster(folder, version is null ? options : options with { KubernetesVersion = version }, CopiedNodes.Of(plan.Cluster, plan.Config), PlacesOf(plan, repository.RemotePath));
        Cluster.Replication.Syncthing.KnownId = ids.GetValueOrDefault;
    }

    /// <summary>The cluster.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>Its time.</summary>
    public SandboxClock Clock { get; } = new();

    /// <summary>Its settings.</summary>
    public HomelabConfig Config { get; }

    /// <summary>The working copy of its repository.</summary>
    public string RepositoryPath => _repository.ClonePath;

    /// <summary>Kinds of the original that are not served here, of which nothing was copied.</summary>
    public IReadOnlyList<string> Unserved { get; private set; } = [];

    /// <summary>The kubeconfig, which only its owner can read.</summary>
    public string KubeConfigPath => Cluster.Server.KubeConfigPath;

    /// <summary>Makes the copy, and waits until it has come to rest.</summary>
    /// <param name="plan">What is copied.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    public static async Task<HomelabCopy> StartAsync(CopyPlan plan, CancellationToken cancellationToken)
    {
        var folder = new RuntimeFolder();
        HomelabCopy? copy = null;
        try
        {
            var repository = await plan.Repository.ReadHeadAsync((git, _, _) => Create(folder, git, plan), cancellationToken);
            copy = new HomelabCopy(plan, folder, repository);
            copy.Fill(plan);
            await copy.Cluster.Host.StartAsync(cancellationToken);
            await copy.SettleAsync(cancellationToken);
            return copy;
        }
        catch
        {
            await (copy?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await Cluster.DisposeAsync();
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static CopiedRepository Create(RuntimeFolder folder, Repository git, CopyPlan plan)
    {
        try
        {
            return CopiedRepository.Create(folder.Path, git, plan.Branches);
        }
        catch (LibGit2SharpException error)
        {
            throw Errors.RepositoryUnreadable(git.Info.WorkingDirectory ?? git.Info.Path, error);
        }
    }

    // Not in the constructor: whatever goes wrong here, the cluster ends.
    private void Fill(CopyPlan plan)
    {
        foreach (var node in plan.Cluster.Of("", "Node"))
        {
            var state = Cluster.Nodes.Node(Text(node, "metadata.name"));
            state.IsPowered = NodeTerms.IsReady(node);
            foreach (var image in Items(node, "status.images").SelectMany(image => (image["names"] as JsonArray ?? []).Select(name => (string?)name ?? "")))
            {
                state.AddImage(image);
            }

            foreach (var file in CopiedNodes.Files(plan.Cluster))
            {
                state.Files.Disk.Set(MountTable.Normalize(file), FileEntry.Text(""));
            }
        }

        Unserved = new CopyLoader(Cluster.Server.Context, plan).Load();
    }

    // Other repositories than the copied one are nowhere, so that nobody's server is asked.
    private static HomelabPlaces PlacesOf(CopyPlan plan, string remote) => new()
    {
        DeploymentOf = name => DeploymentOf(plan, name),
        MetalLB = plan.Config.MetalLBNamespace,
        RemoteOf = address => plan.Branches.Addresses.Contains(address, StringComparer.Ordinal) ? remote : remote + ".unknown",
        FirstAddress = (space, name) => plan.Cluster.Of("", "Service").Where(service => ObjectName.Of(service) == new ObjectName(space, name)).Select(service => Text(service, "spec.clusterIP")).FirstOrDefault(),
    };

    // Where a part of it runs as no pod of the cluster it always works: somebody else makes its objects ready there.
    private static ObjectName? DeploymentOf(CopyPlan plan, string name)
    {
        var found = plan.Cluster.Of("apps", "Deployment").Where(item => name == HomelabPlaces.VolSync
            ? Text(item, "metadata.name") == name || (string?)item["metadata"]?["labels"]?["app.kubernetes.io/name"] == name
            : ObjectName.Of(item) == new ObjectName(plan.Config.FluxNamespace, name)).Select(ObjectName.Of).ToList();
        return found.Count > 0 ? found[0] : null;
    }

    // What does not come to rest was not at rest in the original either, or cannot be here; drills look at what has changed only.
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var (time, began, real) = (new PassingTime(Cluster.Host, Clock), Clock.GetUtcNow(), TimeProvider.System.GetTimestamp());
        while (TimeProvider.System.GetElapsedTime(real) < Patience && (Clock.GetUtcNow() - began < Settling || !IsAtRest()))
        {
            time.Advance(Step);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private bool IsAtRest() => Workloads.All(type => Cluster.Host.Informer(type).All.All(IsRolledOut)) && Cluster.Host.Informer(Types.Kustomization).All.All(IsDone);

    private static bool IsRolledOut(JsonObject item) => Text(item, "kind") == "DaemonSet"
        ? Number(item, "status.numberReady") >= Number(item, "status.desiredNumberScheduled")
        : Number(item, "status.readyReplicas") >= Number(item, "spec.replicas");

    private static bool IsDone(JsonObject item) => (bool?)item["spec"]?["suspend"] == true || !Items(item, "status.conditions").Any(condition => Text(condition, "type") == "Reconciling" && Text(condition, "status") == "True");
}
