using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Discovery;

/// <summary>Finds out which types a server serves and in which version, so that none is hard-coded.</summary>
internal sealed class ApiDiscovery(ClusterClient client, DiscoveryCache? cache) : IDisposable
{
    private const string AggregatedAccept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>How long nobody looks again for what was not found.</summary>
    internal TimeSpan BelievedFor { get; set; } = TimeSpan.FromSeconds(5);

    private DiscoverySnapshot? _snapshot;

    public void Dispose() => _gate.Dispose();

    /// <summary>The listable types of the groups; empty for those the server does not know. Fresh when the cache lacks all of them.</summary>
    public Task<IReadOnlyList<ServedResource>> ResourcesAsync(IReadOnlyCollection<string> groups, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<ServedResource>>(
        groups, snapshot => [.. groups.Where(snapshot.Resources.ContainsKey).SelectMany(group => snapshot.Resources[group])], cancellationToken);

    /// <summary>All listable types. A group whose own server is broken is left out, as kubectl does.</summary>
    public async Task<IReadOnlyList<ServedResource>> AllAsync(CancellationToken cancellationToken)
    {
        var groups = await ReadAsync([""], snapshot => snapshot.Groups.Keys.ToArray(), cancellationToken);
        try
        {
            return await ResourcesAsync(groups, cancellationToken);
        }
        catch (HomelabException error) when (error.Id is nameof(Errors.ClusterError) or nameof(Errors.ResourceTypeNotServed))
        {
            var types = new List<ServedResource>();
            foreach (var group in groups)
            {
                types.AddRange(await TryResourcesAsync(group, cancellationToken));
            }

            return types;
        }
    }

    /// <summary>The type that users call so, the core group first; null when none is served.</summary>
    public async Task<ServedResource?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = Match(await AllAsync(cancellationToken), name);

        // Asked again before it is said to be missing: it may be newer than what is remembered.
        return found is null && await ForgetAsync(cancellationToken) ? Match(await AllAsync(cancellationToken), name) : found;
    }

