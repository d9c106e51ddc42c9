using HomelabOps.Core.Drills;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Drills;

/// <summary>
/// A homelab whose cluster is gone: its nodes have a k3s that was set up anew, with the Secrets that are not in Git and without Flux. Only its
/// repository is left. The homelab that is rehearsed for stays as it is.
/// </summary>
internal sealed class LostCluster : IDrillFault
{
    /// <summary>What it is called.</summary>
    public const string Fault = "ClusterLost";

    private readonly EmbeddedHomelab _homelab;
    private readonly ClusterClient _client;
    private int _ended;

    private LostCluster(EmbeddedHomelab homelab, ClusterClient client, string repository) => (_homelab, _client, Ground) = (homelab, client, new SandboxGround(homelab, client, repository));

    /// <inheritdoc/>
    public string Target => "flux-system";

    /// <inheritdoc/>
    public IDrillGround Ground { get; }

    /// <summary>Sets one up.</summary>
    /// <param name="lost">The homelab that is lost.</param>
    /// <param name="repository">What is left of it.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    public static async Task<LostCluster> StartAsync(EmbeddedHomelab lost, string repository, CancellationToken cancellationToken)
    {
        var remote = lost.Repository.RemotePath;
        var homelab = await EmbeddedHomelab.StartFreshAsync(lost.Option, cancellationToken, _ => remote);
        return new(homelab, new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null)), repository);
    }

    /// <inheritdoc/>
    public Task<bool> HoldsAsync(CancellationToken cancellationToken) => Task.FromResult(!_homelab.Host.Informer(Types.Kustomization).All.Any());

    /// <inheritdoc/>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _client.Dispose();
            await _homelab.DisposeAsync();
        }
    }
}
