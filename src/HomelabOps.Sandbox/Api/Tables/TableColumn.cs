using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>A column of a table.</summary>
internal sealed record TableColumn(string Name, string Type = "string", int Priority = 0, string Format = "", string Description = "")
{
    public JsonObject ToNode() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Format,
        ["description"] = Description,
        ["priority"] = Priority,
    };
}
