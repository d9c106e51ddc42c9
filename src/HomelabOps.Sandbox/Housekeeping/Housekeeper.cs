using System.Threading.Channels;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>
/// The parts of the controller manager without which an API server does not behave as one: it collects garbage, empties
/// namespaces, makes what each namespace has, says what quotas have left, and lets events expire. One worker, in the order of the writes.
/// </summary>
internal sealed class Housekeeper : IAsyncDisposable
{
    private readonly ApiServices _services;
    private readonly GarbageCollector _garbage;
    private readonly ObjectProtection _protection;
    private readonly QuotaStatus _quotas;
    private readonly Channel<(Collection Collection, StoreEvent Change)> _changes = Channel.CreateUnbounded<(Collection, StoreEvent)>(new() { SingleReader = true });
    private readonly EventExpiry _events;
    private readonly Task _working;

    public Housekeeper(ApiServices services)
    {
        _services = services;
        _garbage = new GarbageCollector(services);
        _protection = new ObjectProtection(services);
        _quotas = new QuotaStatus(services);
        _events = new EventExpiry(services.Context.Clock);
        services.Context.Store.Written += OnWritten;
        _working = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _services.Context.Store.Written -= OnWritten;
        _events.Dispose();
        _changes.Writer.TryComplete();
        await _working;
    }

    // Most writes are no concern of it.
    private void OnWritten(Collection collection, StoreEvent change)
    {
        _events.Note(collection, change);
        if (change.Deleted || change.After.IsDeleting || change.After.Owners.Length > 0 || collection.Resource == "namespaces" || (change.Before is not null && ObjectProtection.Concerns(collection)) || _quotas.Concerns(collection, change))
        {
            _changes.Writer.TryWrite((collection, change));
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var (collection, change) in _changes.Reader.ReadAllAsync())
        {
            try
            {
                Handle(collection, change);
            }
            catch (ApiException)
            {
                // The object has changed or gone since; what follows from that comes as a change of its own.
            }
        }
    }

    private void Handle(Collection collection, StoreEvent change)
    {
        if (collection.Resource == "namespaces")
        {
            Namespace(collection, change);
        }

        _garbage.Handle(collection, change);
        _protection.Handle(collection, change);
        _quotas.Handle(collection, change);
        if (change.Deleted && change.After.Key.Namespace is { Length: > 0 } name && _services.Context.Collection("v1", "Namespace").Find(new("", name)) is { } owner)
        {
            if (owner.IsDeleting)
            {
                NamespaceContent.Empty(_services, owner);
            }
            else if (NamespaceContent.Has(collection.Resource, change.After.Key.Name))
            {
                NamespaceContent.Ensure(_services, name);
            }
        }
    }

    private void Namespace(Collection collection, StoreEvent change)
    {
        if (change.Before is null && !change.Deleted)
        {
            NamespaceContent.Ensure(_services, change.After.Key.Name);
        }
        else if (change.After.IsDeleting && collection.Find(change.After.Key) is { } present)
        {
            NamespaceContent.Empty(_services, present);
        }
    }
}
