namespace HomelabOps.Sandbox.Kinds;

/// <summary>Which kinds are served now. Readers see one consistent state; custom kinds come and go.</summary>
internal sealed class KindRegistry
{
    private readonly IReadOnlyList<ResourceKind> _builtin = BuiltinKinds.Load();
    private readonly SortedDictionary<string, ResourceKind> _custom = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private State _state;

    public KindRegistry() => _state = new(_builtin, 1);

    /// <summary>All kinds: the built-in ones, then the custom ones.</summary>
    public IReadOnlyList<ResourceKind> Kinds => Volatile.Read(ref _state).Kinds;

    /// <summary>Rises with each change, so that what was made of the kinds can be kept.</summary>
    public int Generation => Volatile.Read(ref _state).Generation;

    /// <summary>A kind by what a path says.</summary>
    public (ResourceKind Kind, KindVersion Version)? Find(string group, string version, string plural) =>
        Volatile.Read(ref _state).ByPath.TryGetValue((group, version, plural), out var found) ? found : null;

    /// <summary>A kind by what an object says.</summary>
    public (ResourceKind Kind, KindVersion Version)? FindKind(string apiVersion, string kind) =>
        Volatile.Read(ref _state).ByKind.TryGetValue((apiVersion, kind), out var found) ? found : null;

    public ResourceKind? FindResource(string resource) => Kinds.FirstOrDefault(kind => kind.Resource == resource);

    /// <summary>The kind under which the objects are stored: events of both groups are the same objects.</summary>
    public ResourceKind StorageOf(ResourceKind kind) => kind.Is("events.k8s.io", "Event") ? FindKind("v1", "Event")!.Value.Kind : kind;

    public bool HasGroup(string group) => Kinds.Any(kind => kind.Group == group);

    public bool HasVersion(string group, string version) => Kinds.Any(kind => kind.Group == group && kind.Versions.Any(served => served.Name == version));

    public void SetCustom(string definition, ResourceKind? kind)
    {
        lock (_changing)
        {
            if (kind is null)
            {
                _custom.Remove(definition);
            }
            else
            {
                _custom[definition] = kind;
            }

            Volatile.Write(ref _state, new([.. _builtin, .. _custom.Values], _state.Generation + 1));
        }
    }

    private sealed class State
    {
        public State(IReadOnlyList<ResourceKind> kinds, int generation)
        {
            Kinds = kinds;
            Generation = generation;
            foreach (var kind in kinds)
            {
                foreach (var version in kind.Versions)
                {
                    ByPath[(kind.Group, version.Name, kind.Plural)] = (kind, version);
                    ByKind[(version.ApiVersion, kind.Kind)] = (kind, version);
                }
            }
        }

        public IReadOnlyList<ResourceKind> Kinds { get; }

        public int Generation { get; }

        public Dictionary<(string Group, string Version, string Plural), (ResourceKind Kind, KindVersion Version)> ByPath { get; } = [];

        public Dictionary<(string ApiVersion, string Kind), (ResourceKind Kind, KindVersion Version)> ByKind { get; } = [];
    }
}
