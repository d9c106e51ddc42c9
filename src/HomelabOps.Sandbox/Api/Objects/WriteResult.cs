using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>What a write left, for the answer.</summary>
/// <param name="Object">The state; of a dry run one that was not stored.</param>
/// <param name="Created">Whether it is new.</param>
/// <param name="Gone">Whether the write removed it, as the last finalizer's end does.</param>
internal sealed record WriteResult(StoredObject Object, bool Created = false, bool Gone = false);
