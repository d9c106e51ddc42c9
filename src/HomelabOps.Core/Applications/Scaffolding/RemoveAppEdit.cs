using HomelabOps.Core.Flux.Comparing;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>Takes an application away: its manifests and the entries that led to them. Its claims and volumes stay unless asked for.</summary>
/// <param name="app">Its name, perhaps with namespace and kind.</param>
/// <param name="conventions">How things are named.</param>
/// <param name="withVolumes">Its claims and volumes go too. The data on the nodes stays where the volumes say Retain.</param>
internal sealed class RemoveAppEdit(ResourcePattern app, AppConventions conventions, bool withVolumes) : IRepositoryEdit
{
    private static readonly string[] Storage = ["PersistentVolumeClaim", "PersistentVolume"];

    /// <inheritdoc/>
    public string Message => $"Remove {Name}";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceReference> Gone { get; private set; } = [];

    private string Name => app.Name;

    /// <inheritdoc/>
    /// <exception cref="HomelabException">AppNotFound, AppAmbiguous, AppShared, LayoutUnknown, ManifestEditRefused, RemovalUnbuildable, RemovalLosesVolume.</exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        var index = RepositoryIndex.Read(files);
        var layout = new RepositoryLayout(files, index, conventions);
        var trees = FluxForest.Trees(files);
        var workload = Find(layout, files, trees);
        var folder = OwnFolder(layout, workload);
        var own = index.Objects.Where(item => BuildPath.IsWithin(item.File, folder)).ToList();
        var claims = own.Where(item => item.Kind == "PersistentVolumeClaim").ToList();
        var owned = new OwnVolumes(trees, layout, own, SpaceOf(layout, workload));
        var volumes = index.Objects.Where(item => item.Kind == "PersistentVolume" && owned.Has(item)).ToList();
        var changes = new AppFiles(files);
        var kept = withVolumes ? [] : claims.Select(item => item.File).ToHashSet(StringComparer.Ordinal);
        RefuseMixed(files, own, kept);
        foreach (var file in FilesBelow(files, folder).Where(file => !kept.Contains(file) && !IsKustomization(file)))
        {
            Remove(changes, index, file);
        }

        if (kept.Count == 0)
        {
            foreach (var file in FilesBelow(files, folder).Where(IsKustomization))
            {
                changes.Remove(file);
            }

            foreach (var referrer in index.Contents.Where(file => file.IsKustomization && !BuildPath.IsWithin(file.Path, folder)))
            {
                RemoveEntries(changes, index, referrer.Path, folder);
            }
        }

        foreach (var file in withVolumes ? volumes.Select(item => item.File).Distinct(StringComparer.Ordinal) : [])
        {
            if (index.Objects.Where(item => item.File == file).FirstOrDefault(item => !volumes.Contains(item)) is { } other)
            {
                throw Errors.AppShared(Name, files.Display(file), $"{other.Kind}/{other.Name}");
            }

            Remove(changes, index, file);
        }

