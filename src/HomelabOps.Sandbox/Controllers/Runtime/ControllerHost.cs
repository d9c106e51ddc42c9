using System.Collections.Concurrent;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>
/// Runs controllers against an API server: the sandbox's or a real one. They share one watch a type. What a controller must know
/// before it works it asks for in its constructor.
/// </summary>
internal sealed class ControllerHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ResourceType, Informer> _informers = new();
    private readonly List<Controller> _controllers = [];
    private readonly List<IDisposable> _owned = [];
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _following = [];
    private bool _isStarted;

    /// <param name="client">The API; it stays the caller's.</param>
    /// <param name="clock">Time of the homelab: of intervals, grace periods, time stamps.</param>
    /// <param name="seed">Makes what controllers choose the same in each run.</param>
    public ControllerHost(ClusterClient client, TimeProvider clock, int seed = 1)
    {
        Client = client;
        Clock = clock;
        Seed = seed;
        Events = new EventRecorder(client, clock);
    }

    public ClusterClient Client { get; }

    public TimeProvider Clock { get; }

    public int Seed { get; }

    public EventRecorder Events { get; }

    /// <summary>Faults of the controllers themselves, for tests: there ought to be none.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>True when no controller has anything to do at this moment.</summary>
    public bool IsIdle => _controllers.TrueForAll(controller => controller.IsIdle) && Events.IsIdle;

    /// <summary>True when no controller but some, which may wait for the others, has anything to do.</summary>
    public bool IsIdleBut(Func<Controller, bool> isOther) => _controllers.TrueForAll(controller => isOther(controller) || controller.IsIdle) && Events.IsIdle;

    /// <summary>True while a controller of this kind has something to do.</summary>
    public bool IsAtWork<T>()
        where T : Controller => _controllers.OfType<T>().Any(controller => !controller.IsIdle);

    /// <summary>The watch of a type, shared by all. One that is asked for after the start begins at once.</summary>
    public Informer Informer(ResourceType type)
    {
        if (_informers.TryGetValue(type, out var known))
        {
            return known;
        }

        lock (_controllers)
        {
            var informer = _informers.GetOrAdd(type, _ => new Informer(Client, type));
            if (_isStarted)
            {
                _following.Add(Task.Run(() => informer.RunAsync(_stopping.Token), CancellationToken.None));
            }

            return informer;
        }
    }

    /// <summary>The watch of a type, if anybody follows it.</summary>
    public Informer? FindInformer(ResourceType type) => _informers.GetValueOrDefault(type);

    /// <summary>Adds a controller; it begins with <see cref="StartAsync"/>.</summary>
    public T Add<T>(T controller)
        where T : Controller
    {
        _controllers.Add(controller);
        return controller;
    }

    /// <summary>Disposes of something after the controllers that use it.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>Starts the watches, waits until they know everything, and starts the controllers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Informer[] informers;
        lock (_controllers)
        {
            informers = [.. _informers.Values];
            _isStarted = true;
            foreach (var informer in informers)
            {
                _following.Add(Task.Run(() => informer.RunAsync(_stopping.Token), CancellationToken.None));
            }
        }

        await Task.WhenAll(informers.Select(informer => informer.Synchronized)).WaitAsync(cancellationToken);
        foreach (var controller in _controllers)
        {
            controller.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var controller in _controllers)
        {
            await controller.DisposeAsync();
        }

        await Events.DisposeAsync();
        await _stopping.CancelAsync();
        await Task.WhenAll(_following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _owned.ForEach(resource => resource.Dispose());
    }

    /// <summary>Remembers a fault of a controller.</summary>
    internal void Report(string controller, ObjectName name, Exception error) => _faults.Enqueue($"{controller} {name}: {error}");
}
