using System.Threading.Channels;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Watching;

/// <summary>A watch that runs, its changes as short texts, and the lines that a server sends to it.</summary>
internal sealed class WatchPlay : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly ClusterClient _client;

    public WatchPlay(ClusterClient client)
    {
        _client = client;
        Running = RunAsync();
    }

    public Task Running { get; }

    public static string Event(string type, string name, string version) => Line(type, FakeCluster.Item(name, version));

    public static string Bookmark(string version) => Line("BOOKMARK", FakeCluster.Item("", version));

    public static string Error(int code) => Line("ERROR", $$"""{"kind":"Status","metadata":{},"status":"Failure","message":"scripted","code":{{code}}}""");

    private static string Line(string type, string item) => $"{{\"type\":\"{type}\",\"object\":{item}}}\n";

    /// <summary>The next changes, each as kind, name and version.</summary>
    public async Task ExpectAsync(params string[] changes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var expected in changes)
        {
            try
            {
                Assert.Equal(expected, await _changes.Reader.ReadAsync(limit.Token));
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"'{expected}' did not come");
            }
        }
    }

    /// <summary>Nothing more has come.</summary>
    public void ExpectNothing() => Assert.False(_changes.Reader.TryRead(out var change), change);

    public async Task StopAsync()
    {
        await _cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Running.Soon());
    }

    public async ValueTask DisposeAsync()
    {
        await _cancel.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cancel.Dispose();
        _client.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var change in _client.WatchAsync(ResourceType.Pod, new ListQuery { Namespace = "media" }, WireContext.Default.PodWire, _cancel.Token))
            {
                _changes.Writer.TryWrite(change.Kind == WatchEventKind.Synchronized
                    ? "Synchronized"
                    : $"{change.Kind} {change.Object!.Metadata.Name} {change.Object.Metadata.ResourceVersion}");
            }
        }
        catch (Exception error)
        {
            _changes.Writer.TryComplete(error);
            throw;
        }
    }
}
