using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>Tells which volumes of a repository belong to one application: those of its claims and of the claims that VolSync makes for it, which nobody else uses.</summary>
internal sealed class OwnVolumes
{
    private readonly Dictionary<(string File, long Line), JsonObject> _built = [];
    private readonly RepositoryLayout _layout;
    private readonly string _namespace;
    private readonly HashSet<(string Namespace, string Name)> _claims;
    private readonly (string Namespace, string Start)[] _movers;
    private readonly (string Namespace, string Start)[] _otherMovers;
    private readonly HashSet<string> _named;
    private readonly HashSet<(string Namespace, string Name)> _others;
    private readonly HashSet<string> _taken;

    /// <summary>Reads who uses which volume.</summary>
    /// <param name="trees">What Flux builds.</param>
    /// <param name="layout">The repository.</param>
    /// <param name="own">What of it is the application's.</param>
    /// <param name="namespace">The namespace of what names none.</param>
    public OwnVolumes(IReadOnlyList<FluxTree> trees, RepositoryLayout layout, IReadOnlyList<IndexedObject> own, string @namespace)
    {
        (_layout, _namespace) = (layout, @namespace);
        var files = own.Select(item => item.File).ToHashSet(StringComparer.Ordinal);

        // Claims of another cluster use other volumes, however they are called.
        var scopes = trees.Where(tree => tree.Nodes.Any(node => node.Objects.Any(item => files.Contains("/" + item.File)))).SelectMany(tree => tree.Scope).Distinct().ToList();
        var objects = (scopes.Count > 0 ? scopes : trees).SelectMany(tree => tree.Nodes).SelectMany(node => node.Objects).Where(item => item.File is not null).ToList();
        objects.ForEach(item => _built.TryAdd(("/" + item.File, item.Line), item.Content));
        var claims = own.Where(item => item.Kind == "PersistentVolumeClaim").Select(Content).ToList();
        _claims = [.. claims.Select(Id)];
        _named = [.. claims.Select(VolumeOf)];
        _movers = [.. own.Where(item => IsMover(item.Kind)).Select(Content).Select(StartOf)];
        _otherMovers = [.. objects.Select(item => item.Content).Where(item => IsMover(ObjectText.At(item, "kind"))).Select(StartOf).Except(_movers)];
        var others = objects.Where(item => ObjectText.Is(item.Content, "", "PersistentVolumeClaim") && !files.Contains("/" + item.File)).Select(item => item.Content).Where(claim => !_claims.Contains(Id(claim))).ToList();
        _others = [.. others.Select(Id)];
        _taken = [.. others.Select(VolumeOf).Where(name => name.Length > 0)];
    }

    /// <summary>Whether a volume is the application's.</summary>
    public bool Has(IndexedObject volume)
    {
        var content = Content(volume);
        var claim = ClaimOf(content);
        return !IsOfOther(content) && (claim.Name.Length > 0 && claim.Namespace.Length > 0
            ? _claims.Contains(claim) || (Longest(_movers, claim) is var longest and > 0 && longest > Longest(_otherMovers, claim))
            : _named.Contains(ObjectText.Name(content)));
    }

    /// <summary>Whether a volume is kept for a claim of somebody else, or used by one.</summary>
    public bool IsOfOther(JsonObject volume) => ObjectText.Is(volume, "", "PersistentVolume")
        && (_others.Contains(ClaimOf(volume)) || _taken.Contains(ObjectText.Name(volume)) || (ClaimOf(volume).Namespace is { Length: > 0 } space && space != _namespace && _claims.All(claim => claim.Namespace != space)));

    // The names of VolSync's claims begin with that of the mover, and so may that of another one.
    private static int Longest((string Namespace, string Start)[] movers, (string Namespace, string Name) claim) =>
        movers.Where(mover => mover.Namespace == claim.Namespace && claim.Name.StartsWith(mover.Start, StringComparison.Ordinal)).Select(mover => mover.Start.Length).DefaultIfEmpty().Max();

    private static bool IsMover(string kind) => kind is "ReplicationSource" or "ReplicationDestination";

    private (string Namespace, string Start) StartOf(JsonObject mover) => (Id(mover).Namespace, $"volsync-{ObjectText.Name(mover)}-");

    // As it is built, since only that has the namespaces that kustomizations set.
    private JsonObject Content(IndexedObject item) => _built.GetValueOrDefault((item.File, item.Line)) ?? RawManifest.Read(_layout.NodeOf(item)) ?? [];

    private (string Namespace, string Name) Id(JsonObject item) => (ObjectText.Namespace(item) is { Length: > 0 } own ? own : _namespace, ObjectText.Name(item));

    private static (string Namespace, string Name) ClaimOf(JsonObject volume) => (ObjectText.At(volume, "spec", "claimRef", "namespace"), ObjectText.At(volume, "spec", "claimRef", "name"));

    private static string VolumeOf(JsonObject claim) => ObjectText.At(claim, "spec", "volumeName");
}
