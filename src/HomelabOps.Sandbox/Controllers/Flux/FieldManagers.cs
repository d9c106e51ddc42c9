using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>
/// Takes over what people changed by kubectl: its entries in managedFields become those of the controller, so that the next apply
/// undoes whatever the manifest does not say. What flux itself or other controllers own stays theirs.
/// </summary>
internal static class FieldManagers
{
    // By what the names begin with: each of kubectl's commands has a manager of its own, such as kubectl-rollout.
    private static readonly string[] Undone = ["kubectl", "before-first-apply"];

    /// <summary>The list with the entries taken over; null when there are none.</summary>
    public static JsonArray? TakeOver(JsonObject live, string manager)
    {
        var entries = Cells.Items(live, "metadata.managedFields").ToList();
        var taken = entries.Where(entry => Undone.Any(name => Cells.Text(entry, "manager").StartsWith(name, StringComparison.Ordinal)) && Cells.Text(entry, "subresource").Length == 0).ToList();
        if (taken.Count == 0)
        {
            return null;
        }

        var kept = entries.Except(taken).Select(entry => entry.DeepClone().AsObject()).ToList();
        var own = kept.Find(entry => Cells.Text(entry, "manager") == manager && Cells.Text(entry, "operation") == "Apply");
        if (own is null)
        {
            own = new() { ["manager"] = manager, ["operation"] = "Apply", ["apiVersion"] = live["apiVersion"]!.DeepClone(), ["fieldsType"] = "FieldsV1", ["fieldsV1"] = new JsonObject() };
            kept.Add(own);
        }

        foreach (var entry in taken.Where(entry => Cells.Text(entry, "apiVersion") == Cells.Text(own, "apiVersion")))
        {
            Union((JsonObject)own["fieldsV1"]!, entry["fieldsV1"] as JsonObject ?? []);
        }

        return new JsonArray([.. kept]);
    }

    private static void Union(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (into[key] is JsonObject present && value is JsonObject more)
            {
                Union(present, more);
            }
            else if (!into.ContainsKey(key))
            {
                into[key] = value?.DeepClone();
            }
        }
    }
}
