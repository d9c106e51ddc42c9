using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>A Syncthing that looks for its first peer where it is not, and is told to by its manifest as well.</summary>
internal sealed class PeerEffect : IFaultEffect
{
    private readonly SyncthingNetwork _network;
    private readonly ObjectName _source;
    private readonly string _address;
    private readonly IFaultEffect _commit;
    private readonly SyncPeer? _former;

    private PeerEffect(SyncthingNetwork network, ObjectName source, string address, IFaultEffect commit, SyncPeer? former) =>
        (_network, _source, _address, _commit, _former) = (network, source, address, commit, former);

    /// <summary>Lets it look elsewhere as soon as Flux has applied what its manifest says then.</summary>
    /// <param name="network">Where it is.</param>
    /// <param name="source">Its ReplicationSource.</param>
    /// <param name="address">Where it looks.</param>
    /// <param name="commit">Writes that into the manifest.</param>
    public static async Task<IFaultEffect> MakeAsync(SyncthingNetwork network, ObjectName source, string address, Func<Task<IFaultEffect>> commit)
    {
        var former = network.Read(source, (device, _) => device.Peers is [var first, ..] ? first : null);
        network.Change(source, (device, _) => device.IsFollowing = true);
        try
        {
            return new PeerEffect(network, source, address, await commit(), former);
        }
        catch
        {
            network.Change(source, (device, _) => device.IsFollowing = false);
            throw;
        }
    }

    public async Task<bool> HoldsAsync(CancellationToken cancellationToken) => IsLost || await _commit.HoldsAsync(cancellationToken);

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _commit.EndAsync(cancellationToken);
        var isLost = IsLost;
        _network.Change(_source, (device, _) =>
        {
            device.IsFollowing = false;
            if (isLost)
            {
                device.SetAddress(_former!.Id, _former.Address);
            }
        });
    }

    private bool IsLost => _former is not null && _network.Read(_source, (device, _) => device.Peer(_former.Id)?.Address == _address);
}
