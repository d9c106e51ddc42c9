using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>Proves of a new application that Flux builds and applies it, and that all else stays as it is.</summary>
internal sealed class NewAppProof(NewApp app, IBuildFiles files, RepositoryLayout layout)
{
    private readonly HashSet<string> _namespaces = [.. ClusterNamespaces.Always, .. layout.Index.Objects.Select(item => item.Kind == "Namespace" ? item.Name : item.Namespace), .. app.IsNamespaceThere ? [app.Namespace!] : Array.Empty<string>()];

    /// <summary>Whether somebody makes a namespace already, as far as the files say.</summary>
    public bool Knows(string name) => _namespaces.Contains(name);

    /// <summary>Asks whether the namespace is there that is wanted, which Git need not have made, and whose the volumes are that have its names.</summary>
    /// <param name="app">The application.</param>
    /// <param name="client">The cluster; null where there is none to ask.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<NewApp> AskAsync(NewApp app, ClusterClient? client, CancellationToken cancellationToken)
    {
        if (client is null)
        {
            return app;
        }

        try
        {
            app = app with { IsNamespaceThere = app.Namespace is not null && !await Absence.IsAbsentAsync(client, ResourceType.Namespace, null, app.Namespace, cancellationToken) };
            var volumes = await Task.WhenAll(NewAppManifests.VolumesOf(app).Select(name => client.FindObjectAsync(VolumeTypes.Volume, null, name, cancellationToken)));
            var taken = volumes.OfType<JsonObject>().ToDictionary(ObjectText.Name, ClaimOf, StringComparer.Ordinal);
            return app with { TakenVolumes = taken };
        }
        catch (HomelabException)
        {
            // The repository says most of it, and who does not wait need not reach the cluster.
            return app;
        }
    }

    /// <summary>Builds the repository with the new files.</summary>
    /// <param name="changes">The files.</param>
    /// <param name="folder">The folder of its workload.</param>
    /// <returns>What has to run.</returns>
    /// <exception cref="HomelabException">AppUnbuildable, AppCollides, AppInvalid, LayoutUnknown, TemplateInvalid, ManifestInvalid.</exception>
    public IReadOnlyList<ResourceReference> Run(IReadOnlyList<FileChange> changes, string folder)
    {
        var after = new ChangedFiles(files, changes);
        var index = RepositoryIndex.Read(after);
        var own = changes.Where(change => change.Before is null).Select(change => "/" + change.Path).ToHashSet(StringComparer.Ordinal);
        CheckFiles(index, own);
        if (!index.Objects.Any(item => item.Name == app.Name && RepositoryLayout.IsWorkload(item) && BuildPath.IsWithin(item.File, folder)))
        {
            throw Errors.TemplateInvalid("deployment.yaml", Errors.Text("Detail_TemplateNoWorkload", app.Name));
        }

        var change = new ForestChange(files, after);
        CheckBuilds(change, index, own);
        CheckOthers(change);
        CheckNamespaces(change);
        var added = change.Added.Select(entry => entry.Item).ToHashSet();
        var runs = ManifestApp.AllOf(change.After).Where(run => added.Contains(run.Item)).Select(run => run.Reference).Distinct().ToList();
        return runs.Count > 0 || added.Any(item => ManifestApp.IsApp(item.Content)) ? runs : throw Unapplied(own.First());
    }

    // What nothing leads to would be committed and never run.
    private void CheckFiles(RepositoryIndex index, HashSet<string> own)
    {
        if (own.FirstOrDefault(file => index.Objects.Any(item => item.File == file && item.ApiVersion.Length > 0) && index.AppliedBy(file).Count == 0) is { } left)
        {
            throw Unapplied(left);
        }

        if (index.Problems.Count > layout.Index.Problems.Count)
        {
            var problem = index.Problems.First(item => !layout.Index.Problems.Contains(item));
            throw Errors.ManifestInvalid(files.Display(problem.File), problem.Line, problem.Column, problem.Text);
        }
    }

    // A Kustomization that was broken before would not apply it either.
    private void CheckBuilds(ForestChange change, RepositoryIndex index, HashSet<string> own)
    {
        if (change.Broken.Concat(change.After.Where(node => node.Failure is not null && node.Files.Any(own.Contains))).FirstOrDefault() is not { } broken)
        {
            return;
        }

        // A build takes nothing twice, and its own words do not say where the other one is.
        foreach (var item in index.Objects.Where(item => own.Contains(item.File)))
        {
            if (index.Find(item.Kind, item.Namespace, item.Name).FirstOrDefault(other => !own.Contains(other.File) && broken.Files.Contains(other.File)) is { } twin)
            {
                throw Collision(new(null, item.Kind, item.Namespace, item.Name), twin.File, twin.Line);
            }
        }

        throw Errors.AppUnbuildable(app.Name, broken.Reference, broken.Failure!);
    }

    private void CheckOthers(ForestChange change)
    {
        if (change.Collisions().FirstOrDefault() is { Item: { } item, Twin: { } twin })
        {
            throw Collision(ObjectText.Reference(item.Content), twin.File ?? "", twin.Line);
        }

        if (change.Added.Select(added => added.Item.Content).FirstOrDefault(added => ObjectText.Is(added, "", "PersistentVolume") && app.TakenVolumes.GetValueOrDefault(ObjectText.Name(added)) is { Length: > 1 } claim && claim != ClaimOf(added)) is { } volume)
        {
            throw Errors.AppTakesVolume(app.Name, ObjectText.Reference(volume), app.TakenVolumes[ObjectText.Name(volume)]);
        }

        if (change.Altered.FirstOrDefault() is { Node: { } node, Item: { } altered })
        {
            throw Errors.AppAlters(app.Name, ObjectText.Reference(altered.Content), node.Reference);
        }
    }

    // Flux refuses a whole Kustomization where one of its objects has a namespace that is not there.
    private void CheckNamespaces(ForestChange change)
    {
        _namespaces.UnionWith(change.After.SelectMany(node => node.Objects).Where(item => ObjectText.Is(item.Content, "", "Namespace")).Select(item => ObjectText.Name(item.Content)));
        _namespaces.UnionWith(change.Before.SelectMany(node => node.Objects).SelectMany(item => new[] { ObjectText.Namespace(item.Content), ObjectText.At(item.Content, "spec", "targetNamespace") }));
        foreach (var (node, item) in change.Added.Where(added => !added.Node.IsRemote))
        {
            var space = ObjectText.Namespace(item.Content);
            if (space.Length > 0 && !ObjectText.IsUnknown(space) && !Knows(space))
            {
                throw Errors.AppInvalid(app.Name, "Namespace", space, Errors.Text("Detail_NewAppNamespace", node.Reference));
            }

            if (app.Namespace is { } wanted && space.Length > 0 && space != wanted && ManifestApp.IsApp(item.Content))
            {
                throw Errors.AppInvalid(app.Name, "Namespace", wanted, Errors.Text("Detail_NewAppNamespaceSet", app.Category, space));
            }
        }
    }

    private static string ClaimOf(JsonObject volume) => $"{ObjectText.At(volume, "spec", "claimRef", "namespace")}/{ObjectText.At(volume, "spec", "claimRef", "name")}";

    private HomelabException Collision(ResourceReference item, string file, long line) =>
        Errors.AppCollides(app.Name, item, line > 0 ? $"{file.TrimStart('/')}:{line.ToString(CultureInfo.InvariantCulture)}" : file.TrimStart('/'));

    private HomelabException Unapplied(string file) => Errors.LayoutUnknown(files.Display("/"), Errors.Text("Detail_LayoutUnapplied", file[1..]));
}
