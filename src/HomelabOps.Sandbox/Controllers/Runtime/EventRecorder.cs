using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Objects;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>Writes events. The same about the same object is one event whose count goes up, as the recorders of Kubernetes do it.</summary>
internal sealed class EventRecorder(ClusterClient client, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Source, string Uid, string Type, string Reason, string Message, string? Field), Known> _known = new();

    /// <param name="source">Who tells it.</param>
    /// <param name="about">The object that it is about.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">One word.</param>
    /// <param name="message">What it says.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="host">The node of the one who tells it.</param>
    /// <param name="field">The part of the object, such as <c>spec.containers{name}</c>.</param>
    public async Task RecordAsync(string source, JsonObject about, string type, string reason, string message, CancellationToken cancellationToken, string? host = null, string? field = null)
    {
        var metadata = about["metadata"]!;
        var known = _known.GetOrAdd((source, (string?)metadata["uid"] ?? "", type, reason, message, field), _ => new());
        await known.Gate.WaitAsync(cancellationToken);
        try
        {
            var now = Timestamps.Format(clock.GetUtcNow());
            if (known.Name is { } name && await CountAsync(known, name, now, cancellationToken))
            {
                return;
            }

            var @namespace = (string?)metadata["namespace"] is { Length: > 0 } own ? own : "default";
            var item = Event(source, about, @namespace, type, reason, message, now);
            Place(item, host, field);
            var created = await client.CreateAsync(ResourceType.Event, @namespace, item, cancellationToken, new WriteOptions { FieldManager = source });
            (known.Name, known.Count) = (ObjectName.Of(created), 1);
        }
        catch (HomelabException error) when (error.Kind is ErrorKind.ObjectNotFound or ErrorKind.PermissionDenied or ErrorKind.ResourceBusy)
        {
            // The namespace ends. An event is worth no failure of what it tells about.
        }
        finally
        {
            known.Gate.Release();
        }
    }

    private async Task<bool> CountAsync(Known known, ObjectName name, string now, CancellationToken cancellationToken)
    {
        try
        {
            await client.PatchAsync(ResourceType.Event, name.Namespace, name.Name, PatchKind.Merge, new JsonObject { ["count"] = known.Count + 1, ["lastTimestamp"] = now }, cancellationToken);
            known.Count++;
            return true;
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.ObjectNotFound)
        {
            return false;
        }
    }

    private static void Place(JsonObject item, string? host, string? field)
    {
        if (host is not null)
        {
            item["source"]!["host"] = host;
            item["reportingInstance"] = host;
        }

        if (field is not null)
        {
            item["involvedObject"]!["fieldPath"] = field;
        }
    }

    private static JsonObject Event(string source, JsonObject about, string @namespace, string type, string reason, string message, string now)
    {
        var metadata = about["metadata"]!;
        var involved = new JsonObject
        {
            ["apiVersion"] = about["apiVersion"]?.DeepClone(),
            ["kind"] = about["kind"]?.DeepClone(),
            ["name"] = metadata["name"]?.DeepClone(),
            ["uid"] = metadata["uid"]?.DeepClone(),
            ["resourceVersion"] = metadata["resourceVersion"]?.DeepClone(),
        };
        if (metadata["namespace"] is { } own)
        {
            involved["namespace"] = own.DeepClone();
        }

        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["generateName"] = $"{metadata["name"]}.", ["namespace"] = @namespace },
            ["involvedObject"] = involved,
            ["reason"] = reason,
            ["message"] = message,
            ["type"] = type,
            ["source"] = new JsonObject { ["component"] = source },
            ["reportingComponent"] = source,
            ["reportingInstance"] = "",
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
        };
    }

    private sealed class Known
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public ObjectName? Name { get; set; }

        public int Count { get; set; }
    }
}
