using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>Conditions in a status.</summary>
internal static class Conditions
{
    /// <summary>A condition of an object; null where it has none of that type.</summary>
    public static JsonObject? Find(JsonObject item, string type) => Items(item, "status.conditions").FirstOrDefault(condition => Text(condition, "type") == type);

    /// <summary>Whether a pod, a node or an object of Flux says that it is ready.</summary>
    public static bool IsReady(JsonObject item) => Text(Find(item, "Ready"), "status") == "True";

    /// <summary>Sets a condition; the time of its transition stays when it does not change.</summary>
    public static void Set(JsonObject status, string type, string value, string now, string? reason = null, string? message = null)
    {
        if (status["conditions"] is not JsonArray conditions)
        {
            conditions = [];
            status["conditions"] = conditions;
        }

        var condition = conditions.OfType<JsonObject>().FirstOrDefault(item => (string?)item["type"] == type);
        if (condition is null)
        {
            condition = new() { ["type"] = type };
            conditions.Add(condition);
        }

        if ((string?)condition["status"] != value)
        {
            condition["status"] = value;
            condition["lastTransitionTime"] = now;
        }

        foreach (var (name, text) in (ReadOnlySpan<(string, string?)>)[("reason", reason), ("message", message)])
        {
            if (text is not null)
            {
                condition[name] = text;
            }
        }
    }
}
