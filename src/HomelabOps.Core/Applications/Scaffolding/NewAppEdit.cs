using System.Globalization;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>Adds an application: its manifests, its volumes, and the entries that lead Flux to them.</summary>
internal sealed class NewAppEdit(NewApp app, AppConventions conventions) : IRepositoryEdit
{
    /// <inheritdoc/>
    public string Message => $"Add {app.Name}";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceReference> Runs { get; private set; } = [];

    /// <inheritdoc/>
    /// <exception cref="HomelabException">AppInvalid, AppExists, AppCollides, AppUnbuildable, LayoutUnknown, TemplateInvalid, ManifestEditRefused.</exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        NewAppRules.Check(app);
        var layout = new RepositoryLayout(files, RepositoryIndex.Read(files), conventions);
        var proof = new NewAppProof(app, files, layout);
        var folder = $"{layout.AppsFolder}/{app.Category}/{app.Name}";
        RefuseExisting(files, layout, folder);
        var changes = new AppFiles(files);
        var manifests = new NewAppManifests(app, conventions, layout, new AppTemplates(files));
        var neighbour = layout.FluxOfNeighbour(app.Category);
        var target = neighbour is null ? folder : $"{folder}/{BuildPath.Name(neighbour.Folder!)}";
        changes.AddAll(target, manifests.OfFolder());
        AddVolumes(changes, layout, manifests);
        if (neighbour is not null)
        {
            changes.Add($"{folder}/{BuildPath.Name(neighbour.Object.File)}", manifests.Flux(neighbour, app.Name, target));
        }

        List(changes, layout, proof, manifests, neighbour is null ? folder : $"{folder}/{BuildPath.Name(neighbour.Object.File)}", files.Resolve(BuildPath.Folder(folder)) is null);
        var result = changes.Result();
        Runs = proof.Run(result, target);
        return result;
    }

    private void RefuseExisting(IBuildFiles files, RepositoryLayout layout, string folder)
    {
        var space = app.Namespace ?? layout.NamespaceOf(app.Category);
        if (layout.Applications.FirstOrDefault(item => item.Name == app.Name && (item.Namespace.Length == 0 ? BuildPath.IsWithin(item.File, $"{layout.AppsFolder}/{app.Category}") : item.Namespace == space)) is { } existing)
        {
            throw Errors.AppExists(app.Name, files.Display(existing.File));
        }

        if (files.Resolve(folder) is not null)
        {
            throw Errors.AppExists(app.Name, files.Display(folder));
        }
    }

    private void AddVolumes(AppFiles changes, RepositoryLayout layout, NewAppManifests manifests)
    {
        if (!app.IsStateful || app.StorageClass is not null)
        {
            return;
        }

        var folder = layout.StorageFolder();
        var file = $"{folder}/{app.Name}.yaml";
        if (layout.Index.Objects.FirstOrDefault(item => item.File == file) is { } other)
        {
            throw Errors.AppCollides(app.Name, new(null, other.Kind, other.Namespace, other.Name), $"{file[1..]}:{other.Line.ToString(CultureInfo.InvariantCulture)}");
        }

        changes.Add(file, manifests.Volumes());
        if (layout.KustomizationOf(folder) is { } kustomization)
        {
            changes.AddEntry(kustomization, file);
        }
    }

    // From the category up to a Flux Kustomization.
    private void List(AppFiles changes, RepositoryLayout layout, NewAppProof proof, NewAppManifests manifests, string entry, bool isNew)
    {
        var category = $"{layout.AppsFolder}/{app.Category}";
        if (layout.KustomizationOf(category) is { } kustomization)
        {
            changes.AddEntry(kustomization, entry);
            return;
        }

        if (isNew)
        {
            changes.AddAll(category, manifests.OfCategory(entry[(category.Length + 1)..], !proof.Knows(app.Namespace ?? app.Category)));
        }

        if (layout.KustomizationOf(layout.AppsFolder) is { } all)
        {
            changes.AddEntry(all, category);
        }
        else if (layout.FluxOfCategory() is { } sibling)
        {
            var file = $"{BuildPath.Folder(sibling.Object.File)}/{BuildPath.Name(sibling.Object.File).Replace(BuildPath.Name(sibling.Folder!), app.Category, StringComparison.Ordinal)}";
            file = changes.IsThere(file) ? $"{BuildPath.Folder(file)}/{app.Category}-kustomization.yaml" : file;
            changes.Add(file, manifests.Flux(sibling, sibling.Object.Name.Replace(BuildPath.Name(sibling.Folder!), app.Category, StringComparison.Ordinal), category));
            foreach (var referrer in layout.Index.ReferencedBy(sibling.Object.File))
            {
                changes.AddEntry(referrer, file);
            }
        }
    }
}
