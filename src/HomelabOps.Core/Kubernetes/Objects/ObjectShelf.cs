using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Discovery;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>
/// Gets many objects of any kinds with few requests, and keeps them: a few of a type one by one, more of it as a list. A
/// kind that may not be read in all namespaces is read in those that matter.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="isMetadataEnough">Types of which only the metadata is read, such as Secrets.</param>
internal sealed class ObjectShelf(ClusterClient client, Func<ResourceType, bool> isMetadataEnough)
{
    // So many of a type are read one by one; for more a list costs less.
    private const int MostSingleReads = 4;

    // Most types have few objects: a handshake for each would cost more than waiting for a connection in use.
    private const int ConcurrentReads = 4;

    private readonly Dictionary<ObjectKey, ShelfEntry> _entries = [];
    private readonly Dictionary<(string Group, string Kind), ServedResource?> _types = [];
    private readonly Dictionary<ResourceType, int> _reads = [];
    private readonly Lock _gate = new();

    /// <summary>Types that may not be read, or not in full.</summary>
    public IReadOnlyCollection<ResourceType> Denied => [.. _entries.Values.Where(entry => entry.Failure?.Kind == ErrorKind.PermissionDenied).Select(entry => entry.Type!).Distinct()];

    /// <summary>All objects of a kind that have been read so far.</summary>
    public IEnumerable<KeyValuePair<ObjectKey, ShelfEntry>> All(string group, string kind) =>
        _entries.Where(entry => entry.Value.Json is not null && entry.Key.Group == group && entry.Key.Kind == kind);

    /// <summary>The type of a kind; null when none is served.</summary>
    public async Task<ResourceType?> TypeAsync(string group, string kind, CancellationToken cancellationToken)
    {
        await FindTypesAsync([(group, kind)], cancellationToken);
        return _types[(group, kind)]?.Type;
    }