        var result = changes.Result();
        var change = new ForestChange(trees, new ChangedFiles(files, result));
        Prove(change, folder, owned);
        Gone = [.. change.Lost.Select(lost => lost.Item.Content).Where(ManifestApp.IsApp).Select(ObjectText.Reference).Distinct()];
        return result;
    }

    // What Flux does not build any more it deletes, wherever it is still written; and what cannot be built keeps all else from being applied.
    private void Prove(ForestChange change, string folder, OwnVolumes owned)
    {
        if (change.Broken.FirstOrDefault() is { } broken)
        {
            throw Errors.RemovalUnbuildable(Name, broken.Reference, broken.Failure!);
        }

        if (!withVolumes && Stored(change.Before).Except(Stored(change.After)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } lost)
        {
            throw Errors.RemovalLosesVolume(Name, lost);
        }

        if (change.Lost.FirstOrDefault(lost => !FluxMarks.IsKept(lost.Item.Content) && IsOfOther(lost.Item)) is { Item: { } other, Node: { } node })
        {
            throw Errors.AppShared(Name, other.File ?? node.Reference.ToString(), $"{ObjectText.Kind(other.Content)}/{ObjectText.Name(other.Content)}");
        }

        // What is written in its folder may still be another's: a volume, or the namespace of what stays.
        bool IsOfOther(BuiltObject item) => ManifestApp.IsApp(item.Content) ? ObjectText.Name(item.Content) != Name && !BuildPath.IsWithin("/" + item.File, folder)
            : ObjectText.Is(item.Content, "", "Namespace") ? change.After.SelectMany(left => left.Objects).Any(left => ObjectText.Namespace(left.Content) == ObjectText.Name(item.Content))
            : owned.IsOfOther(item.Content);
    }

    // What is marked so stays in the cluster when Flux does not know it any more.
    private static IEnumerable<string> Stored(IEnumerable<FluxNode> nodes) => nodes.SelectMany(node => node.Objects).Select(item => item.Content)
        .Where(item => Storage.Contains(ObjectText.Kind(item), StringComparer.Ordinal) && !FluxMarks.IsKept(item))
        .Select(item => $"{ObjectText.Kind(item)}/{ObjectText.Namespace(item)}/{ObjectText.Name(item)}".Replace("//", "/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);

    private static bool IsKustomization(string file) => KustomizationFile.FileNames.Contains(BuildPath.Name(file), StringComparer.Ordinal);

    private static IEnumerable<string> FilesBelow(IBuildFiles files, string folder) => files.List(folder).Select(name => $"{folder}/{name}")
        .Where(path => files.Resolve(path) == path)
        .SelectMany(path => files.IsFolder(path) ? FilesBelow(files, path) : [path]);

    private static void Remove(AppFiles changes, RepositoryIndex index, string file)
    {
        changes.Remove(file);
        foreach (var referrer in index.ReferencedBy(file))
        {
            changes.RemoveEntry(referrer, file);
        }
    }

    private static void RemoveEntries(AppFiles changes, RepositoryIndex index, string kustomization, string folder)
    {
        foreach (var target in index.References(kustomization).Where(target => BuildPath.IsWithin(target, folder)))
        {
            changes.RemoveEntry(kustomization, target);
        }
    }

    private IndexedObject Find(RepositoryLayout layout, IBuildFiles files, IReadOnlyList<FluxTree> trees)
    {
        var found = layout.Applications.Where(item => item.Name == Name && (app.Kind is null || item.Kind == app.Kind) && (app.Namespace is null || app.Namespace == SpaceOf(layout, item))).ToList();
        found = found.Count > 0 ? found : Made(layout, trees);
        return found switch
        {
            [var only] => only,
            [] => throw Errors.AppNotFoundInFolder(app.Text, files.Display(layout.AppsFolder)),
            _ => throw Errors.AppAmbiguous(app.Text, found.Select(item => $"{item.Kind}/{item.Namespace}/{item.Name} ({files.Display(item.File)}:{item.Line})")),
        };
    }

    // In the cluster a release goes by the workloads that it makes.
    private List<IndexedObject> Made(RepositoryLayout layout, IReadOnlyList<FluxTree> trees)
    {
        var places = ManifestApp.AllOf([.. trees.SelectMany(tree => tree.Nodes)]).Where(item => AppManifests.IsMeant(app, item)).Select(item => ("/" + item.Item.File, item.Item.Line)).ToHashSet();
        return [.. layout.Applications.Where(item => places.Contains((item.File, item.Line)))];
    }

    private static string SpaceOf(RepositoryLayout layout, IndexedObject item) => item.Namespace.Length > 0 ? item.Namespace : layout.NamespaceOf(CategoryOf(layout, item));

    private static string CategoryOf(RepositoryLayout layout, IndexedObject item) => item.File[(layout.AppsFolder.Length + 1)..].Split('/')[0];

    // The highest folder below the category in which there is no other application.
    private string OwnFolder(RepositoryLayout layout, IndexedObject workload)
    {
        var category = $"{layout.AppsFolder}/{CategoryOf(layout, workload)}";
        var folder = BuildPath.Folder(workload.File);
        if (folder == category || Others(folder).FirstOrDefault() is not null)
        {
            throw Errors.AppShared(Name, folder[1..], Others(folder).FirstOrDefault() is { } other ? $"{other.Kind}/{other.Name}" : CategoryOf(layout, workload));
        }

        while (BuildPath.Folder(folder) is var parent && parent != category && !Others(parent).Any())
        {
            folder = parent;
        }

        return folder;

        IEnumerable<IndexedObject> Others(string place) => layout.Applications.Where(item => item != workload && BuildPath.IsWithin(item.File, place));
    }

    // A claim that shares a file with the workload cannot stay while that goes.
    private void RefuseMixed(IBuildFiles files, IReadOnlyList<IndexedObject> own, HashSet<string> kept)
    {
        if (own.FirstOrDefault(item => kept.Contains(item.File) && !Storage.Contains(item.Kind, StringComparer.Ordinal)) is { } mixed)
        {
            throw Errors.AppShared(Name, files.Display(mixed.File), $"{mixed.Kind}/{mixed.Name}");
        }
    }
}
