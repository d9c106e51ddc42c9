using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Which application an edit is for.</summary>
internal sealed record AppTarget
{
    /// <summary>Its name, perhaps with namespace and kind.</summary>
    public required ResourcePattern App { get; init; }

    /// <summary>The Flux Kustomization that applies it, by name, as namespace/name, or by the file that defines it; null where the name is enough.</summary>
    public string? Kustomization { get; init; }

    /// <summary>Also where other applications, or other places of a file, change with it.</summary>
    public bool Force { get; init; }

    /// <summary>Where charts have their values, besides the usual places.</summary>
    public IReadOnlyList<ValuePattern> Patterns { get; init; } = [];

    /// <summary>All applications that the name may mean.</summary>
    public IReadOnlyList<ManifestApp> Matching(ManifestView view) =>
        [.. view.Apps.Where(app => AppManifests.IsMeant(App, app) && IsIn(app.Node))];

    /// <summary>What a wildcard means in a repository, each named in full, and what could not be looked at.</summary>
    public Task<(IReadOnlyList<ResourcePattern> Found, IReadOnlyList<Notice> Notices)> ListAsync(RepositoryCommitter committer, CancellationToken cancellationToken) => committer.ReadAsync(
        (git, tip, _) =>
        {
            var view = ManifestView.Read(new GitTreeFiles(git, tip.Tree), [], cancellationToken);
            return (Listed(view), (IReadOnlyList<Notice>)[.. view.Unbuilt.Where(IsIn).Select(ManifestView.UnbuiltNotice)]);
        },
        cancellationToken);

    /// <summary>Whether a Kustomization is the one that was named, or none was.</summary>
    public bool IsIn(FluxNode node) => Kustomization is null || Kustomization == node.Name || Kustomization == node.Key || Kustomization == node.File?.TrimStart('/');

    // A release goes by the name of what it makes, but not where many are named by their kind.
    private IReadOnlyList<ResourcePattern> Listed(ManifestView view) =>
        [.. Matching(view).Where(app => App.Kind is null || ResourcePattern.Matches(App.Kind, app.Kind))
            .Select(app => new ResourcePattern(string.Join('/', new[] { app.Kind, app.Namespace, app.Name }.Where(part => part.Length > 0)))).DistinctBy(app => app.Text)];

    /// <summary>The one application that is meant.</summary>
    /// <exception cref="HomelabException">AppNotFound, AppAmbiguous, or why a Kustomization that may have it cannot be built.</exception>
    public ManifestApp Find(ManifestView view, string repository)
    {
        var found = Matching(view);

        // An exact name comes before that of a workload which a release makes.
        var exact = found.Where(app => app.Name == App.Name).ToArray();
        found = exact.Length > 0 ? exact : found;
        if (found is [var only])
        {
            return only;
        }

        if (found.Count > 1)
        {
            throw Errors.AppAmbiguous(App.Text, found.Select(app => $"{app.Kind}/{app.Namespace}/{app.Name} ({app.Node.Reference}, {app.Node.File?.TrimStart('/')})"));
        }

        var unbuilt = view.Unbuilt.Where(IsIn).ToArray();
        if (unbuilt.Length == 0 && Kustomization is not null && view.Apps.Where(app => AppManifests.IsMeant(App, app)).Select(app => app.Node.Key).Distinct().ToArray() is { Length: > 0 } others)
        {
            throw Errors.AppNotInKustomization(App.Text, Kustomization, others);
        }

        var suspect = unbuilt.FirstOrDefault(node => node.Name == App.Name || node.Files.Any(file => file.Split('/').Contains(App.Name))) ?? unbuilt.FirstOrDefault();
        throw suspect?.Failure ?? Errors.AppNotFoundInRepository(App.Text, repository, AppManifests.Near(App.Name, view.Apps));
    }
}
