using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>The status of an object of Flux on its way through an attempt.</summary>
internal sealed class FluxStatus
{
    private readonly TimeProvider _clock;
    private readonly long _generation;
    private JsonObject _written;

    public FluxStatus(JsonObject item, TimeProvider clock)
    {
        _clock = clock;
        _generation = Cells.Number(item, "metadata.generation");
        _written = item["status"] as JsonObject ?? [];
        Fields = _written.DeepClone().AsObject();
        Token = (string?)item["metadata"]?["annotations"]?[FluxController.RequestedAt];
        IsRequested = Token is not null && Token != (string?)_written["lastHandledReconcileAt"];
    }

    /// <summary>All fields, to be changed.</summary>
    public JsonObject Fields { get; }

    /// <summary>The request that this attempt answers; null when nobody ever asked.</summary>
    public string? Token { get; }

    /// <summary>The request has not been answered yet.</summary>
    public bool IsRequested { get; }

    /// <summary>The newest spec has not been reconciled yet.</summary>
    public bool IsNewGeneration => Cells.Number(Fields, "observedGeneration") != _generation;

    public string Now => Timestamps.Format(_clock.GetUtcNow());

    public bool IsReady => Find("Ready") is { } ready && (string?)ready["status"] == "True";

    /// <summary>The attempt has begun: shown where there is something new to do.</summary>
    public void Begin(string message)
    {
        Set("Reconciling", "True", "Progressing", message);
        Set("Ready", "Unknown", "Progressing", "Reconciliation in progress");
        Remove("Stalled");
    }

    /// <summary>The attempt went well.</summary>
    public void Succeed(string reason, string message)
    {
        Remove("Reconciling");
        Remove("Stalled");
        Set("Ready", "True", reason, message);
        Fields["observedGeneration"] = _generation;
        Handle();
    }

    /// <summary>The attempt failed and is tried again. The generation that was observed stays the former one.</summary>
    public void Fail(string reason, string message)
    {
        Set("Ready", "False", reason, message);
        Set("Reconciling", "True", "ProgressingWithRetry", message);
        Handle();
    }

    /// <summary>Nothing helps but another spec.</summary>
    public void Stall(string reason, string message)
    {
        Remove("Reconciling");
        Set("Ready", "False", reason, message);
        Set("Stalled", "True", reason, message);
        Fields["observedGeneration"] = _generation;
        Handle();
    }

    public void Set(string type, string value, string reason, string message)
    {
        var conditions = Fields["conditions"] as JsonArray;
        if (conditions is null)
        {
            Fields["conditions"] = conditions = [];
        }

        if (Find(type) is not { } condition)
        {
            condition = new() { ["type"] = type };

            // Ready comes behind what explains it, as Flux sorts them.
            conditions.Insert(type is "Reconciling" or "Stalled" ? 0 : conditions.Count, condition);
        }

        if ((string?)condition["status"] != value || (string?)condition["reason"] != reason)
        {
            condition["lastTransitionTime"] = Now;
        }

        condition["status"] = value;
        condition["reason"] = reason;
        condition["message"] = message;
        condition["observedGeneration"] = _generation;
    }

    public void Remove(string type)
    {
        if (Find(type) is { } condition)
        {
            ((JsonArray)Fields["conditions"]!).Remove(condition);
        }
    }

    /// <summary>What differs from what was written, as a merge patch; null when nothing does.</summary>
    public JsonObject? Changes()
    {
        var changes = new JsonObject();
        foreach (var (name, value) in Fields.Where(field => !JsonNode.DeepEquals(field.Value, _written[field.Key])))
        {
            // A list is replaced as a whole, a map would be merged: what is gone from it has to be said.
            changes[name] = value is JsonObject now && _written[name] is JsonObject before ? Difference(before, now) : value?.DeepClone();
        }

        foreach (var (name, _) in _written.Where(field => !Fields.ContainsKey(field.Key)))
        {
            changes[name] = null;
        }

        return changes.Count == 0 ? null : changes;
    }

    public void Written() => _written = Fields.DeepClone().AsObject();

    private void Handle()
    {
        if (Token is not null)
        {
            Fields["lastHandledReconcileAt"] = Token;
        }
    }

    private JsonObject? Find(string type) => (Fields["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => (string?)condition["type"] == type);

    private static JsonObject Difference(JsonObject before, JsonObject now)
    {
        var result = now.DeepClone().AsObject();
        foreach (var (name, _) in before.Where(field => !now.ContainsKey(field.Key)))
        {
            result[name] = null;
        }

        return result;
    }
}
