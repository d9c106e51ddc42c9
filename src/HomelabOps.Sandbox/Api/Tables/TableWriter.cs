using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Watching;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Makes the Table that kubectl shows of objects.</summary>
internal sealed class TableWriter(ResourceKind kind, KindVersion version, string tableVersion, string include, TimeProvider clock, TableView? view = null) : IWatchEncoder
{
    private readonly TableView _view = view ?? TableViews.Of(kind, version);
    private bool _columnsSent;

    public JsonObject List(ListPager.Page page)
    {
        var metadata = new JsonObject();
        page.Describe(metadata);
        return Table(metadata, page.Items, columns: true);
    }

    public JsonObject Single(StoredObject item) => Table(new() { ["resourceVersion"] = Version(item) }, [item], columns: true);

    public byte[] Encode(string type, StoredObject item, StoreEvent? change)
    {
        var table = Table(new() { ["resourceVersion"] = Version(item) }, [item], columns: !_columnsSent);
        _columnsSent = true;
        return WatchFrame.Encode(type, ObjectJson.ToBytes(table));
    }

    public byte[] Bookmark(long revision, bool initialEnd)
    {
        var table = Table(new() { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) }, [], columns: !_columnsSent);
        _columnsSent = true;
        if (initialEnd)
        {
            table["metadata"]!["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        return WatchFrame.Encode("BOOKMARK", ObjectJson.ToBytes(table));
    }

    private JsonObject Table(JsonObject metadata, IReadOnlyList<StoredObject> items, bool columns)
    {
        var now = new TableClock(clock.GetUtcNow());
        var rows = new JsonArray();
        foreach (var item in items)
        {
            var node = VersionConversion.IsOlder(kind, item) ? VersionConversion.Read(kind, version, item) : item.ToNode();
            var cells = new JsonArray();
            foreach (var cell in _view.Cells(node, now))
            {
                cells.Add(cell switch
                {
                    null => null,
                    JsonNode value => value,
                    string text => JsonValue.Create(text),
                    long number => JsonValue.Create(number),
                    int number => JsonValue.Create(number),
                    _ => throw new InvalidOperationException($"A cell of {kind.Resource} is a {cell.GetType().Name}."),
                });
            }

            var row = new JsonObject { ["cells"] = cells };
            switch (include)
            {
                case "Object":
                    row["object"] = VersionConversion.Read(kind, version, item);
                    break;
                case "Metadata":
                    row["object"] = Partial(node, tableVersion);
                    break;
            }

            rows.Add(row);
        }

        return new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/" + tableVersion,
            ["metadata"] = metadata,
            ["columnDefinitions"] = columns ? new JsonArray([.. _view.Columns.Select(column => column.ToNode())]) : new JsonArray(),
            ["rows"] = rows,
        };
    }

    public static JsonObject Partial(JsonObject node, string metaVersion) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/" + metaVersion,
        ["metadata"] = node["metadata"]!.DeepClone(),
    };

    private static string Version(StoredObject item) => item.Revision.ToString(CultureInfo.InvariantCulture);
}
