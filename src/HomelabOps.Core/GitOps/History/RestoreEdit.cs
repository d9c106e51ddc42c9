using System.Text;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Kustomize;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Brings files back as they were before they were deleted, and entries of kustomization files that led to them. What is there by now stays as it is.</summary>
/// <param name="what">What is restored, in words.</param>
/// <param name="files">The files as they were.</param>
/// <param name="entries">The entries.</param>
internal sealed class RestoreEdit(string what, IReadOnlyDictionary<string, GitFile> files, IReadOnlyList<RestoredEntry> entries) : IRepositoryEdit
{
    /// <summary>Brings nothing back: all of it is there.</summary>
    public static RestoreEdit OfNothing(ManifestScope scope) => new(scope.ToString(), new Dictionary<string, GitFile>(StringComparer.Ordinal), []);

    /// <inheritdoc/>
    public string Message => $"Restore {what}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<ResourceReference> Runs { get; private set; } = [];

    /// <summary>The files as they were.</summary>
    public IReadOnlyDictionary<string, GitFile> Files => files;

    /// <summary>The entries.</summary>
    public IReadOnlyList<RestoredEntry> Entries => entries;

    /// <summary>The newest commit that took some of it away; only while its repository is open. Null where nothing is missing.</summary>
    public Commit? Deletion { get; init; }

    /// <inheritdoc/>
    /// <exception cref="HomelabException">RestoreUnbuildable. ManifestEditRefused, ManifestInvalid: an entry cannot be put back.</exception>
    public IReadOnlyList<FileChange> Apply(IBuildFiles files)
    {
        var changes = new List<FileChange>();
        foreach (var (path, file) in Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (files.Resolve("/" + path) is null)
            {
                changes.Add(new(path, null, file.Bytes) { Mode = file.Mode, IsStored = true });
            }
        }

        foreach (var group in entries.GroupBy(entry => entry.File))
        {
            if (files.Resolve("/" + group.Key) is { } found && files.Read(found) is var before && Add(group.Key, before, group) is { } after)
            {
                changes.Add(new(group.Key, before, after));
            }
        }

        (Warnings, Runs) = changes.Count == 0 ? ([], []) : Prove(files, changes);
        return changes;
    }

    // What was right when it was deleted need not be so with the files of today, and what cannot be built keeps Flux from applying all
    // else of its Kustomization. One that is broken already is not made worse: its parts may have to come back one after the other.
    private (IReadOnlyList<string> Warnings, IReadOnlyList<ResourceReference> Runs) Prove(IBuildFiles files, List<FileChange> changes)
    {
        var (before, after) = (FluxForest.Nodes(files), FluxForest.Nodes(new ChangedFiles(files, changes)));
        var known = Broken(before).Select(node => (node.File, node.Key)).ToHashSet();
        var broken = Broken(after).DistinctBy(node => (node.File, node.Key)).ToList();
        if (broken.Find(node => !known.Contains((node.File, node.Key))) is { } worse)
        {
            throw Errors.RestoreUnbuildable(what, worse.Reference, worse.Failure!);
        }

        return (
            [.. broken.Where(still => changes.Any(change => still.Files.Contains("/" + change.Path))).Select(still => Errors.Text("RestoreStillBroken", what, still.Reference, still.Failure!.Message))],
            [.. ManifestApp.Changed(before, after)]);
    }

    private static IEnumerable<FluxNode> Broken(IEnumerable<FluxNode> nodes) => nodes.Where(node => node.Failure is not null);

    private static byte[]? Add(string file, byte[] before, IEnumerable<RestoredEntry> entries)
    {
        var known = KustomizationEntries.Of(file, Encoding.UTF8.GetString(before)).Select(entry => entry.Target).ToHashSet(StringComparer.Ordinal);
        var edited = YamlFile.Read(file, before);
        var isChanged = false;
        foreach (var entry in entries.Where(entry => known.Add(KustomizationEntries.Resolve(file, entry.Text))))
        {
            isChanged = true;
            edited = edited.Find(0, YamlPath.Of(entry.Field))?.Items is null
                ? edited.Add(0, YamlPath.Of(entry.Field), YamlValue.Sequence(YamlValue.Text(entry.Text)))
                : edited.Add(0, YamlPath.Of(entry.Field, -1), YamlValue.Text(entry.Text));
        }

        return isChanged ? edited.ToBytes() : null;
    }
}
