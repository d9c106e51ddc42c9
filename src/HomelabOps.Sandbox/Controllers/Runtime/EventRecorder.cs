using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>
/// Writes events, one after the other and apart from those who tell them: nobody waits for an event. The same about the same object is one
/// event whose count goes up, as the recorders of Kubernetes do it. Like them it knows the latest only, and what cannot be written because
/// the server does not answer is tried again for a while; the others do not wait for that.
/// </summary>
internal sealed class EventRecorder : IAsyncDisposable
{
    /// <summary>So many events count up; what is told again after so many others is an event of its own.</summary>
    internal const int Remembered = 4096;

    /// <summary>How often an event is tried in all.</summary>
    internal const int Tries = 12;

    /// <summary>Between two tries, by the homelab's clock.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly RecentTable<(string Source, string Uid, string Type, string Reason, string Message, string? Field), Known> _known = new(Remembered);
    private readonly Channel<Known> _queue = Channel.CreateUnbounded<Known>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly ClusterClient _client;
    private readonly TimeProvider _clock;
    private readonly Task _writing;
    private long _named;
    private int _open;

    public EventRecorder(ClusterClient client, TimeProvider clock)
    {
        (_client, _clock) = (client, clock);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>True when all that was told is written, but for what is tried again later.</summary>
    public bool IsIdle => Volatile.Read(ref _open) == 0;

    /// <summary>Tells that something happened.</summary>
    /// <param name="source">Who tells it.</param>
    /// <param name="about">The object that it is about.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">One word.</param>
    /// <param name="message">What it says.</param>
    /// <param name="host">The node of the one who tells it.</param>
    /// <param name="field">The part of the object, such as <c>spec.containers{name}</c>.</param>
    public void Record(string source, JsonObject about, string type, string reason, string message, string? host = null, string? field = null)
    {
        var known = _known.GetOrAdd((source, Cells.Text(about, "metadata.uid"), type, reason, message, field), () => new(source));
        var now = Timestamps.Format(_clock.GetUtcNow());
        lock (known)
        {
            if (known.Event is null)
            {
                known.Event = Event(source, about, Cells.Text(about, "metadata.namespace", "default"), type, reason, message, now);
                known.Event["metadata"]!["name"] = NewName(about);
                Place(known.Event, host, field);
            }

            (known.Count, known.Last) = (known.Count + 1, now);
            if (known.IsQueued)
            {
                return;
            }

            known.IsQueued = true;
        }

        Enqueue(known);
    }

    /// <summary>Tells what a kubelet has to tell of an object.</summary>
    public void Record(JsonObject about, string node, IEnumerable<PodEvent> events)
    {
        foreach (var told in events)
        {
            Record("kubelet", about, told.Type, told.Reason, told.Message, node, told.Container);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writing;
        _stopping.Dispose();
    }

    private void Enqueue(Known known)
    {
        Interlocked.Increment(ref _open);
        if (!_queue.Writer.TryWrite(known))
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var known in _queue.Reader.ReadAllAsync(_stopping.Token))
            {
                await WriteAsync(known);
                Interlocked.Decrement(ref _open);
            }
        }
        catch (OperationCanceledException)
        {
            // It stops; what was told last is lost, as when a real controller ends.
        }
    }

    private async Task WriteAsync(Known known)
    {
        try
        {
            JsonObject item;
            lock (known)
            {
                known.IsQueued = false;
                (known.Event!["count"], known.Event["lastTimestamp"]) = (known.Count, known.Last);
                item = known.Event.DeepClone().AsObject();
            }

            if (known.Name is not { } name || !await CountAsync(item, name))
            {
                known.Name = ObjectName.Of(await _client.CreateAsync(ResourceType.Event, Cells.Text(item, "metadata.namespace"), item, _stopping.Token, new WriteOptions { FieldManager = known.Source }));
            }

            known.Failures = 0;
        }
        catch (HomelabException error)
        {
            // Whoever refuses an event, as in a namespace that ends, refuses it again. It is worth no failure of what it tells about.
            if (error.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout && known.Failures < Tries - 1)
            {
                known.Failures++;
                TryLater(known);
            }
            else
            {
                known.Failures = 0;
            }
        }
    }

    // By the time, so that whoever sorts events by their names has them in order.
    private string NewName(JsonObject about)
    {
        var now = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        long before, next;
        do
        {
            before = Interlocked.Read(ref _named);
            next = Math.Max(now, before + 1);
        }
        while (Interlocked.CompareExchange(ref _named, next, before) != before);
        return string.Create(CultureInfo.InvariantCulture, $"{Cells.Text(about, "metadata.name")}.{next:x}");
    }

    private void TryLater(Known known)
    {
        lock (known)
        {
            if (known.IsQueued)
            {
                return;
            }

            // What is told meanwhile counts up and does not come sooner.
            known.IsQueued = true;
        }

        _ = Task.Delay(Pause, _clock, _stopping.Token).ContinueWith(_ => Enqueue(known), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private async Task<bool> CountAsync(JsonObject item, ObjectName name)
    {
        try
        {
            var patch = new JsonObject { ["count"] = item["count"]!.DeepClone(), ["lastTimestamp"] = item["lastTimestamp"]!.DeepClone() };
            await _client.PatchAsync(ResourceType.Event, name.Namespace, name.Name, PatchKind.Merge, patch, _stopping.Token);
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
            ["metadata"] = new JsonObject { ["namespace"] = @namespace },
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

    private sealed class Known(string source)
    {
        public string Source => source;

        public JsonObject? Event { get; set; }

        public ObjectName? Name { get; set; }

        public int Count { get; set; }

        public string Last { get; set; } = "";

        // Also while it waits to be tried again.
        public bool IsQueued { get; set; }

        public int Failures { get; set; }
    }
}
