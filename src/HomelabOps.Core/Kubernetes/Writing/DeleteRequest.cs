using System.Text.Json.Nodes;

namespace HomelabOps.Core.Kubernetes.Writing;

/// <summary>How an object is deleted.</summary>
internal sealed record DeleteRequest
{
    /// <summary>Seconds that a pod may take to end; null for what it says itself, 0 to forget it at once.</summary>
    public int? GracePeriodSeconds { get; init; }

    /// <summary>Foreground, Background or Orphan; null for the usual of the kind.</summary>
    public string? Propagation { get; init; }

    /// <summary>Only this very object, not one of the same name that came later.</summary>
    public string? Uid { get; init; }

    /// <summary>Only as long as the object is as it was read.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The server checks the deletion and does not carry it out.</summary>
    public bool DryRun { get; init; }

    internal JsonObject ToBody()
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (GracePeriodSeconds is { } seconds)
        {
            body["gracePeriodSeconds"] = seconds;
        }

        if (Propagation is not null)
        {
            body["propagationPolicy"] = Propagation;
        }

        if (Uid is not null || ResourceVersion is not null)
        {
            var conditions = new JsonObject();
            body["preconditions"] = conditions;
            if (Uid is not null)
            {
                conditions["uid"] = Uid;
            }

            if (ResourceVersion is not null)
            {
                conditions["resourceVersion"] = ResourceVersion;
            }
        }

        if (DryRun)
        {
            body["dryRun"] = new JsonArray("All");
        }

        return body;
    }
}
