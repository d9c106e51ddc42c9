using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Flux;

/// <summary>Finds out which objects HelmReleases consist of: by their inventory where the controller writes one, else by Helm's storage.</summary>
/// <param name="client">The cluster.</param>
/// <param name="shelf">Knows which kinds are served.</param>
internal sealed class HelmObjects(ClusterClient client, ObjectShelf shelf)
{
    // So many Secrets are read one by one. For more those of all releases cost less.
    private const int MostSingleReads = 4;

    private readonly Dictionary<ObjectKey, HelmInventory> _known = [];
    private readonly Dictionary<string, HomelabException> _denied = new(StringComparer.Ordinal);
    private ILookup<(string, string), ObjectKey>? _definitions;

    /// <summary>The objects of one release.</summary>
    public async Task<HelmInventory> OfAsync(ObjectKey key, JsonObject release, CancellationToken cancellationToken)
    {
        await LoadAsync([(key, release)], cancellationToken);
        return _known[key];
    }

    /// <summary>The objects of a release that was loaded.</summary>
    public HelmInventory Of(ObjectKey key) => _known[key];

    /// <summary>Reads what is not here yet.</summary>
    public async Task LoadAsync(IReadOnlyCollection<(ObjectKey Key, JsonObject Release)> releases, CancellationToken cancellationToken)
    {
        var stored = new List<(ObjectKey Key, string Namespace, string Name, string Space)>();
        foreach (var (key, release) in releases.Where(item => !_known.ContainsKey(item.Key)))
        {
            _known[key] = new(FluxInventory.Of(release) ?? [], null);
            if (FluxInventory.Of(release) is null && !FluxInventory.IsElsewhere(release) && HelmStorage.SecretOf(release) is var (space, name, target))
            {
                stored.Add((key, space, name, target));
            }
        }

        var deployed = stored.Count > MostSingleReads ? await ReadDeployedAsync(cancellationToken) : [];
        foreach (var (key, space, name, target) in stored)
        {
            _known[key] = await ReadAsync(key, deployed, space, name, target, cancellationToken);
        }
    }

    private async Task<Dictionary<(string, string), IReadOnlyList<JsonObject>>> ReadDeployedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await HelmStorage.ReadDeployedAsync(client, cancellationToken);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return [];
        }
    }

    private async Task<HelmInventory> ReadAsync(ObjectKey key, Dictionary<(string, string), IReadOnlyList<JsonObject>> deployed, string space, string name, string target, CancellationToken cancellationToken)
    {
        if (_denied.TryGetValue(space, out var denial))
        {
            return Denied(space, name, denial);
        }

        try
        {
            if ((deployed.GetValueOrDefault((space, name)) ?? await HelmStorage.ReadAsync(client, space, name, cancellationToken)) is not { } manifests)
            {
                return new([], Errors.Text("Detail_HelmStorageMissing", $"Secret/{space}/{name}"));
            }

            _definitions ??= await DefinitionsAsync(cancellationToken);
            var objects = new List<ObjectKey>(_definitions[(key.Namespace, key.Name)]);
            foreach (var item in manifests.Select(ObjectKey.Of))
            {
                // A manifest may leave its namespace out, and need not know whether its kind has any.
                var type = await shelf.TypeAsync(item.Group, item.Kind, cancellationToken);
                objects.Add(item with { Namespace = type?.Namespaced == false ? "" : item.Namespace.Length == 0 ? target : item.Namespace });
            }

            return new([.. objects.Distinct()], null);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return Denied(space, name, _denied[space] = error);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return new([], error.Message) { Failure = error };
        }
    }

    private static HelmInventory Denied(string space, string name, HomelabException denial) =>
        new([], Errors.Text("Detail_HelmStorageDenied", $"Secret/{space}/{name}")) { Failure = denial };

    // Definitions of a chart's folder crds are not part of its manifest; the controller labels them.
    private async Task<ILookup<(string, string), ObjectKey>> DefinitionsAsync(CancellationToken cancellationToken)
    {
        var (type, name, space) = (ResourceType.CustomResourceDefinition, $"{FluxKind.HelmGroup}/name", $"{FluxKind.HelmGroup}/namespace");
        var found = new List<MetadataWire>();
        try
        {
            await foreach (var item in client.ListAsync(type, new ListQuery { LabelSelector = name }, WireContext.Default.PartialObjectWire, accept: NameReader.MetadataOnly, cancellationToken: cancellationToken))
            {
                found.Add(item.Metadata);
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            // They are told of as not readable wherever else they are met.
        }

        return found.ToLookup(item => (item.Label(space) ?? "", item.Label(name) ?? ""), item => new ObjectKey(type.Group, type.Kind, "", item.Name));
    }
}
