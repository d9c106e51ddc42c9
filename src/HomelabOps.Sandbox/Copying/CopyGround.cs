using HomelabOps.Core;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Drills;

namespace HomelabOps.Sandbox.Copying;

/// <summary>A copy of a cluster, as what drills may break: the power of its nodes.</summary>
/// <param name="copy">The copy.</param>
/// <param name="client">A client of it that speaks over the network, as users do.</param>
internal sealed class CopyGround(HomelabCopy copy, ClusterClient client) : IDrillGround
{
    private readonly PassingTime _time = new(copy.Cluster.Host, copy.Clock);

    /// <inheritdoc/>
    public ClusterClient Client => client;

    /// <inheritdoc/>
    public HomelabConfig Config => copy.Config;

    /// <inheritdoc/>
    public string Repository => copy.RepositoryPath;

    /// <inheritdoc/>
    public DateTimeOffset Now => copy.Clock.GetUtcNow();

    /// <inheritdoc/>
    public bool Advance(TimeSpan time) => _time.Advance(time);

    /// <inheritdoc/>
    public Task<IDrillFault> BreakAsync(string fault, string? target, CancellationToken cancellationToken)
    {
        var node = copy.Cluster.Nodes.Find(target);
        if (fault != "NodeDown" || node is null)
        {
            throw Errors.SandboxFaultTargetUnknown(fault, target, string.Join(", ", copy.Cluster.Nodes.Nodes.Select(each => each.Name)));
        }

        node.IsPowered = false;
        return Task.FromResult<IDrillFault>(new PowerCut(node));
    }

    private sealed class PowerCut(NodeState node) : IDrillFault
    {
        public string Target => node.Name;

        public Task<bool> HoldsAsync(CancellationToken cancellationToken) => Task.FromResult(!node.IsPowered);

        public Task EndAsync(CancellationToken cancellationToken)
        {
            node.IsPowered = true;
            return Task.CompletedTask;
        }
    }
}
