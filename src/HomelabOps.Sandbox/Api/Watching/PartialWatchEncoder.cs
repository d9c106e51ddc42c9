using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Watching;

/// <summary>Metadata only.</summary>
internal sealed class PartialWatchEncoder(string metaVersion) : IWatchEncoder
{
    public byte[] Encode(string type, StoredObject item, StoreEvent? change) => WatchFrame.Encode(type, ObjectJson.ToBytes(TableWriter.Partial(item.ToNode(), metaVersion)));

    public byte[] Bookmark(long revision, bool initialEnd) => WatchFrame.Encode("BOOKMARK", ObjectJson.ToBytes(new JsonObject
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/" + metaVersion,
        ["metadata"] = WatchSession.BookmarkObject(revision, initialEnd),
    }));
}