    /// <summary>One object.</summary>
    public async Task<ShelfEntry> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        await LoadAsync([key], cancellationToken);
        return _entries[key];
    }

    /// <summary>One of the objects that were loaded.</summary>
    public ShelfEntry Of(ObjectKey key) => _entries[key];

    /// <summary>Reads what is not here yet.</summary>
    /// <exception cref="HomelabException">The cluster cannot be talked to.</exception>
    public async Task LoadAsync(IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        // What was missing in an earlier list may have come into being since.
        var wanted = keys.Where(key => !_entries.TryGetValue(key, out var entry) || entry is { Json: null, Failure: null, Type: not null }).Distinct().ToList();
        await FindTypesAsync([.. wanted.Select(key => (key.Group, key.Kind))], cancellationToken);
        foreach (var key in wanted)
        {
            _entries[key] = new(_types[(key.Group, key.Kind)]?.Type, null, null);
        }

        using var turns = new SemaphoreSlim(ConcurrentReads);
        await Task.WhenAll(wanted.Where(key => _entries[key].Type is not null).GroupBy(key => _entries[key].Type!)
            .Select(group => LoadTypeAsync(group.Key, [.. group], turns, cancellationToken)));
    }

    /// <summary>Reads all objects of a type.</summary>
    /// <returns>Why it could not be read; null when it was.</returns>
    public async Task<HomelabException?> LoadAllAsync(ResourceType type, string? @namespace, CancellationToken cancellationToken)
    {
        try
        {
            await ListAsync(type, @namespace, cancellationToken);
            return null;
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return error;
        }
    }

    private async Task LoadTypeAsync(ResourceType type, List<ObjectKey> keys, SemaphoreSlim turns, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            int reads;
            lock (_gate)
            {
                reads = _reads[type] = _reads.GetValueOrDefault(type) + keys.Count;
            }

            if (reads > MostSingleReads)
            {
                await LoadListAsync(type, keys, cancellationToken);
                return;
            }

            foreach (var key in keys)
            {
                await LoadOneAsync(type, key, cancellationToken);
            }
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task LoadListAsync(ResourceType type, List<ObjectKey> keys, CancellationToken cancellationToken)
    {
        var spaces = keys.Select(key => key.Namespace).Distinct(StringComparer.Ordinal).ToList();
        if (spaces.Count > 1)
        {
            var failure = await LoadAllAsync(type, null, cancellationToken);
            if (failure is not { Kind: ErrorKind.PermissionDenied })
            {
                Fail(type, failure is null ? [] : keys, failure);
                return;
            }
        }

        foreach (var space in spaces)
        {
            if (await LoadAllAsync(type, space.Length == 0 ? null : space, cancellationToken) is { } failure)
            {
                Fail(type, keys.Where(key => key.Namespace == space), failure);
            }
        }
    }

    private async Task LoadOneAsync(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
    {
        if (!ResourceType.CanBeNamed(key.Name))
        {
            return;
        }

        try
        {
            var accept = isMetadataEnough(type) ? NameReader.MetadataOfOne : "application/json";
            if (await client.FindAsync(type, key.Namespace, key.Name, ObjectNodeContext.Default.ObjectNode, cancellationToken, accept) is { } found)
            {
                Put(type, key.Kind, found);
            }
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            Fail(type, [key], error);
        }
    }

    private async Task ListAsync(ResourceType type, string? @namespace, CancellationToken cancellationToken)
    {
        var accept = isMetadataEnough(type) ? NameReader.MetadataOnly : "application/json";
        await foreach (var item in client.ListAsync(type, new ListQuery { Namespace = @namespace }, ObjectNodeContext.Default.ObjectNode, accept: accept, cancellationToken: cancellationToken))
        {
            Put(type, type.Kind, item);
        }
    }

    private void Put(ResourceType type, string kind, ObjectNode item)
    {
        // Items of lists lack both, and those that are metadata only have others.
        item.Json["apiVersion"] = type.ApiVersion;
        item.Json["kind"] = kind;
        (item.Json["metadata"] as JsonObject)?.Remove("managedFields");
        if (type == ResourceType.CustomResourceDefinition)
        {
            // The schemas are most of a definition, and of no use here.
            item.Json.Remove("spec");
        }

        lock (_gate)
        {
            _entries[new(type.Group, kind, item.Metadata.Namespace ?? "", item.Metadata.Name)] = new(type, item.Json, null);
        }
    }

    private void Fail(ResourceType type, IEnumerable<ObjectKey> keys, HomelabException? failure)
    {
        lock (_gate)
        {
            foreach (var key in keys.Where(key => _entries[key].Json is null))
            {
                _entries[key] = new(type, null, failure);
            }
        }
    }

    // Asked again before a kind is said to be missing: it may be newer than what is remembered.
    private async Task FindTypesAsync(IReadOnlyCollection<(string Group, string Kind)> kinds, CancellationToken cancellationToken)
    {
        var unknown = kinds.Distinct().Where(kind => !_types.ContainsKey(kind)).ToList();
        await LookUpAsync(unknown, cancellationToken);
        if (unknown.Exists(kind => _types[kind] is null) && await client.Discovery.ForgetAsync(cancellationToken))
        {
            await LookUpAsync(unknown, cancellationToken);
        }
    }

    private async Task LookUpAsync(List<(string Group, string Kind)> kinds, CancellationToken cancellationToken)
    {
        foreach (var group in kinds.GroupBy(kind => kind.Group, StringComparer.Ordinal))
        {
            IReadOnlyList<ServedResource> served = [];
            try
            {
                served = await client.Discovery.ResourcesAsync([group.Key], cancellationToken);
            }
            catch (HomelabException error) when (error.Id is nameof(Errors.ClusterError) or nameof(Errors.ResourceTypeNotServed))
            {
                // A server of its own that does not run keeps nobody from the other groups.
            }

            foreach (var kind in group)
            {
                _types[kind] = served.FirstOrDefault(type => type.Kind == kind.Kind);
            }
        }
    }
}
