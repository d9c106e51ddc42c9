using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>Conditions in a status.</summary>
internal static class Conditions
{
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
