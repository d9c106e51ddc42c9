using System.Text.Json.Nodes;
using System.Threading.Channels;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Writes what kubelets tell, in order for each pod, beside their other work: a pod does not wait for its events.</summary>
internal sealed class PodEvents(ControllerHost host) : IAsyncDisposable
{
    private const int Writers = 2;
    private readonly Channel<Entry>[] _queues = [.. Enumerable.Range(0, Writers).Select(_ => Channel.CreateUnbounded<Entry>())];
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;
    private int _pending;

    public bool IsIdle => Volatile.Read(ref _pending) == 0;

    public void Start() => _writing = Task.WhenAll(_queues.Select(queue => Task.Run(() => WriteAsync(queue.Reader))));

    public void Add(JsonObject about, string node, IEnumerable<PodEvent> events)
    {
        var queue = _queues[(uint)ObjectName.Of(about).GetHashCode() % Writers];
        foreach (var each in events)
        {
            Interlocked.Increment(ref _pending);
            queue.Writer.TryWrite(new(about, node, each));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task WriteAsync(ChannelReader<Entry> entries)
    {
        await foreach (var (about, node, told) in entries.ReadAllAsync(_stopping.Token))
        {
            try
            {
                await host.Events.RecordAsync("kubelet", about, told.Type, told.Reason, told.Message, _stopping.Token, node, told.Container);
            }
            catch (Core.HomelabException)
            {
                // As a kubelet: an event that cannot be written is lost, the pod goes on.
            }
            finally
            {
                Interlocked.Decrement(ref _pending);
            }
        }
    }

    private readonly record struct Entry(JsonObject About, string Node, PodEvent Told);
}
