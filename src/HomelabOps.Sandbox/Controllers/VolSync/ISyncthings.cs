using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>The Syncthings in the pods of movers, as VolSync speaks with them.</summary>
internal interface ISyncthings
{
    /// <summary>Told at the beginning of each look at a mover, also where that gets no further.</summary>
    void Look(MoverContext context);

    /// <summary>Gives the Syncthing of a mover its peers.</summary>
    /// <param name="context">The mover.</param>
    /// <param name="hosts">Names and addresses of its data Service, if that has any.</param>
    /// <param name="peers">Those of the ReplicationSource.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its device ID, and what a status tells of its peers.</returns>
    /// <exception cref="MoverException">It does not answer, or it is among its own peers.</exception>
    Task<(string Id, JsonArray Peers)> ConfigureAsync(MoverContext context, IReadOnlyList<string> hosts, IReadOnlyList<SyncPeer> peers, CancellationToken cancellationToken);
}
