using HomelabOps.Core.Replication.Syncthing.Wire;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>What one Syncthing said of itself, of one of its folders, and of its peers there.</summary>
/// <param name="Device">Its own ID.</param>
/// <param name="Folder">The folder.</param>
/// <param name="LastReceived">When a file last arrived there; null for never.</param>
/// <param name="Own">What it lacks itself.</param>
/// <param name="Status">What the folder is at.</param>
/// <param name="FirstError">Path and words of the first error; empty for none.</param>
/// <param name="Conflicts">Paths of conflict copies.</param>
/// <param name="Peers">Its peers.</param>
internal sealed record SyncthingReading(string Device, FolderWire Folder, DateTimeOffset? LastReceived, CompletionWire Own, FolderStatusWire Status, string FirstError, IReadOnlyList<string> Conflicts, IReadOnlyList<SyncthingPeerReading> Peers);

/// <summary>What it says of a peer.</summary>
/// <param name="Id">Device ID.</param>
/// <param name="Name">Name of the device.</param>
/// <param name="Connected">It is connected.</param>
/// <param name="Paused">It is paused here.</param>
/// <param name="Completion">What the peer lacks, as far as is known here.</param>
/// <param name="ReceivedBytes">What came from it since the connection began; null when unknown.</param>
/// <param name="LastSeen">When it was seen; null for never.</param>
/// <param name="Addresses">Where it is looked for.</param>
internal sealed record SyncthingPeerReading(string Id, string Name, bool Connected, bool Paused, CompletionWire Completion, long? ReceivedBytes, DateTimeOffset? LastSeen, IReadOnlyList<string> Addresses);
