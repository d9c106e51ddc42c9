using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Objects;
using LibGit2Sharp;

namespace HomelabOps.Core.Flux.Tracing;

/// <summary>The end of a trace: commit, author, file and line, from a clone of the repository that a cluster follows.</summary>
/// <param name="folder">The clone; null when none is known.</param>
internal sealed class TracedRepository(string? folder) : IDisposable
{
    private readonly Dictionary<string, ManifestFinder> _finders = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Commit, string File), (GitCommit? Change, bool IsCurrent)> _changes = [];
    private GitClone? _clone;

    /// <summary>Adds what the clone knows.</summary>
    /// <param name="trace">The trace so far.</param>
    /// <param name="kustomization">The Kustomization that applies the object.</param>
    /// <param name="written">The object that Git has: the one that was applied, or its HelmRelease.</param>
    /// <param name="origin">The applied commit.</param>
    /// <param name="notes">Takes what keeps it from being known.</param>
    public FluxTrace Complete(FluxTrace trace, JsonObject kustomization, ObjectKey written, GitOrigin origin, List<string> notes)
    {
        if (folder is null)
        {
            notes.Add(Errors.Text("Detail_TraceNoRepository"));
            return trace;
        }

        try
        {
            if ((_clone ??= GitClone.Open(folder)) is not { } clone)
            {
                notes.Add(Errors.Text("Detail_TraceNoClone", folder));
                return trace;
            }

            trace = trace with { Repository = clone.Folder };
            return origin.Commit is { } hash && clone.Find(hash) is { } commit
                ? AtCommit(clone, trace with { Author = commit.Author, CommitTime = commit.Time, Subject = commit.Subject }, kustomization, written, hash, notes)
                : InWorkingCopy(clone, trace, kustomization, written, origin, notes);
        }
        catch (LibGit2SharpException error)
        {
            notes.Add(Errors.Text("Detail_TraceGit", folder, error.Message));
            return trace;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _clone?.Dispose();

    private FluxTrace AtCommit(GitClone clone, FluxTrace trace, JsonObject kustomization, ObjectKey written, string commit, List<string> notes)
    {
        var place = Finder(commit, () => clone.Files(commit)).Find(kustomization, written, notes);
        if (place is null)
        {
            return trace;
        }

        if (!_changes.TryGetValue((commit, place.File), out var known))
        {
            _changes[(commit, place.File)] = known = (clone.LastChange(commit, place.File), clone.IsBare || clone.IsCurrent(commit, place.File));
        }

        if (!known.IsCurrent)
        {
            notes.Add(Errors.Text("Detail_TraceOtherVersion", place.File, commit[..8]));
        }

        return trace with { File = place.File, Line = place.Line, LastChange = known.Change };
    }

    // Better an approximate place that says so than none, but never one of another repository.
    private FluxTrace InWorkingCopy(GitClone clone, FluxTrace trace, JsonObject kustomization, ObjectKey written, GitOrigin origin, List<string> notes)
    {
        if (!clone.Remotes.Append(clone.Folder).Any(origin.IsAt))
        {
            notes.Add(origin.Commit is null && origin.Addresses.Count == 0
                ? Errors.Text("Detail_TraceNoCommit", trace.Revision)
                : Errors.Text("Detail_TraceOtherRepository", clone.Folder, trace.SourceUrl ?? trace.Source?.ToString()));
            return trace;
        }

        notes.Add(Errors.Text(clone.IsBare ? "Detail_TraceNoFetchBare" : "Detail_TraceNoFetch", clone.Folder, origin.Commit?[..8] ?? trace.Revision));
        return !clone.IsBare && Finder("", () => new DiskFiles(clone.Folder)).Find(kustomization, written, notes) is { } place
            ? trace with { File = place.File, Line = place.Line }
            : trace;
    }

    private ManifestFinder Finder(string version, Func<IBuildFiles> files)
    {
        if (!_finders.TryGetValue(version, out var finder))
        {
            _finders[version] = finder = new(files());
        }

        return finder;
    }
}
