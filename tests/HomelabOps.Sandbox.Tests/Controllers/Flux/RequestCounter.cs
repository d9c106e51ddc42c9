using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>Counts the requests of this process to one server, but for watches.</summary>
internal sealed class RequestCounter(Uri server) : EventListener
{
    private readonly ConcurrentQueue<string> _paths = [];

    public IReadOnlyCollection<string> Paths => _paths;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Net.Http")
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Scheme, host, port, path.
        if (eventData is { EventName: "RequestStart", Payload: [_, _, int port, string path, ..] } && server is not null && port == server.Port && !path.Contains("watch=", StringComparison.Ordinal))
        {
            _paths.Enqueue(path[(path.IndexOf("/api", StringComparison.Ordinal) + 1)..]);
        }
    }
}
