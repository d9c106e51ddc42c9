using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Index;

/// <summary>What lies where in a repository: objects and their lines, kustomization files and what they name, and what Flux applies from which files.</summary>
internal sealed class RepositoryIndex
{
    private readonly IBuildFiles _files;
    private readonly Dictionary<string, List<string>> _references = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _referrers = new(StringComparer.Ordinal);
    private readonly ILookup<(string Kind, string Name), IndexedObject> _objects;
    private readonly List<IndexProblem> _problems = [];

    private RepositoryIndex(IBuildFiles files, IReadOnlyList<IndexedFile> read)
    {
        _files = files;
        Contents = read;
        Files = [.. read.Select(file => file.Path)];
        Objects = [.. read.SelectMany(file => file.Objects.Select(item => item.Object))];
        _objects = Objects.ToLookup(item => (item.Kind, item.Name));
        _problems.AddRange(read.Select(file => file.Problem).OfType<IndexProblem>());
        foreach (var file in read.Where(file => file.IsKustomization && file.Root is not null))
        {
            Follow(file);
        }

        FluxKustomizations = [.. read.SelectMany(file => file.Objects).Where(IsFlux).Select(item => Flux(item.Object, item.Node))];
        Unreferenced = FindUnreferenced(read);
    }

    /// <summary>All YAML files, and behind them the manifests in JSON that kustomization files name.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>What was read of each of them.</summary>
    public IReadOnlyList<IndexedFile> Contents { get; }

    /// <summary>All objects, in the order of the files.</summary>
    public IReadOnlyList<IndexedObject> Objects { get; }

    /// <summary>The Flux Kustomizations and what they apply.</summary>
    public IReadOnlyList<IndexedFlux> FluxKustomizations { get; }

    /// <summary>Files with objects that no kustomization file names and no Flux Kustomization takes up.</summary>
    public IReadOnlyList<string> Unreferenced { get; }

    /// <summary>Files that cannot be read, and entries of kustomization files that lead nowhere.</summary>
    public IReadOnlyList<IndexProblem> Problems => _problems;

