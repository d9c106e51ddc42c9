using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Tables of custom kinds, by the columns of their definition.</summary>
internal static class CustomViews
{
    public static TableView Of(KindVersion version)
    {
        var columns = version.Columns.Count > 0 ? version.Columns : [new("Age", "date", "", "", 0, ".metadata.creationTimestamp")];
        return new(
            [TableViews.Name, .. columns.Select(column => new TableColumn(column.Name, column.Type, column.Priority, column.Format, column.Description))],
            (item, clock) => [TableViews.NameOf(item), .. columns.Select(column => Cell(item, column, clock))]);
    }

    private static JsonNode? Cell(JsonObject item, KindVersion.CustomColumn column, TableClock clock)
    {
        var values = JsonPath.Find(item, column.Path);
        if (values.Count == 0 || values[0] is null)
        {
            return null;
        }

        var value = values[0]!;
        return column.Type switch
        {
            "date" => clock.Since(value is JsonValue ? JsonValue.Create(value.ToString()) : null),
            "string" when values.Count > 1 => string.Join(',', values.Select(Text)),
            "string" => Text(value),
            _ => value.DeepClone(),
        };
    }

    // Lists and objects in one line, as JSON.
    private static string Text(JsonNode? value) => value is JsonArray or JsonObject ? Encoding.UTF8.GetString(ObjectJson.ToBytes(value)) : value?.ToString() ?? "";
}
