using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>What all parts of the server share.</summary>
internal sealed record ApiContext(KindRegistry Kinds, ObjectStore Store, TimeProvider Clock, IdSource Ids)
{
    /// <summary>Where the objects of a kind are.</summary>
    public Collection Collection(ResourceKind kind)
    {
        var stored = Kinds.StorageOf(kind);
        return Store.Collection(stored.Resource, stored.Fields);
    }

    public Collection Collection(string apiVersion, string kind) => Collection(Kinds.FindKind(apiVersion, kind)!.Value.Kind);

    /// <summary>The present time as objects carry it.</summary>
    public string Now() => Timestamps.Format(Clock.GetUtcNow());
}
