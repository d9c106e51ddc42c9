using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux.Tracing;

/// <summary>
/// Finds the file and line of an object that a Kustomization applies: by building what it applies, which knows prefixes,
/// namespaces and generators, and where that is not possible by an index of the whole repository.
/// </summary>
/// <param name="files">The files of the repository.</param>
internal sealed class ManifestFinder(IBuildFiles files)
{
    private readonly Dictionary<ObjectKey, ILookup<(string Group, string Kind, string Name), BuiltObject>> _builds = [];
    private RepositoryIndex? _index;

    /// <summary>The place of an object.</summary>
    /// <param name="kustomization">The live Kustomization.</param>
    /// <param name="key">The object as the cluster has it.</param>
    /// <param name="notes">Takes why it was not found.</param>
    public ManifestPlace? Find(JsonObject kustomization, ObjectKey key, List<string> notes)
    {
        var owner = ObjectKey.Of(kustomization);
        if (!_builds.TryGetValue(owner, out var built))
        {
            _builds[owner] = built = Build(kustomization).ToLookup(item => NameOf(ObjectKey.Of(item.Content)));
        }

        // Names that hold variables are not known exactly, and are all looked through.
        var found = built[NameOf(key)].FirstOrDefault(item => IsSame(item.Content, key, string.Equals))
            ?? built.SelectMany(items => items).FirstOrDefault(item => IsSame(item.Content, key, Fits));
        return found switch
        {
            { File: { } file, Line: > 0 } => new(files is DiskFiles disk ? disk.PathOf(file)!.TrimStart('/') : file, (int)found.Line),
            { File: { } file } when Generator(kustomization, file, key) is { } place => place,
            _ => FromIndex(owner, key, notes),
        };
    }

    // What variables stand for is not known here, and matters only to names that hold some.
    private IReadOnlyList<BuiltObject> Build(JsonObject kustomization)
    {
        var copy = kustomization.DeepClone().AsObject();
        if (copy["spec"] is JsonObject spec)
        {
            foreach (var field in spec.Select(field => field.Key).Where(field => field == "postBuild" || !FluxSpec.Fields.Contains(field, StringComparer.Ordinal)).ToArray())
            {
                spec.Remove(field);
            }
        }

        try
        {
            return FluxBuild.Run(copy, files, (_, _) => null).Objects;
        }
        catch (HomelabException)
        {
            return [];
        }
    }

    private static (string Group, string Kind, string Name) NameOf(ObjectKey key) => (key.Group, key.Kind, key.Name);

    // A manifest without a namespace gets one on its way.
    private static bool IsSame(JsonObject item, ObjectKey key, Func<string, string, bool> isEqual)
    {
        var (group, kind, space, name) = ObjectKey.Of(item);
        return group == key.Group && kind == key.Kind && isEqual(name, key.Name) && (space.Length == 0 || isEqual(space, key.Namespace));
    }

    private static bool Fits(string template, string text) => template == text
        || (template.Contains("${", StringComparison.Ordinal) && Regex.IsMatch(text, $"^{Regex.Replace(Regex.Escape(template), @"\\\$\\\{[^}]*}", ".*", RegexOptions.None, TimeSpan.FromSeconds(1))}$", RegexOptions.None, TimeSpan.FromSeconds(1)));

    // The entry of the kustomization file; the name in it has neither prefix nor hash.
    private ManifestPlace? Generator(JsonObject kustomization, string file, ObjectKey key)
    {
        if (BuildPath.Combine("/", (string?)kustomization["spec"]?["path"] ?? "") is not { } folder || BuildPath.Combine(folder, file) is not { } path || files.Resolve(path) is not { } resolved)
        {
            return null;
        }

        var root = YamlReader.ReadAll(resolved, files.Read(resolved)) is [{ IsEmpty: false } document, ..] ? document.Root : null;
        var entry = (root?.Find(key.Kind == "Secret" ? "secretGenerator" : "configMapGenerator")?.Items ?? [])
            .Where(entry => entry.Find("name")?.Text is { Length: > 0 } name && key.Name.Contains(name, StringComparison.Ordinal)).MaxBy(entry => entry.Find("name")!.Text!.Length);
        return new(resolved.TrimStart('/'), (int?)entry?.Line);
    }

    private ManifestPlace? FromIndex(ObjectKey owner, ObjectKey key, List<string> notes)
    {
        _index ??= RepositoryIndex.Read(files);
        var found = _index.Find(key.Kind, key.Namespace, key.Name).Where(item => ObjectKey.GroupOf(item.ApiVersion) == key.Group).ToList();
        var own = _index.FluxKustomizations.Where(flux => flux.Object.Name == owner.Name && flux.Object.Namespace is var space && (space.Length == 0 || space == owner.Namespace))
            .SelectMany(flux => flux.Files).ToHashSet(StringComparer.Ordinal);
        if (found.Exists(item => own.Contains(item.File)))
        {
            found.RemoveAll(item => !own.Contains(item.File));
        }

        if (found is [var only])
        {
            return new(only.File.TrimStart('/'), (int)only.Line);
        }

        notes.Add(found.Count == 0
            ? Errors.Text("Detail_TraceNoManifest", key.Reference(""), owner.Reference(""))
            : Errors.Text("Detail_TraceManifests", key.Reference(""), string.Join(", ", found.Select(item => $"{item.File.TrimStart('/')}:{item.Line}"))));
        return null;
    }
}