    /// <summary>
    /// Drops what is remembered, so that a type which was not found is looked for again. What is only a few seconds old is
    /// kept: a name that is misspelt need not cost a further round for each time that it is typed.
    /// </summary>
    /// <returns>Whether anything was dropped, so that asking again can help.</returns>
    public async Task<bool> ForgetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_snapshot is { } known && DateTimeOffset.UtcNow - known.Time < BelievedFor)
            {
                return false;
            }

            _snapshot = null;
            cache?.Remove(client.Endpoint);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    // A snapshot grows by the groups that are asked for, so it is changed and read behind the gate only.
    private async Task<T> ReadAsync<T>(IReadOnlyCollection<string> groups, Func<DiscoverySnapshot, T> select, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var cached = _snapshot = _snapshot is { IsFresh: true } ? _snapshot : cache?.Read(client.Endpoint);
            if (cached is null || !groups.Any(cached.Groups.ContainsKey))
            {
                // The cache may be older than the installation of all that is asked for.
                cached = await ReadGroupsAsync(cancellationToken);
            }

            if (await ReadMissingAsync(cached, groups, cancellationToken) || !ReferenceEquals(cached, _snapshot))
            {
                cache?.Write(client.Endpoint, cached);
            }

            _snapshot = cached;
            return select(cached);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IReadOnlyList<ServedResource>> TryResourcesAsync(string group, CancellationToken cancellationToken)
    {
        try
        {
            return await ResourcesAsync([group], cancellationToken);
        }
        catch (HomelabException error) when (error.Id is nameof(Errors.ClusterError) or nameof(Errors.ResourceTypeNotServed))
        {
            return [];
        }
    }

    private static ServedResource? Match(IReadOnlyList<ServedResource> types, string name) =>
        types.FirstOrDefault(type => type.Group.Length == 0 && type.IsCalled(name)) ?? types.FirstOrDefault(type => type.IsCalled(name));

    private async Task<DiscoverySnapshot> ReadGroupsAsync(CancellationToken cancellationToken)
    {
        var snapshot = new DiscoverySnapshot { Time = DateTimeOffset.UtcNow };
        foreach (var path in new[] { "api", "apis" })
        {
            var request = new ApiRequest("get", "/" + path) { Accept = AggregatedAccept };
            using var response = await client.SendReadAsync(path, request, cancellationToken);
            var isAggregated = response.Content.Headers.ContentType?.ToString().Contains("apidiscovery", StringComparison.Ordinal) == true;
            if (isAggregated)
            {
                AddAggregated(snapshot, await client.ReadBodyAsync(response, WireContext.Default.AggregatedDiscoveryWire, request, cancellationToken));
            }
            else if (path == "api")
            {
                snapshot.Groups[""] = ["v1"];
            }
            else
            {
                var list = await client.ReadBodyAsync(response, WireContext.Default.ApiGroupListWire, request, cancellationToken);
                foreach (var group in list.Groups)
                {
                    snapshot.Groups[group.Name] = Order(group);
                }
            }
        }

        return snapshot;
    }

    private static List<string> Order(ApiGroupWire group) =>
        [.. group.Versions.Select(v => v.Version).OrderBy(v => v != group.PreferredVersion?.Version)];

    private static void AddAggregated(DiscoverySnapshot snapshot, AggregatedDiscoveryWire list)
    {
        foreach (var group in list.Items)
        {
            snapshot.Groups[group.Metadata.Name] = [.. group.Versions.Select(v => v.Version)];
            snapshot.Resources[group.Metadata.Name] = Collect(group.Versions.Select(version => version.Resources.Select(resource => new ServedResource
            {
                Group = group.Metadata.Name,
                Version = version.Version,
                Plural = resource.Resource,
                Kind = resource.ResponseKind?.Kind ?? "",
                Namespaced = resource.Scope == "Namespaced",
                Singular = resource.SingularResource ?? "",
                ShortNames = resource.ShortNames ?? [],
                Verbs = resource.Verbs ?? [],
            })));
        }
    }

    // Without aggregated discovery each version of a group is a request of its own.
    private async Task<bool> ReadMissingAsync(DiscoverySnapshot snapshot, IReadOnlyCollection<string> groups, CancellationToken cancellationToken)
    {
        var missing = groups.Where(group => snapshot.Groups.ContainsKey(group) && !snapshot.Resources.ContainsKey(group)).ToArray();
        var read = await Task.WhenAll(missing.Select(async group =>
            (Group: group, Types: Collect(await Task.WhenAll(snapshot.Groups[group].Select(version => ReadVersionAsync(group, version, cancellationToken)))))));
        foreach (var (group, types) in read)
        {
            snapshot.Resources[group] = types;
        }

        return missing.Length > 0;
    }

    private async Task<IEnumerable<ServedResource>> ReadVersionAsync(string group, string version, CancellationToken cancellationToken)
    {
        var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
        var list = await client.GetAsync(path, WireContext.Default.ApiResourceListWire, new ApiRequest("get", "/" + path), cancellationToken);
        return list.Resources.Select(resource => new ServedResource
        {
            Group = group,
            Version = version,
            Plural = resource.Name,
            Kind = resource.Kind,
            Namespaced = resource.Namespaced,
            Singular = resource.SingularName ?? "",
            ShortNames = resource.ShortNames ?? [],
            Verbs = resource.Verbs ?? [],
        });
    }

    // A group's preferred version need not serve all its types (Flux' Alert and Receiver differ), so each is taken from the first that does.
    private static List<ServedResource> Collect(IEnumerable<IEnumerable<ServedResource>> versions) =>
        [.. versions.SelectMany(types => types)
            .Where(type => !type.Plural.Contains('/', StringComparison.Ordinal) && type.Verbs.Contains("list"))
            .DistinctBy(type => type.Plural)];
}
