using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>
/// Silences and revives replications where they are defined, proven by building the repository with it. Nothing but the peers of
/// a Syncthing and <c>paused</c> of other movers changes, and no other object.
/// </summary>
/// <param name="message">The message of the commit.</param>
/// <param name="wishes">What each replication is to be.</param>
internal sealed class ReplicationEdit(string message, params IReadOnlyList<ReplicationWish> wishes) : IRepositoryEdit
{
    /// <inheritdoc/>
    public string Message => message;

    /// <summary>After the edit was worked out: those that no Flux Kustomization of the repository builds. Others make them, such as a chart or a person.</summary>
    public IReadOnlyList<ResourceReference> Missing { get; private set; } = [];

    /// <summary>After the edit was worked out: those that the repository has as they should be already, such as a Syncthing without peers.</summary>
    public IReadOnlyList<ResourceReference> Unchanged { get; private set; } = [];

    /// <inheritdoc/>
    /// <exception cref="HomelabException">
    /// AppAmbiguous: several Kustomizations build one of them. AppValueShared: others would change with it. AppValueUnproven: no edit does it.
    /// ManifestEditRefused, ManifestInvalid and those of a build: a file cannot be edited, or the repository is broken.
    /// </exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var view = ManifestView.Read(files, []);
        var objects = view.Trees.SelectMany(tree => tree.Nodes).SelectMany(ManifestView.Objects).ToLookup(item => (item.Kind, item.Namespace, item.Name));
        var found = wishes.Select(wish => (Wish: wish, Item: Only(wish.Replication, objects[(wish.Replication.Kind, wish.Replication.Namespace, wish.Replication.Name)]))).ToArray();
        var present = found.Where(entry => entry.Item is not null).Select(entry => (entry.Wish, Item: entry.Item!)).ToArray();
        var trial = new ManifestTrial(view, force: false, [.. present.Select(entry => entry.Item)]);
        var changes = present.Select(entry => new ReplicationTrial(trial, entry.Item, entry.Wish)).ToArray();
        Missing = [.. found.Where(entry => entry.Item is null).Select(entry => entry.Wish.Replication)];
        RefuseUnbuilt(view, Missing);
        Unchanged = [.. changes.Where(change => change.IsDone).Select(change => change.Wish.Replication)];
        foreach (var change in changes)
        {
            change.Run();
        }

        return trial.Finish(string.Join(", ", present.Select(entry => entry.Wish.Replication)));
    }

    // What is written and cannot be built is not missing: it may be at work in the cluster as it was applied last.
    private static void RefuseUnbuilt(ManifestView view, IReadOnlyList<ResourceReference> missing)
    {
        var written = view.Index.Objects.Where(item => missing.Any(one => one.Kind == item.Kind && one.Name == item.Name && (item.Namespace.Length == 0 || item.Namespace == one.Namespace))).Select(item => item.File).ToHashSet(StringComparer.Ordinal);
        if (view.Trees.SelectMany(tree => tree.Nodes).FirstOrDefault(node => node.Failure is not null && node.Files.Any(written.Contains)) is { Failure: { } failure })
        {
            throw failure;
        }
    }

    private static ManifestObject? Only(ResourceReference replication, IEnumerable<ManifestObject> found) => found.ToArray() switch
    {
        [] => null,
        [var only] => only,
        var several => throw Errors.AppAmbiguous($"{replication.Kind}/{replication.Namespace}/{replication.Name}", several.Select(item => $"{item.Node.Reference} ({item.Node.File?.TrimStart('/')})")),
    };
}
