using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>How a kind is shown: its columns and what each object has in them.</summary>
internal sealed record TableView(IReadOnlyList<TableColumn> Columns, Func<JsonObject, TableClock, object?[]> Cells);