    /// <summary>Reads a repository.</summary>
    public static RepositoryIndex Read(IBuildFiles files, CancellationToken cancellationToken = default)
    {
        var ignore = new SourceIgnore(files);
        var paths = Walk("/").ToArray();
        var read = new IndexedFile[paths.Length];
        Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellationToken }, index => read[index] = IndexedFile.Read(files, paths[index]));
        return new RepositoryIndex(files, [.. read, .. Json()]);

        // Much else is JSON, such as dashboards, so only what is named as a manifest counts.
        IEnumerable<IndexedFile> Json() => read.Where(file => file.Root is not null)
            .SelectMany(file => KustomizationReferences.Resources(file.Root!).Where(IndexedFile.IsJson).Select(path => BuildPath.Combine(BuildPath.Folder(file.Path), path)))
            .Select(path => path is null ? null : files.Resolve(path)).OfType<string>().Where(path => IndexedFile.IsJson(path) && !files.IsFolder(path))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(path => IndexedFile.Read(files, path));

        IEnumerable<string> Walk(string folder)
        {
            foreach (var path in files.List(folder).Select(name => folder == "/" ? "/" + name : $"{folder}/{name}"))
            {
                // What a link leads to is found where it really is.
                if (files.Resolve(path) != path || ignore.IsIgnored(path, files.IsFolder(path)))
                {
                    continue;
                }

                foreach (var below in files.IsFolder(path) ? Walk(path) : IndexedFile.IsYaml(path) ? [path] : [])
                {
                    yield return below;
                }
            }
        }
    }

    /// <summary>Where an object is written. Manifests without a namespace fit every namespace, those with the right one come first.</summary>
    public IReadOnlyList<IndexedObject> Find(string kind, string? @namespace, string name) =>
        [.. _objects[(kind, name)].Where(item => @namespace is null || item.Namespace.Length == 0 || item.Namespace == @namespace).OrderBy(item => item.Namespace.Length == 0)];

    /// <summary>The kustomization files that name a file or a folder.</summary>
    public IReadOnlyList<string> ReferencedBy(string path) => _referrers.TryGetValue(path, out var files) ? files : [];

    /// <summary>What a kustomization file names, as paths of the repository.</summary>
    public IReadOnlyList<string> References(string kustomization) => _references.TryGetValue(kustomization, out var paths) ? paths : [];

    /// <summary>All files that a build of a folder reads, sorted.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="components">Components that a Flux Kustomization adds, relative to the folder.</param>
    public IReadOnlyCollection<string> FilesBelow(string folder, IEnumerable<string> components)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        Collect(folder, files, isRoot: true);
        foreach (var component in components.Select(component => BuildPath.Combine(folder, component)).OfType<string>())
        {
            Collect(component, files, isRoot: false);
        }

        return files;
    }

    /// <summary>The Flux Kustomizations that a file takes part in.</summary>
    public IReadOnlyList<IndexedFlux> AppliedBy(string file) => [.. FluxKustomizations.Where(flux => flux.Files.Contains(file, StringComparer.Ordinal))];

    private static bool IsFlux((IndexedObject Object, YamlNode Node) item) =>
        item.Object.Kind == "Kustomization" && item.Object.ApiVersion.StartsWith("kustomize.toolkit.fluxcd.io/", StringComparison.Ordinal);

    private void Follow(IndexedFile file)
    {
        var references = new List<string>();
        foreach (var (text, node) in KustomizationReferences.Of(file.Root!).Where(reference => !BuildPath.IsRemote(reference.Path)))
        {
            if (BuildPath.Combine(BuildPath.Folder(file.Path), text) is not { } path || _files.Resolve(path) is not { } resolved)
            {
                _problems.Add(new(file.Path, node.Line, node.Column, Errors.Text("Detail_KustomizeNotFound", text)));
                continue;
            }

            references.Add(resolved);
            if (!_referrers.TryGetValue(resolved, out var referrers))
            {
                _referrers[resolved] = referrers = [];
            }

            referrers.Add(file.Path);
        }

        _references[file.Path] = references;
    }

    private IndexedFlux Flux(IndexedObject item, YamlNode node)
    {
        var spec = node.Find("spec");
        var path = spec?.Find("path")?.Text ?? "";
        var folder = path.Contains("${", StringComparison.Ordinal) ? null : BuildPath.Combine("/", path) is { } full && _files.Resolve(full) is { } resolved && _files.IsFolder(resolved) ? resolved : null;
        var files = folder is null ? [] : FilesBelow(folder, (spec?.Find("components")?.Items ?? []).Select(component => component.Text ?? ""));
        return new IndexedFlux
        {
            Object = item,
            Path = path,
            Source = $"{spec?.Find("sourceRef")?.Find("kind")?.Text}/{spec?.Find("sourceRef")?.Find("namespace")?.Text ?? item.Namespace}/{spec?.Find("sourceRef")?.Find("name")?.Text}",
            Folder = folder,
            TargetNamespace = spec?.Find("targetNamespace")?.Text ?? "",
            DependsOn = [.. (spec?.Find("dependsOn")?.Items ?? []).Select(entry => $"{entry.Find("namespace")?.Text ?? item.Namespace}/{entry.Find("name")?.Text}")],
            Files = [.. files],
        };
    }

    // Everything that the build of a folder or file reads.
    private void Collect(string path, SortedSet<string> files, bool isRoot)
    {
        if (_files.Resolve(path) is not { } resolved)
        {
            return;
        }

        if (!_files.IsFolder(resolved))
        {
            files.Add(resolved);
            return;
        }

        if (FluxFolder.FileOf(_files, resolved) is { } kustomization)
        {
            if (files.Add(kustomization))
            {
                foreach (var reference in References(kustomization))
                {
                    Collect(reference, files, isRoot: false);
                }
            }
        }
        else if (isRoot)
        {
            foreach (var file in FluxFolder.Scan(_files, resolved))
            {
                Collect(file, files, isRoot: false);
            }
        }
    }

    private List<string> FindUnreferenced(IReadOnlyList<IndexedFile> read)
    {
        var applied = FluxKustomizations.SelectMany(flux => flux.Files).ToHashSet(StringComparer.Ordinal);
        return [.. read.Where(file => !file.IsKustomization && file.Objects.Count > 0 && !_referrers.ContainsKey(file.Path) && !applied.Contains(file.Path)).Select(file => file.Path)];
    }
}
