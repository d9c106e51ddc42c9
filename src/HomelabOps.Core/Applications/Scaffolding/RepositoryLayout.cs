using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>Where a repository has its applications and volumes, and how they are listed and applied there.</summary>
internal sealed class RepositoryLayout
{
    private static readonly string[] Workloads = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "HelmRelease"];

    private readonly IBuildFiles _files;
    private readonly AppConventions _conventions;
    private readonly HashSet<string> _applied;

    public RepositoryLayout(IBuildFiles files, RepositoryIndex index, AppConventions conventions)
    {
        (_files, Index, _conventions) = (files, index, conventions);
        _applied = index.FluxKustomizations.SelectMany(flux => flux.Files).ToHashSet(StringComparer.Ordinal);
        AppsFolder = conventions.AppsFolder is { } named ? Named(named) : FindApps();
        Applications = [.. index.Objects.Where(item => IsWorkload(item) && BuildPath.IsWithin(item.File, AppsFolder))];
    }

    /// <summary>What the repository holds.</summary>
    public RepositoryIndex Index { get; }

    /// <summary>The folder whose folders are the categories.</summary>
    public string AppsFolder { get; }

    /// <summary>The workloads below it.</summary>
    public IReadOnlyList<IndexedObject> Applications { get; }

    /// <summary>The folders that hold the applications, sorted.</summary>
    public IReadOnlyList<string> Categories => [.. Applications.Select(item => item.File[(AppsFolder.Length + 1)..].Split('/')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What runs pods, or leads to what does.</summary>
    public static bool IsWorkload(IndexedObject item) => Workloads.Contains(item.Kind, StringComparer.Ordinal);

    /// <summary>The folder of the volumes.</summary>
    /// <exception cref="HomelabException">LayoutUnknown.</exception>
    public string StorageFolder()
    {
        if (Index.FluxKustomizations.FirstOrDefault(flux => flux.Object.Name == _conventions.StorageKustomization)?.Folder is { } folder)
        {
            return folder;
        }

        var folders = Index.Objects.Where(item => item.Kind == "PersistentVolume" && _applied.Contains(item.File)).GroupBy(item => BuildPath.Folder(item.File), StringComparer.Ordinal);
        return folders.MaxBy(group => group.Count())?.Key ?? throw Errors.LayoutUnknown(_files.Display("/"), Errors.Text("Detail_LayoutStorage", _conventions.StorageKustomization));
    }

    /// <summary>The kustomization file of a folder; null when it has none.</summary>
    public string? KustomizationOf(string folder) => _files.Resolve(folder) is { } resolved && _files.IsFolder(resolved) ? FluxFolder.FileOf(_files, resolved) : null;

    /// <summary>The namespace of a category: the one that it sets, which renames what it makes, that of its applications, or its own name.</summary>
    public string NamespaceOf(string category)
    {
        var folder = $"{AppsFolder}/{category}";
        var made = Index.Objects.FirstOrDefault(item => item.Kind == "Namespace" && BuildPath.Folder(item.File) == folder)?.Name;
        var set = Root(KustomizationOf(folder))?.Find("namespace")?.Text;
        var used = Neighbourhood.MostFrequent(Applications.Where(item => BuildPath.IsWithin(item.File, folder) && item.Namespace.Length > 0).Select(item => item.Namespace));
        return set ?? made ?? used ?? category;
    }

    /// <summary>The Flux Kustomization of another application, where each has its own; null where a category has one, or all have one together.</summary>
    public IndexedFlux? FluxOfNeighbour(string category)
    {
        var own = Index.FluxKustomizations.Where(flux => flux.Folder is not null && BuildPath.IsWithin(flux.Object.File, AppsFolder) && BuildPath.IsWithin(flux.Folder, BuildPath.Folder(flux.Object.File))).ToList();
        return own.Find(flux => BuildPath.IsWithin(flux.Object.File, $"{AppsFolder}/{category}")) ?? own.FirstOrDefault();
    }

    /// <summary>The Flux Kustomization of another category, where each has its own.</summary>
    public IndexedFlux? FluxOfCategory() => Index.FluxKustomizations.FirstOrDefault(flux => flux.Folder is not null && BuildPath.Folder(flux.Folder) == AppsFolder && !BuildPath.IsWithin(flux.Object.File, AppsFolder));

    /// <summary>What a file of the index says about an object.</summary>
    public YamlNode NodeOf(IndexedObject item) => Contents(item.File)!.Objects.First(pair => pair.Object == item).Node;

    /// <summary>The content of a kustomization file.</summary>
    public YamlNode? Root(string? kustomization) => kustomization is null ? null : Contents(kustomization)?.Root;

    private IndexedFile? Contents(string file) => Index.Contents.FirstOrDefault(read => read.Path == file);

    private string Named(string folder) => BuildPath.Combine("/", folder.Replace('\\', '/')) is { } path && _files.Resolve(path) is { } resolved && _files.IsFolder(resolved)
        ? resolved
        : throw Errors.LayoutUnknown(_files.Display("/"), Errors.Text("Detail_LayoutNoFolder", folder));

    private string FindApps()
    {
        var found = Index.Objects.Where(item => IsWorkload(item) && _applied.Contains(item.File)).Select(item => AppsOf(item.File)).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return found switch
        {
            [var only] => only,
            [] => throw Errors.LayoutUnknown(_files.Display("/"), Errors.Text("Detail_LayoutNoApps")),
            _ => throw Errors.LayoutUnknown(_files.Display("/"), Errors.Text("Detail_LayoutManyApps", string.Join(", ", found.Select(folder => folder[1..]).Order(StringComparer.Ordinal)))),
        };
    }

    // A category is between the folder and the file.
    private static string? AppsOf(string file)
    {
        var index = file.IndexOf("/apps/", StringComparison.Ordinal);
        return index >= 0 && file.AsSpan(index + 6).Contains('/') ? file[..(index + 5)] : null;
    }
}
