using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Watching;

/// <summary>The form in which a watch gives its events.</summary>
internal interface IWatchEncoder
{
    /// <param name="type">ADDED, MODIFIED or DELETED.</param>
    /// <param name="item">The object.</param>
    /// <param name="change">The change when type and object are just its own, so that its frame can be shared.</param>
    byte[] Encode(string type, StoredObject item, StoreEvent? change);

    byte[] Bookmark(long revision, bool initialEnd);
}

/// <summary>Whole objects.</summary>
internal sealed class ObjectWatchEncoder(ResourceKind kind, KindVersion version) : IWatchEncoder
{
    private readonly bool _convert = VersionConversion.IsNeeded(kind, version);

    public byte[] Encode(string type, StoredObject item, StoreEvent? change) => change is not null && !_convert && change.Type == type && !VersionConversion.IsOlder(kind, item)
        ? change.Frame(version.Head)
        : WatchFrame.Encode(type, version.Head, VersionConversion.Bytes(kind, version, item));

    public byte[] Bookmark(long revision, bool initialEnd) => WatchFrame.Encode("BOOKMARK", ObjectJson.ToBytes(new JsonObject
    {
        ["kind"] = version.Kind,
        ["apiVersion"] = version.ApiVersion,
        ["metadata"] = WatchSession.BookmarkObject(revision, initialEnd),
    }));
}
