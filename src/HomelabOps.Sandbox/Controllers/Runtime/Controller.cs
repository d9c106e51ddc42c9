using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>
/// Brings objects to where they ought to be, one name at a time, as an ordinary client of the API. What it watches it says
/// in its constructor.
/// </summary>
internal abstract class Controller : IAsyncDisposable
{
    private readonly WorkQueue _queue;
    private readonly CancellationTokenSource _stopping = new();
    private Task _working = Task.CompletedTask;

    /// <param name="host">What all controllers share.</param>
    /// <param name="manager">Who it is to the API: field manager, and source of events.</param>
    /// <param name="tenure">When it works; null for one that always does, since it is no pod of the cluster.</param>
    protected Controller(ControllerHost host, string manager, Tenure? tenure = null)
    {
        Host = host;
        Tenure = tenure;
        Objects = new ObjectClient(host, manager);
        _queue = new WorkQueue(host.Clock, name => Rank(name));
        Stopping = _stopping.Token;
    }

    /// <summary>True when it has nothing to do at this moment; what is due later does not count.</summary>
    public virtual bool IsIdle => _queue.IsIdle || Tenure?.IsHeld == false;

    /// <summary>True when it has nothing to do but for some workers that wait for others.</summary>
    protected bool IsIdleBut(int workers) => _queue.IsIdleBut(workers) || Tenure?.IsHeld == false;

    protected ControllerHost Host { get; }

    protected ObjectClient Objects { get; }

    protected Tenure? Tenure { get; }

    protected TimeProvider Clock => Host.Clock;

    /// <summary>Ends what goes on beside the queue; it would hold a homelab that has ended.</summary>
    protected CancellationToken Stopping { get; }

    protected virtual int Workers => 2;

    /// <summary>Begins to work; the informers are synchronized by then.</summary>
    public virtual void Start() => _working = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));

    public virtual async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _queue.Dispose();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Follows a type; every change of it makes these names to be looked at.</summary>
    protected Informer Watch(ResourceType type, Func<JsonObject, IEnumerable<ObjectName>> concerned) =>
        Watch(type, change => change.Before is null || change.After is null
            ? concerned(change.Latest)
            : concerned(change.Before).Concat(concerned(change.After)));

    protected Informer Watch(ResourceType type, Func<ObjectChange, IEnumerable<ObjectName>> concerned)
    {
        var informer = Host.Informer(type);
        informer.OnChange(change =>
        {
            foreach (var name in concerned(change))
            {
                _queue.Add(name);
            }
        });
        return informer;
    }

    /// <summary>Follows the type that it reconciles.</summary>
    protected Informer Watch(ResourceType type) => Watch(type, item => [ObjectName.Of(item)]);

    protected void Enqueue(ObjectName name) => _queue.Add(name);

    protected void EnqueueAfter(ObjectName name, TimeSpan delay) => _queue.AddAfter(name, delay);

    /// <summary>Takes back what was planned for later.</summary>
    protected void CancelPlanned(ObjectName name) => _queue.Cancel(name);

    /// <summary>How much sooner than others a name is looked at.</summary>
    protected virtual long Rank(ObjectName name) => 0;

    /// <summary>Looks at one name. A conflict or any other failure of the API makes it come back soon.</summary>
    /// <returns>When it wants to look again without being told, or null.</returns>
    protected abstract Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken);

    private async Task WorkAsync()
    {
        var stop = _stopping.Token;
        while (!stop.IsCancellationRequested)
        {
            using var shift = CancellationTokenSource.CreateLinkedTokenSource(stop, Tenure is null ? default : await Tenure.BeginAsync(stop));
            while (!shift.IsCancellationRequested)
            {
                await NextAsync(shift.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task NextAsync(CancellationToken stop)
    {
        var name = await _queue.TakeAsync(stop);
        try
        {
            var again = await ReconcileAsync(name, stop);
            _queue.Forget(name);
            if (again is { } delay)
            {
                _queue.AddAfter(name, delay);
            }
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            // As a real controller: one name that fails must not end the others. What is no failure of the API is a fault of ours.
            if (error is not HomelabException)
            {
                Host.Report(GetType().Name, name, error);
            }

            _queue.AddFailed(name);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Whoever works on takes it up again.
            _queue.Add(name);
        }
        finally
        {
            _queue.Done(name);
        }
    }
}
