using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api;

/// <summary>A failure that the client is told of as a Status.</summary>
internal sealed class ApiException(int code, string reason, string message) : Exception(message)
{
    public int Code => code;

    public string Reason => reason;

    /// <summary>What the failure is about: name, group, kind.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>Where a list that expired may be taken up.</summary>
    public string? Continue { get; init; }

    /// <summary>What a strategic merge patch is told whose result does not fit into the type.</summary>
    public string? Misfit { get; init; }

    public int? RetryAfter { get; init; }

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue is null ? [] : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        if (Details is not null || RetryAfter is not null)
        {
            var details = Details?.DeepClone().AsObject() ?? [];
            if (RetryAfter is { } seconds)
            {
                details["retryAfterSeconds"] = seconds;
            }

            status["details"] = details;
        }

        status["code"] = code;
        return status;
    }
}
