namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>A peer as <c>spec.syncthing.peers</c> names it.</summary>
internal sealed record SyncPeer(string Id, string Address, bool Introducer);
