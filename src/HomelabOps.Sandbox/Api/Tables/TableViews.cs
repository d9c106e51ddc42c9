using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Finds how a kind is shown.</summary>
internal static class TableViews
{
    public static TableColumn Name { get; } = new("Name", Format: "name", Description: "The name of the object, unique among those of its kind in its namespace.");

    public static TableColumn Age { get; } = new("Age");

    private static readonly TableView Plain = new(
        [Name, new("Created At", "date")],
        static (item, _) => [NameOf(item), (string?)item["metadata"]?["creationTimestamp"]]);

    private static readonly Dictionary<string, TableView> Builtin = new[] { CoreViews.All, WorkloadViews.All, NetworkViews.All, PolicyViews.All }
        .SelectMany(views => views).ToDictionary(StringComparer.Ordinal);

    public static TableView Of(ResourceKind kind, KindVersion version) => kind.IsCustom ? CustomViews.Of(version) : Builtin.GetValueOrDefault(kind.Resource) ?? Plain;

    public static string NameOf(JsonObject item) => (string?)item["metadata"]?["name"] ?? "";
}
