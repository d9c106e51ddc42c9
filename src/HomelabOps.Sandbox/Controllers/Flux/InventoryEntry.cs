using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>An object that a Kustomization has applied, as its status lists it.</summary>
internal sealed record InventoryEntry(string Namespace, string Name, string Group, string Kind, string Version)
{
    public static InventoryEntry Of(JsonObject item)
    {
        var version = Cells.Text(item, "apiVersion").Split('/');
        return new(Cells.Text(item, "metadata.namespace"), Cells.Text(item, "metadata.name"), version.Length == 2 ? version[0] : "", Cells.Text(item, "kind"), version[^1]);
    }

    /// <summary>Reads an entry; null for what is none. Names with a colon are written with two underscores.</summary>
    public static InventoryEntry? Parse(JsonObject entry) => Cells.Text(entry, "id").Split('_') is { Length: >= 4 } parts
        ? new(parts[0], string.Join('_', parts[1..^2]).Replace("__", ":", StringComparison.Ordinal), parts[^2], parts[^1], Cells.Text(entry, "v"))
        : null;

    /// <summary>The list of a status.</summary>
    public static IReadOnlyList<InventoryEntry> Read(JsonObject status) => [.. Cells.Items(status, "inventory.entries").Select(Parse).OfType<InventoryEntry>()];

    /// <summary>Whether two entries mean the same object, whatever its version.</summary>
    public bool IsSame(InventoryEntry other) => this with { Version = other.Version } == other;

    public JsonObject ToJson() => new() { ["id"] = $"{Namespace}_{Name.Replace(":", "__", StringComparison.Ordinal)}_{Group}_{Kind}", ["v"] = Version };

    /// <summary><c>Kind/namespace/name</c>, as Flux writes it.</summary>
    public override string ToString() => Namespace.Length == 0 ? $"{Kind}/{Name}" : $"{Kind}/{Namespace}/{Name}";
}
